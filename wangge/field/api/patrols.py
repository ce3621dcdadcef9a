"""巡查 over HTTP: plans, the rounds of a day, check-ins, and how plans were kept."""

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.once import once
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.requests import idempotency_key
from wangge.core.schemas import Code, Day, Line, answers, reads, writes
from wangge.field.actions.patrol_plans import add_plan, change_plan
from wangge.field.actions.rounds import RoundNotNow, check_point, end_round
from wangge.field.models import PatrolPlan
from wangge.field.queries import patrols as queries
from wangge.field.schemas import patrols as schemas

router = Router()


@router.get(
    "/field/patrol-plans",
    response=answers(Page[schemas.PatrolPlanOut]),
    operation_id="list_patrol_plans",
    summary="巡查计划 patrol plans",
)
def listed(
    request: HttpRequest,
    grid: Line = "",
    q: Line = "",
    active: bool = True,
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    return queries.plans(by=actor_of(request), grid=grid, q=q, active=active, offset=offset, limit=limit)


@router.get(
    "/field/patrol-plans/keeping",
    response=answers(list[schemas.PatrolDayOut]),
    operation_id="patrols_kept",
    summary="巡查落实情况 how plans were kept, by day",
)
def keeping(request: HttpRequest, since: Day, until: Day, grid: Line = "", plan_id: uuid.UUID | None = None) -> Any:
    return queries.keeping(by=actor_of(request), since=since, until=until, grid=grid, plan_id=plan_id)


@router.get(
    "/field/patrol-plans/days",
    response=answers(list[schemas.DueOut]),
    operation_id="preview_patrol_days",
    summary="巡查计划预览 on which days such a plan has rounds, six weeks ahead",
)
def days(
    request: HttpRequest,
    weekdays: Annotated[list[schemas.Weekday], Query([], max_length=7)],
    per: PatrolPlan.Per = PatrolPlan.Per.DAY,
    valid_from: Day | None = None,
    valid_to: Day | None = None,
) -> Any:
    today = clock.today()
    return queries.dues(
        by=actor_of(request),
        since=today,
        per=per,
        weekdays=weekdays,
        valid_from=valid_from or today,
        valid_to=valid_to,
    )


@router.get(
    "/field/workers",
    response=reads(list[schemas.GridWorkerOut]),
    operation_id="list_grid_workers",
    summary="服务于网格的人 who looks after a grid on foot",
)
def workers(request: HttpRequest, grid: Code) -> Any:
    return queries.workers(grid, by=actor_of(request), day=clock.today())


@router.post(
    "/field/patrol-plans",
    response=writes(schemas.PatrolPlanOut, status=201),
    operation_id="add_patrol_plan",
    summary="新建巡查计划 a new patrol plan",
)
def add(request: HttpRequest, body: schemas.PatrolPlanIn) -> Any:
    by, at = actor_of(request), clock.now()

    def do() -> dict[str, Any]:
        return queries.plan(add_plan(given=body.as_given(), by=by, at=at).pk, by=by)

    return Status(201, once(idempotency_key(request), owner=by, content=body.model_dump(mode="json"), at=at, do=do))


@router.get(
    "/field/patrol-plans/{uuid:plan_id}",
    response=reads(schemas.PatrolPlanOut),
    operation_id="read_patrol_plan",
    summary="一个巡查计划 one patrol plan",
)
def one(request: HttpRequest, plan_id: uuid.UUID) -> Any:
    return queries.plan(plan_id, by=actor_of(request))


@router.put(
    "/field/patrol-plans/{uuid:plan_id}",
    response=writes(schemas.PatrolPlanOut),
    operation_id="change_patrol_plan",
    summary="更改巡查计划 change a patrol plan",
)
def change(request: HttpRequest, plan_id: uuid.UUID, body: schemas.PatrolPlanPut) -> Any:
    by = actor_of(request)
    change_plan(plan_id=plan_id, given=body.as_given(), version=body.version, by=by, at=clock.now())
    return queries.plan(plan_id, by=by)


@router.get(
    "/field/patrol-plans/{uuid:plan_id}/rounds",
    response=reads(list[schemas.WalkedOut]),
    operation_id="read_plan_rounds",
    summary="某日巡查明细 the rounds of a plan on a day, point by point",
)
def walked(request: HttpRequest, plan_id: uuid.UUID, day: Day) -> Any:
    return queries.walked(plan_id, by=actor_of(request), day=day)


@router.get(
    "/field/patrol-plans/{uuid:plan_id}/codes",
    response=reads(list[schemas.PointCodeOut]),
    operation_id="print_patrol_codes",
    summary="巡查点二维码 signs to be hung up at the points",
)
def codes(request: HttpRequest, plan_id: uuid.UUID) -> Any:
    return queries.codes(plan_id, by=actor_of(request))


@router.get(
    "/field/patrols",
    response=answers(list[schemas.RoundOut]),
    operation_id="list_rounds",
    summary="我的巡查 one's own rounds of a day",
)
def rounds(request: HttpRequest, day: Day | None = None) -> Any:
    return queries.rounds_of(by=actor_of(request), day=day or clock.today())


@router.get(
    "/field/patrols/{uuid:round_id}",
    response=reads(schemas.RoundOut),
    operation_id="read_round",
    summary="一轮巡查 one round",
)
def round_(request: HttpRequest, round_id: uuid.UUID) -> Any:
    return queries.round_(round_id, by=actor_of(request))


@router.post(
    "/field/patrols/{uuid:round_id}/checks",
    response=writes(schemas.RoundOut, status=201),
    operation_id="check_point",
    summary="巡查打卡 a point was seen, or left out with a reason",
)
def check(request: HttpRequest, round_id: uuid.UUID, body: schemas.CheckIn) -> Any:
    """The id is the phone's own: sent again it answers as before. 409 says in `data.now` how it stands."""
    by = actor_of(request)
    try:
        check_point(round_id=round_id, given=body.as_given(), by=by, at=clock.now())
    except RoundNotNow as late:
        late.data["now"]["round"] = queries.round_(round_id, by=by)
        raise
    return Status(201, queries.round_(round_id, by=by))


@router.post(
    "/field/patrols/{uuid:round_id}/end",
    response=writes(schemas.RoundOut),
    operation_id="end_round",
    summary="提前结束巡查 end a round before every point was seen",
)
def end(request: HttpRequest, round_id: uuid.UUID, body: schemas.RoundEndIn) -> Any:
    by = actor_of(request)
    end_round(round_id=round_id, happened_at=body.happened_at, reason=body.reason, by=by, at=clock.now())
    return queries.round_(round_id, by=by)
