"""Who serves a grid, as it is posted publicly there (滨州条例 §6): asked by residents, printed on the grid's sign."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from wangge.accounts.models import Unit
from wangge.accounts.permissions import Permission
from wangge.cases.configuration import units
from wangge.core import clock, codes, qr
from wangge.core.actor import PUBLIC, Actor, acting
from wangge.core.errors import NotFound
from wangge.core.ranges import within
from wangge.grids import queries as grids
from wangge.grids.models import Grid, TeamMember, open_on

SERVING = (TeamMember.Kind.CHIEF, TeamMember.Kind.FULL_TIME)
LEVELS = (codes.Level.COMMUNITY, codes.Level.STREET, codes.Level.DISTRICT)
REPORT = "{house}/public/report?grid={code}"
MOST_SIGNS = 200  # of one sheet: the largest communities have some thirty grids


def my_grid(*, lon: float, lat: float) -> dict[str, Any]:
    """Raises NotFound outside every grid."""
    return grid_served(grids.grid_at(lon, lat) or "")


def grid_served(code: str) -> dict[str, Any]:
    """Six queries. Raises NotFound for a grid that is unknown, not yet there, or ended."""
    grid = Grid.objects.filter(open_on(clock.today()), code=code).first()
    if grid is None:
        raise NotFound()
    return _served([grid])[0]


def grid_signs(under: str, *, house: str, by: Actor) -> list[dict[str, Any]]:
    """The sign of a grid, or those of a community's general and dedicated grids, by code.

    `house`: the address residents reach us at, without a slash at its end. Nothing on a sign is more than
    residents read anyway, so whoever may read the map may print it. Raises NotAllowed, NotFound.
    """
    by.require(Permission.GRID_READ)
    rows = Grid.objects.filter(open_on(clock.today())).order_by("code")
    if codes.is_grid(under):
        rows = rows.filter(code=under)
    else:
        rows = rows.filter(within("code", (under,))).exclude(type=Grid.Type.MICRO)
    found = list(rows[:MOST_SIGNS])
    if not found and not grids.exists(under):
        raise NotFound()
    return [_sign(served, house) for served in _served(found)]


def _served(rows: Sequence[Grid]) -> list[dict[str, Any]]:
    """The same number of queries for any number of grids of one community."""
    above = {row.code[:level] for row in rows for level in LEVELS}
    names = grids.names_of(above)
    teams = _teams(rows)
    house = units()
    centres = {row.code: house.centre_over(row.code) for row in rows}
    phones = dict(Unit.objects.filter(pk__in={one.id for one in centres.values() if one}).values_list("pk", "phone"))
    return [
        {
            "code": row.code,
            "name": row.name,
            "community": names.get(row.code[: codes.Level.COMMUNITY], ""),
            "street": names.get(row.code[: codes.Level.STREET], ""),
            "district": names.get(row.code[: codes.Level.DISTRICT], ""),
            "supervision_phone": row.supervision_phone,
            "centre": centre.name if (centre := centres[row.code]) else "",
            "centre_phone": phones.get(centre.id, "") if centre else "",
            "team": [{"kind": one.kind, "name": one.name, "phone": one.phone} for one in teams[row.code]],
        }
        for row in rows
    ]


def _teams(rows: Sequence[Grid]) -> dict[str, list[TeamMember]]:
    """Chief first. A micro grid is served by its grid's people as well."""
    wanted = {row.code: {row.code, row.code[: codes.GRID_LENGTH]} for row in rows}
    ranges = tuple(sorted({row.code[: codes.GRID_LENGTH] for row in rows}))
    resident = Actor(kind=PUBLIC, ranges=ranges)
    with acting(resident):
        visible = TeamMember.objects.visible_to(resident).on(clock.today())
        serving = list(visible.filter(grid__in=set().union(*wanted.values()), kind__in=SERVING).order_by("id"))
    serving.sort(key=lambda one: SERVING.index(TeamMember.Kind(one.kind)))
    return {code: [one for one in serving if one.grid in grids_of] for code, grids_of in wanted.items()}


def _sign(served: dict[str, Any], house: str) -> dict[str, Any]:
    address = REPORT.format(house=house, code=served["code"])
    return {**served, "address": address, "svg": qr.drawn(address), "english": settings.SIGNS_IN_ENGLISH}
