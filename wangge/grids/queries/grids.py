"""Grids as lists and cards, what others call them, and how they were redrawn."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from wangge.core import clock, codes
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.marks import mark_of
from wangge.core.paging import table_page
from wangge.core.ranges import within
from wangge.grids.access import may_edit, may_read
from wangge.grids.models import Alias, Boundary, Grid, Succession, TeamMember, open_on
from wangge.grids.numbering import next_code
from wangge.grids.queries.divisions import bounds_of, lineage
from wangge.grids.queries.location import exists
from wangge.grids.queries.redraws import planned_for
from wangge.grids.queries.teams import missing_service, shown


def find_grids(
    *,
    by: Actor,
    under: str = "",
    q: str = "",
    type: str = "",
    vacant: bool | None = None,
    drawn: bool | None = None,
    day: date | None = None,
    offset: int = 0,
    limit: int = 50,
) -> dict[str, Any]:
    """`q`: the beginning of a code, or part of a name or address."""
    may_read(by)
    today = day or clock.today()
    rows = Grid.objects.filter(open_on(today)).order_by("code")
    if under:
        rows = rows.filter(within("code", (under,)))
    if type:
        rows = rows.filter(type=type)
    if q.strip():
        word = q.strip()
        rows = rows.filter(Q(code__startswith=word) | Q(name__icontains=word) | Q(address__icontains=word))
    if vacant is not None:
        rows = rows.filter(missing_service(today) if vacant else ~missing_service(today))
    boundary = Boundary.objects.filter(open_on(today), code=OuterRef("code"))
    if drawn is not None:
        rows = rows.filter(Exists(boundary) if drawn else ~Exists(boundary))
    page = table_page(rows, offset=offset, limit=limit)
    return {"items": _items(page["items"], today), "count": page["count"]}


def grid_card(code: str, *, by: Actor) -> dict[str, Any]:
    """What it is, who is responsible, where it lies, how it came about. Raises NotFound."""
    may_read(by)
    today = clock.today()
    grid = Grid.objects.filter(code=code).first()
    if grid is None:
        raise NotFound()
    boundaries = list(Boundary.objects.filter(code=code).order_by("valid_from"))
    now = next((row for row in boundaries if row.valid_from <= today and (row.valid_to or date.max) > today), None)
    members = TeamMember.objects.filter(open_on(today), grid=code).select_related("user").order_by("id")
    return {
        **_items([grid], today)[0],
        "residents": grid.residents,
        "households": grid.households,
        "supervision_phone": grid.supervision_phone,
        "mark": mark_of(grid.edited),
        "lineage": lineage(code),
        "team": [shown(member, by) for member in members],
        "aliases": list(Alias.objects.filter(open_on(today), code=code).values("id", "scheme", "alias", "code")),
        "bounds": bounds_of(now),
        "area_m2": now.area_m2 if now else None,
        "periods": [
            {"valid_from": row.valid_from, "valid_to": row.valid_to, "area_m2": row.area_m2, "source": row.source}
            for row in boundaries
        ],
        "micro": _micros(grid, today),
        "came_from": _successions(to_code=code),
        "went_to": _successions(from_code=code),
        "planned": planned_for(code, by=by),
        "may_edit": by.may("grid.edit") and by.covers(code),
        "may_edit_team": by.may("team.edit") and by.covers(code),
    }


def codes_under(ranges: tuple[str, ...], *, day: date) -> list[str]:
    """Of general and dedicated grids that are there that day; micro grids stand outside the partition."""
    rows = Grid.objects.filter(within("code", ranges), open_on(day)).exclude(type=Grid.Type.MICRO)
    return list(rows.values_list("code", flat=True))


def boundary_since(code: str, *, by: Actor) -> date | None:
    """From which day its ground is what it is today."""
    may_read(by)
    row = Boundary.objects.filter(open_on(clock.today()), code=code).first()
    return row.valid_from if row else None


def next_free_code(under: str, *, by: Actor) -> str:
    """Raises NotAllowed, NotFound, NoCodeLeft."""
    may_edit(by, under)
    if not exists(under):
        raise NotFound()
    return next_code(under)


def aliases(*, by: Actor, code: str = "", scheme: str = "", alias: str = "", offset: int = 0, limit: int = 50) -> Any:
    may_read(by)
    rows = Alias.objects.filter(open_on(clock.today())).order_by("scheme", "alias", "id")
    for name, value in (("code", code), ("scheme", scheme), ("alias", alias)):
        rows = rows.filter(**{name: value}) if value else rows
    page = table_page(rows, offset=offset, limit=limit)
    fields = ("id", "scheme", "alias", "code", "valid_from", "valid_to")
    return {"items": [{name: getattr(row, name) for name in fields} for row in page["items"]], "count": page["count"]}


def _items(grids: list[Grid], day: date) -> list[dict[str, Any]]:
    """Three queries for any number of grids."""
    wanted = [grid.code for grid in grids]
    drawn = set(Boundary.objects.filter(open_on(day), code__in=wanted).values_list("code", flat=True))
    chiefs: dict[str, str] = {}
    workers = dict.fromkeys(wanted, 0)
    serving = TeamMember.objects.filter(open_on(day), grid__in=wanted).order_by("id")
    for code, kind, name in serving.values_list("grid", "kind", "name"):
        if kind == TeamMember.Kind.CHIEF:
            chiefs[code] = name
        workers[code] += kind == TeamMember.Kind.FULL_TIME
    return [_item(grid, grid.code in drawn, chiefs.get(grid.code, ""), workers[grid.code]) for grid in grids]


def _item(grid: Grid, drawn: bool, chief: str, workers: int) -> dict[str, Any]:
    missing = [kind for kind, there in (("chief", chief), ("full_time", workers)) if not there]
    return {
        "code": grid.code,
        "name": grid.name,
        "type": grid.type,
        "community": grid.community,
        "address": grid.address,
        "valid_from": grid.valid_from,
        "valid_to": grid.valid_to,
        "chief": chief,
        "full_time": workers,
        "missing": missing if grid.type == Grid.Type.GENERAL else [],
        "has_boundary": drawn,
    }


def _micros(grid: Grid, day: date) -> "list[dict[str, Any]]":
    below = Grid.objects.filter(open_on(day), code__gt=grid.code, code__lt=grid.code + codes.END)
    return [{"code": code, "name": name} for code, name in below.order_by("code").values_list("code", "name")]


def _successions(**of: str) -> "list[dict[str, Any]]":
    rows = Succession.objects.filter(**of).order_by("-date", "-area_m2", "id")
    fields = ("kind", "from_code", "to_code", "date", "area_m2", "redraw")
    return [{name: getattr(row, name) for name in fields} for row in rows]
