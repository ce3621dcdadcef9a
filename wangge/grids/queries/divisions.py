"""The tree of divisions: read by ranges on the code, never recursively."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from wangge.core import clock, codes
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.marks import mark_of
from wangge.grids.access import may_read
from wangge.grids.models import Boundary, Division, Grid, open_on


def children_of(parent: str, *, by: Actor, day: date | None = None, ended: bool = False) -> list[dict[str, Any]]:
    """The divisions directly under one, in the order of their codes; the top level without a parent."""
    may_read(by)
    today = day or clock.today()
    rows = Division.objects.filter(_directly_under(parent))
    if not ended:
        rows = rows.filter(open_on(today))
    return [_division(row, by) for row in _with_below(rows, today)]


def division_card(code: str, *, by: Actor) -> dict[str, Any]:
    """Raises NotFound."""
    may_read(by)
    today = clock.today()
    row = _with_below(Division.objects.filter(code=code), today).first()
    if row is None:
        raise NotFound()
    inside = {"code__gt": code, "code__lt": code + codes.END}
    boundary = Boundary.objects.filter(open_on(today), code=code).first()
    return {
        **_division(row, by),
        "lineage": lineage(code),
        "divisions": Division.objects.filter(open_on(today), **inside).count(),
        "grids": _count_by_type(code, today),
        "bounds": bounds_of(boundary),
        "area_m2": boundary.area_m2 if boundary else None,
    }


def lineage(code: str) -> list[dict[str, str]]:
    """The divisions (and grid) a code stands in, from the province down, itself last. Two queries at most."""
    prefixes = [code[:level] for level in codes.Level if level <= len(code)]
    names = names_of(prefixes)
    return [{"code": prefix, "name": names[prefix]} for prefix in prefixes if prefix in names]


def names_of(wanted: Iterable[str]) -> dict[str, str]:
    """Names of divisions and grids, ended ones too."""
    all_codes = set(wanted)
    grids = {code for code in all_codes if len(code) >= codes.GRID_LENGTH}
    found = dict(Division.objects.filter(code__in=all_codes - grids).values_list("code", "name"))
    if grids:
        found |= dict(Grid.objects.filter(code__in=grids).values_list("code", "name"))
    return found


def bounds_of(boundary: Boundary | None) -> list[float] | None:
    """[west, south, east, north]"""
    return [boundary.west, boundary.south, boundary.east, boundary.north] if boundary else None


def _directly_under(parent: str) -> Q:
    if not parent:
        return Q(level=Division.objects.aggregate(top=Min("level"))["top"] or codes.Level.PROVINCE)
    below = [level for level in codes.Level if len(parent) < level <= codes.Level.COMMUNITY]
    wanted = Q(pk__in=[])
    for level in below[:2]:
        # A level that is not there is written as zeros: the streets of 东莞 (4419) are 441900….
        low, high = codes.code_range(parent if level == below[0] else parent.ljust(below[0], "0"))
        wanted |= Q(level=level, code__gte=low, code__lt=high)
    return wanted


def _with_below(rows: "QuerySet[Division]", day: date) -> "QuerySet[Division]":
    end = Concat(OuterRef("code"), Value(codes.END))
    below = Division.objects.filter(open_on(day), code__gt=OuterRef("code"), code__lt=end)
    grids = Grid.objects.filter(open_on(day), community=OuterRef("code"))
    drawn = Boundary.objects.filter(open_on(day), code=OuterRef("code"))
    return rows.annotate(
        has_below=Exists(below) | Exists(grids),
        is_drawn=Exists(drawn),
    ).order_by("code")


def _division(row: Division, by: Actor) -> dict[str, Any]:
    return {
        "code": row.code,
        "full_code": codes.padded(row.code),
        "name": row.name,
        "short_name": row.short_name,
        "level": row.level,
        "urban_rural": row.urban_rural,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "has_children": row.has_below,  # type: ignore[attr-defined]
        "has_boundary": row.is_drawn,  # type: ignore[attr-defined]
        "mark": mark_of(row.edited),
        "may_edit": by.may("grid.edit") and by.covers(row.code),
    }


def _count_by_type(code: str, day: date) -> dict[str, int]:
    low, high = codes.code_range(code)
    inside = Grid.objects.filter(open_on(day), code__gte=low, code__lt=high).order_by()
    counted = inside.values("type").annotate(number=Count("id")).values_list("type", "number")
    return dict.fromkeys(Grid.Type.values, 0) | dict(counted)
