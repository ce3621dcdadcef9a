"""For other systems, which sign each request (accounts/partners.py)."""

import json
import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.accounts.partners import PartnerAuth
from wangge.cases.actions.partners import FileGiven, case_of_partner, is_known, report_from_partner
from wangge.cases.models import Case
from wangge.cases.rules.states import State
from wangge.cases.schemas.partners import PartnerCaseIn, PartnerCaseOut, PartnerStateOut, SourceNo
from wangge.core import clock
from wangge.core.once import once
from wangge.core.requests import check_text
from wangge.core.schemas import reads, refusals

router = Router(auth=PartnerAuth())
# Of what each partner said under each of its numbers: said again it is the same request, and the same case, for ever.
NAMESPACE = uuid.UUID("6f0d7a9e-6c3b-5a53-9d0c-52d7f2a1c0de")


@router.post(
    "/partner/cases",
    response={200: PartnerCaseOut, 201: PartnerCaseOut, **refusals(409)},
    operation_id="partner_report",
    summary="外部系统上报 report from another system",
)
def report(request: HttpRequest, body: PartnerCaseIn) -> Any:
    """201 the first time; 200 and the same answer when the same content is sent again under its number.

    409 for other content under a number that was used.
    """
    actor, at = actor_of(request), clock.now()
    before = is_known(source_no=body.source_no, by=actor)
    pieces = [FileGiven(name=one.name, content=one.as_bytes(), photo_type=one.photo_type or "") for one in body.files]
    content = body.model_dump(mode="json", exclude_defaults=True)
    said = uuid.uuid5(NAMESPACE, f"{actor.name}|{body.source_no}|{json.dumps(content, sort_keys=True)}")

    def do() -> dict[str, Any]:
        given = body.given_by(actor.name)
        return _at_first(report_from_partner(given=given, pieces=pieces, case_id=said, by=actor, at=at))

    return Status(200 if before else 201, once(said, owner=actor, content=content, at=at, do=do))


@router.get(
    "/partner/cases",
    response=reads(PartnerStateOut),
    operation_id="partner_case",
    summary="外部系统查询办理状态 state of a partner's case",
)
def state(request: HttpRequest, source_no: SourceNo) -> Any:
    check_text(source_no)
    case, reply = case_of_partner(source_no=source_no, by=actor_of(request))
    return _shown(case) | {
        "outcome": case.outcome,
        "reply": reply,
        "reported_at": case.reported_at,
        "closed_at": case.closed_at,
        "due_at": case.due_at,
        "is_overdue": case.is_overdue,
    }


def _at_first(case: Case) -> dict[str, Any]:
    """As it was when it was reported, however far it has come since."""
    return _shown(case) | {"state": str(State.REPORTED), "grid": case.reported_grid, "version": 1}


def _shown(case: Case) -> dict[str, Any]:
    return {
        "number": case.number,
        "source_no": case.source_no,
        "state": case.state,
        "grid": case.current_grid,
        "version": case.version,
    }
