"""What is here: everything the house knows of one point, within what the reader may see."""

from typing import Any

from django.db.models import Q

from wangge.accounts.models import Unit
from wangge.accounts.permissions import Permission
from wangge.cases.models import Case
from wangge.cases.queries.nearby import around, metres_between
from wangge.cases.queries.plain import confided, plain_texts
from wangge.cases.queries.scope import visible
from wangge.cases.rules.states import OPEN
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.grids import queries as grids

CASES_M, CASES_SHOWN = 300.0, 8
PEOPLE_M, GRIDS_SHOWN = 1_000.0, 4  # the grids around, whose people are the nearest to call
PLACES_M, PLACES_SHOWN = 400.0, 5
LOOKED_AT = 400


def what_is_here(by: Actor, lon: float, lat: float) -> dict[str, Any]:
    """Raises NotAllowed. `cases` is None for who may not read any."""
    found = grids.locate(lon=lon, lat=lat, day=None, by=by)
    code = found["code"]
    around = grids.index().near(lon, lat, within_m=PEOPLE_M, most=GRIDS_SHOWN + 1)
    teams = grids.serving_on([one.code for one in around], by=by)
    names = grids.names_of(one.code for one in around)
    return {
        "lon": lon,
        "lat": lat,
        "code": code,
        "micro": found.get("micro"),
        "lineage": found.get("lineage", []),
        "nearest": found.get("nearest"),
        "boundary_since": grids.boundary_since(code, by=by) if code else None,
        "team": teams.get(code, []) if code else [],
        "centres": _centres(code) if code else [],
        "near": [
            {"code": one.code, "name": names.get(one.code, ""), "distance_m": round(one.distance_m), "team": people}
            for one in around
            if one.code != code and (people := teams[one.code])
        ],
        "places": grids.places_near(lon, lat, within_m=PLACES_M, most=PLACES_SHOWN),
        "cases": _cases(by, code, lon, lat) if by.may(Permission.CASE_READ) else None,
        "may_report": by.may(Permission.CASE_REPORT),
        "may_edit": bool(code) and by.may(Permission.GRID_EDIT) and by.covers(code),
    }


def _centres(code: str) -> list[dict[str, str]]:
    """Who answers for the ground, from the community up, with the telephone of the centre."""
    divisions = [code[:digits] for digits in (12, 9, 6)]
    still = Q(valid_to__isnull=True) | Q(valid_to__gt=clock.today())
    units = Unit.objects.filter(still, kind=Unit.Kind.CENTRE, division__in=divisions).order_by("-division", "pk")
    return [{"name": unit.name, "phone": unit.phone} for unit in units[:LOOKED_AT]]


def _cases(by: Actor, code: str | None, lon: float, lat: float) -> dict[str, Any]:
    """How many are open in the grid, and those near the point, nearest first."""
    mine = visible(by).filter(state__in=OPEN)
    rows = list(mine.filter(around(lon, lat, CASES_M)).order_by("-reported_at", "-pk")[:LOOKED_AT])
    apart = {row.pk: metres_between(lon, lat, row) or 0.0 for row in rows}
    near = sorted((row for row in rows if apart[row.pk] <= CASES_M), key=lambda row: apart[row.pk])[:CASES_SHOWN]
    plain = plain_texts(by, map(confided, near))
    return {
        "in_grid": mine.filter(current_grid=code).count() if code else 0,
        "within_m": round(CASES_M),
        "near": [_line(row, plain[row.pk](row.title), apart[row.pk]) for row in near],
    }


def _line(row: Case, title: str, distance_m: float) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "title": title,
        "state": row.state,
        "is_overdue": row.is_overdue,
        "reported_at": row.reported_at,
        "distance_m": round(distance_m),
    }
