"""Partner systems, administered. How they sign their requests: docs/partners.md."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from wangge.accounts import queries
from wangge.accounts.actions import partners
from wangge.accounts.api import asking
from wangge.accounts.schemas.partners import (
    DepartmentOut,
    PartnerIn,
    PartnerKeyOut,
    PartnerOut,
    PartnerPatch,
    RotateIn,
)
from wangge.core import clock
from wangge.core.schemas import Id, answers, writes

router = Router()


@router.get(
    "/partners",
    operation_id="list_partners",
    summary="Systems that may send us cases",
    response=answers(list[PartnerOut]),
)
def get_partners(request: HttpRequest) -> list[PartnerOut]:
    return [PartnerOut.of(partner) for partner in queries.partners(by=asking.actor(request))]


@router.post(
    "/partners",
    operation_id="create_partner",
    summary="Let another system in; its key is shown once",
    response=writes(PartnerKeyOut, status=201),
)
def post_partners(request: HttpRequest, response: HttpResponse, body: PartnerIn) -> Status[PartnerKeyOut]:
    asking.keep_out_of_caches(response)
    new = partners.create_partner(**body.dict(), by=asking.actor(request), at=clock.now())
    return Status(201, PartnerKeyOut.of(new))


@router.get(
    "/partners/departments",
    operation_id="list_sending_departments",
    summary="Departments and the records their systems may send",
    response=answers(list[DepartmentOut]),
)
def get_departments(request: HttpRequest) -> list[dict[str, Any]]:
    return queries.sending_departments(by=asking.actor(request))


@router.patch(
    "/partners/{partner_id}",
    operation_id="change_partner",
    summary="Change or disable a system",
    response=writes(PartnerOut),
)
def patch_partner(request: HttpRequest, partner_id: Id, body: PartnerPatch) -> PartnerOut:
    given = body.dict(exclude_unset=True, exclude={"seen"})
    changes = {name: value for name, value in given.items() if value is not None}
    partner = partners.change_partner(
        partner_id=partner_id, changes=changes, seen=body.seen, by=asking.actor(request), at=clock.now()
    )
    return PartnerOut.of(partner)


@router.post(
    "/partners/{partner_id}/rotate-key",
    operation_id="rotate_partner_key",
    summary="Give a new key, shown once; the old one is refused from now on, or after the overlap",
    response=writes(PartnerKeyOut),
)
def post_rotate_key(request: HttpRequest, response: HttpResponse, partner_id: Id, body: RotateIn) -> PartnerKeyOut:
    asking.keep_out_of_caches(response)
    overlap = timedelta(hours=body.overlap_hours)
    new = partners.rotate_key(partner_id=partner_id, overlap=overlap, by=asking.actor(request), at=clock.now())
    return PartnerKeyOut.of(new)


@router.post(
    "/partners/{partner_id}/end-old-key",
    operation_id="end_old_partner_key",
    summary="End the overlap: only the newest key is good from now on",
    response=writes(PartnerOut),
)
def post_end_old_key(request: HttpRequest, partner_id: Id) -> PartnerOut:
    return PartnerOut.of(partners.end_old_key(partner_id=partner_id, by=asking.actor(request), at=clock.now()))
