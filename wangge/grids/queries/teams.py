"""Who serves where, and where somebody is missing: each general grid needs a chief and a full-time worker."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.masking import mask_phone
from wangge.core.paging import table_page
from wangge.core.ranges import within
from wangge.grids.access import may_read
from wangge.grids.models import Grid, TeamMember, open_on

NEEDED = (TeamMember.Kind.CHIEF, TeamMember.Kind.FULL_TIME)


def team_members(
    *,
    by: Actor,
    grid: str = "",
    under: str = "",
    kind: str = "",
    q: str = "",
    ended: bool = False,
    offset: int = 0,
    limit: int = 50,
) -> dict[str, Any]:
    """Those who serve today (or, with `ended`, everybody who ever did) where the reader's post looks after.

    `q`: part of a name or user name.
    """
    may_read(by)
    rows = TeamMember.objects.visible_to(by).select_related("user").order_by("grid", "kind", "id")
    if not ended:
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=clock.today()))
    if grid:
        rows = rows.filter(grid=grid)
    if under:
        rows = rows.filter(within("grid", (under,)))
    if kind:
        rows = rows.filter(kind=kind)
    if q.strip():
        rows = rows.filter(Q(name__icontains=q.strip()) | Q(user__username__icontains=q.strip()))
    page = table_page(rows, offset=offset, limit=limit)
    names = dict(Grid.objects.filter(code__in={one.grid for one in page["items"]}).values_list("code", "name"))
    items = [{**shown(member, by), "grid_name": names.get(member.grid, "")} for member in page["items"]]
    return {"items": items, "count": page["count"]}


def vacancies(*, by: Actor, under: str = "", offset: int = 0, limit: int = 50) -> dict[str, Any]:
    """General grids without a chief or without a full-time worker today."""
    may_read(by)
    today = clock.today()
    rows = Grid.objects.filter(open_on(today)).filter(missing_service(today)).order_by("code")
    if under:
        rows = rows.filter(within("code", (under,)))
    page = table_page(rows, offset=offset, limit=limit)
    there = set(
        TeamMember.objects.filter(open_on(today), grid__in=[grid.code for grid in page["items"]]).values_list(
            "grid", "kind"
        )
    )
    items = [
        {
            "code": grid.code,
            "name": grid.name,
            "community": grid.community,
            "missing": [str(kind) for kind in NEEDED if (grid.code, kind) not in there],
        }
        for grid in page["items"]
    ]
    return {"items": items, "count": page["count"]}


def serving_on(grids: Sequence[str], *, by: Actor) -> dict[str, list[dict[str, Any]]]:
    """Who serves each of these grids today, chiefs first, as it is posted there. One query."""
    may_read(by)
    order = list(TeamMember.Kind.values)
    rows = TeamMember.objects.filter(open_on(clock.today()), grid__in=grids).select_related("user").order_by("id")
    found: dict[str, list[dict[str, Any]]] = {code: [] for code in grids}
    for member in sorted(rows, key=lambda one: order.index(one.kind)):
        found[member.grid].append(shown(member, by))
    return found


def full_time_workers(under: str, *, by: Actor) -> list[dict[str, Any]]:
    """Full-time workers of today where the reader's post looks after, each once with all grids they serve on there, in
    the order of their first grid: an account is one person; without one, name and duty number tell. One query."""
    may_read(by)
    rows = TeamMember.objects.visible_to(by).filter(open_on(clock.today()), kind=TeamMember.Kind.FULL_TIME)
    if under:
        rows = rows.filter(within("grid", (under,)))
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    for member_id, user, name, phone, grid in rows.order_by("grid", "id").values_list(
        "pk", "user", "name", "phone", "grid"
    ):
        key: tuple[object, ...] = (user,) if user else (name, phone or member_id)
        found.setdefault(key, {"id": member_id, "name": name, "grids": []})["grids"].append(grid)
    return list(found.values())


def missing_service(day: date) -> Q:
    def serves(kind: str) -> Exists:
        return Exists(TeamMember.objects.filter(open_on(day), grid=OuterRef("code"), kind=kind))

    return Q(type=Grid.Type.GENERAL) & (~Q(serves(NEEDED[0])) | ~Q(serves(NEEDED[1])))


def shown(member: TeamMember, by: Actor) -> dict[str, Any]:
    """Names and kinds are posted at the grid; the duty number is told to posts that cover it, to others masked."""
    return {
        "id": member.pk,
        "grid": member.grid,
        "kind": member.kind,
        "profession": member.profession,
        "name": member.name,
        "username": member.user.username if member.user else "",
        "phone": member.phone if by.is_system or by.covers(member.grid) else mask_phone(member.phone),
        "valid_from": member.valid_from,
        "valid_to": member.valid_to,
    }
