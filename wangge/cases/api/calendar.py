"""Working days, shifts and the supervision ladder over HTTP: shown to every post, changed by few."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from wangge.accounts.auth import actor_of
from wangge.cases.actions import calendar as actions
from wangge.cases.queries import calendar as queries
from wangge.cases.rules.states import Stage
from wangge.cases.schemas.calendar import AppliedOut, CalendarIn, CalendarOut, LadderIn, LadderRuleOut, PreviewOut
from wangge.core import clock
from wangge.core.schemas import answers

router = Router()
Year = Annotated[int, Query(ge=2004, le=2199)]


@router.get(
    "/calendar", response=answers(CalendarOut), operation_id="read_calendar", summary="工作日历 working calendar"
)
def read(request: HttpRequest, year: Year | None = None) -> Any:
    at = clock.now()
    return queries.calendar_year(year or clock.day_of(at).year, at=at)


@router.post(
    "/calendar/preview",
    response=answers(PreviewOut),
    operation_id="preview_calendar",
    summary="预览日历改动的影响 what a change would do to open cases",
)
def preview(request: HttpRequest, body: CalendarIn) -> Any:
    return preview_shown(actions.preview_calendar(body.as_change(), by=actor_of(request), at=clock.now()))


@router.post(
    "/calendar",
    response=answers(AppliedOut),
    operation_id="change_calendar",
    summary="修改工作日历 change it, and count open cases again",
)
def change(request: HttpRequest, body: CalendarIn) -> Any:
    return {"left": actions.change_calendar(body.as_change(), by=actor_of(request), at=clock.now())}


@router.get(
    "/supervision-rules",
    response=answers(list[LadderRuleOut]),
    operation_id="list_supervision_rules",
    summary="督办规则 supervision rules",
)
def rules(request: HttpRequest) -> Any:
    return queries.supervision_rules()


@router.put(
    "/supervision-rules/{stage}",
    response=answers(AppliedOut),
    operation_id="set_supervision_rules",
    summary="设定一个环节的督办规则 set the rules of one stage; none switches them off",
)
def set_rules(request: HttpRequest, stage: Stage, body: LadderIn) -> Any:
    given = [rule.as_rule(stage) for rule in body.rules]
    seen = None if body.seen is None else [rule.as_rule(stage) for rule in body.seen]
    return {"left": actions.set_ladder(stage, given, seen=seen, by=actor_of(request), at=clock.now())}


def preview_shown(found: actions.Preview) -> dict[str, Any]:
    sample = [
        {
            "case_id": moved.case.pk,
            "case_number": moved.case.number,
            "stage": moved.stage,
            "before": moved.before,
            "after": moved.after,
        }
        for moved in found.sample
    ]
    names = (name for name in PreviewOut.model_fields if name != "sample")
    return {name: getattr(found, name) for name in names} | {"sample": sample}
