"""Units and roles."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from wangge.accounts import queries, rules
from wangge.accounts.actions import roles, units
from wangge.accounts.api import asking
from wangge.accounts.models import Role
from wangge.accounts.permissions import Power
from wangge.accounts.queries import UnitFilter
from wangge.accounts.schemas.posts import RoleOut, RolePatch
from wangge.accounts.schemas.units import UnitIn, UnitOut, UnitPatch, UnitQuery
from wangge.core import clock
from wangge.core.paging import Page, table_page
from wangge.core.schemas import Id, answers, reads, writes

router = Router()


@router.get(
    "/units", operation_id="list_units", summary="Centres, departments, branches", response=answers(Page[UnitOut])
)
def get_units(request: HttpRequest, query: Query[UnitQuery]) -> dict[str, Any]:
    chosen = UnitFilter(
        q=query.q,
        kind=query.kind or "",
        division=query.division or "",
        parent_id=query.parent_id,
        ended=query.ended,
    )
    page = table_page(queries.units(chosen, at=clock.now()), offset=query.offset, limit=query.limit)
    return {"items": [UnitOut.of(unit) for unit in page["items"]], "count": page["count"]}


@router.post("/units", operation_id="create_unit", summary="Set up a unit", response=writes(UnitOut, status=201))
def post_units(request: HttpRequest, body: UnitIn) -> Status[UnitOut]:
    unit = units.create_unit(**body.dict(), by=asking.actor(request), at=clock.now())
    return Status(201, UnitOut.of(unit))


@router.get("/units/{unit_id}", operation_id="get_unit", summary="One unit", response=reads(UnitOut))
def get_unit(request: HttpRequest, unit_id: Id) -> UnitOut:
    return UnitOut.of(queries.unit(unit_id))


@router.patch(
    "/units/{unit_id}",
    operation_id="change_unit",
    summary="Rename or end a unit (administrator); make a second factor compulsory (security officer)",
    response=writes(UnitOut),
)
def patch_unit(request: HttpRequest, unit_id: Id, body: UnitPatch) -> UnitOut:
    given = body.dict(exclude_unset=True, exclude={"seen"})
    changes = {name: value for name, value in given.items() if value is not None}
    by = asking.actor(request)
    return UnitOut.of(units.change_unit(unit_id=unit_id, changes=changes, seen=body.seen, by=by, at=clock.now()))


@router.get("/roles", operation_id="list_roles", summary="Roles and what they may do", response=answers(list[RoleOut]))
def get_roles(request: HttpRequest) -> list[RoleOut]:
    language = asking.actor(request).language
    return [_role(role, language) for role in queries.roles()]


@router.patch(
    "/roles/{code}",
    operation_id="change_role",
    summary="Change what a role may do (security officer)",
    response=writes(RoleOut),
)
def patch_role(request: HttpRequest, code: str, body: RolePatch) -> RoleOut:
    by = asking.actor(request)
    role = roles.change_role(code=code, permissions=body.permissions, seen=body.seen, by=by, at=clock.now())
    return _role(role, by.language)


def _role(role: Role, language: str) -> RoleOut:
    return RoleOut.of(role, sorted(rules.MAY_HOLD[Power(role.power)]), language)
