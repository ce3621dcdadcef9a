"""How a case comes in over HTTP: from a seat or a grid worker. Residents and partners: public.py, partners.py."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.cases import actions
from wangge.cases.actions.intake import Reported
from wangge.cases.actions.report_again import case_of, report_once
from wangge.cases.api.moves import moved
from wangge.cases.schemas import write
from wangge.core import clock
from wangge.core.once import once
from wangge.core.requests import idempotency_key
from wangge.core.schemas import writes

router = Router()


def reported(result: Reported) -> dict[str, Any]:
    return {**moved(result.case), "grid": result.case.current_grid, "follow_code": result.follow_code}


@router.post(
    "/cases", response=writes(write.ReportedOut, status=201), operation_id="report_case", summary="上报 report a case"
)
def report(request: HttpRequest, body: write.ReportIn) -> Any:
    actor, at, key = actor_of(request), clock.now(), idempotency_key(request)
    given = body.as_given()

    def do() -> dict[str, Any]:
        if key is None:
            return reported(actions.report_case(given=given, by=actor, at=at))
        case_id = case_of(key, f"{actor.kind}:{actor.user_id}")
        done, _ = report_once(given=given, case_id=case_id, by=actor, at=at)
        return reported(done)

    return Status(201, once(key, owner=actor, content=body.model_dump(mode="json"), at=at, do=do))
