"""Who is on which case: taken up, taken over, left, and the heartbeat of an open page."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.cases.actions import claims as actions
from wangge.cases.schemas.claims import AtWorkOut, ClaimIn, LookIn, TakeOverIn
from wangge.core import clock
from wangge.core.schemas import answers, reads, writes

router = Router()


@router.post(
    "/cases/{uuid:case_id}/claim", response=writes(AtWorkOut), operation_id="claim_case", summary="占用 take up a case"
)
def claim(request: HttpRequest, case_id: uuid.UUID, body: ClaimIn) -> Any:
    return actions.claim_case(case_id=case_id, by=actor_of(request), at=clock.now(), move=body.move)


@router.post(
    "/cases/{uuid:case_id}/claim/take-over",
    response=writes(AtWorkOut),
    operation_id="take_over_case",
    summary="接手 take over from another seat",
)
def take_over(request: HttpRequest, case_id: uuid.UUID, body: TakeOverIn) -> Any:
    return actions.take_over_case(
        case_id=case_id, by=actor_of(request), at=clock.now(), move=body.move, reason=body.reason
    )


@router.delete(
    "/cases/{uuid:case_id}/claim",
    response=answers(None, 404, status=204),
    operation_id="release_case",
    summary="放开 leave a case",
)
def release(request: HttpRequest, case_id: uuid.UUID) -> Any:
    actions.release_case(case_id=case_id, by=actor_of(request), at=clock.now())
    return Status(204, None)


@router.post(
    "/cases/{uuid:case_id}/looking",
    response=reads(AtWorkOut),
    operation_id="look_at_case",
    summary="在看 still here: who else is",
)
def look(request: HttpRequest, case_id: uuid.UUID, body: LookIn) -> Any:
    return actions.look_at_case(case_id=case_id, by=actor_of(request), at=clock.now(), working=body.working)
