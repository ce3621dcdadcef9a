"""How good the records are, by grid and division, from the roll-ups; and the queue of what wants putting right."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Exists, Func, Min, OuterRef, Q, Sum, TextField, Value

from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import Level
from wangge.core.errors import NotFound
from wangge.core.paging import CursorPage, decode_cursor, encode_cursor
from wangge.core.ranges import within
from wangge.grids.models import Division
from wangge.grids.queries.divisions import names_of
from wangge.grids.queries.teams import full_time_workers
from wangge.registry.dictionary import STALE
from wangge.registry.models import LIVING, Asked, Dwelling, Person, Quality, Residence
from wangge.registry.queries.words import dwelling_words

COUNTS = (
    "people", "complete", "faulty", "fresh", "tied", "doubled", "dwellings", "rented", "unchecked", "households",
    "organisations",
)  # fmt: skip
URBAN = "1"  # 城乡分类 1xx
COOL_DOWN = timedelta(days=30)
PAGE = 50


class Problem(StrEnum):
    NO_NUMBER = "no_number"
    FAULTY_NUMBER = "faulty_number"
    NO_HOME = "no_home"
    NO_PHONE = "no_phone"
    STALE = "stale"
    UNCHECKED = "unchecked"


OF_DWELLINGS = frozenset({Problem.UNCHECKED})


def quality(code: str, *, by: Actor) -> dict[str, Any]:
    """Of what stands next under `code` (of grids under a community), and how dwellings and people belong together in
    town and country. Without a code: under the reader's own, where that is one. Three queries. Raises NotFound."""
    by.require(Permission.REGISTRY_READ)
    if code and not by.covers(code):
        raise NotFound()
    if not code and len(by.ranges) == 1:
        (code,) = by.ranges
    rows = Quality.objects.visible_to(by)
    if code:
        rows = rows.filter(within("code", (code,)))
    length = next((level for level in Level if level > len(code)), Level.MICRO)
    cut = Func("code", Value(int(length)), function="left", output_field=TextField())
    sums = list(
        rows.annotate(part=cut).values("part").annotate(**{name: Sum(name) for name in COUNTS}).order_by("part")
    )
    names = names_of(row["part"] for row in sums)
    return {
        "code": code,
        "items": [_line(dict(row), names.get(row["part"], row["part"])) for row in sums],
        "tied_urban_pct": _tied(rows, urban=True),
        "tied_rural_pct": _tied(rows, urban=False),
        "counted_at": rows.order_by("counted_at").values_list("counted_at", flat=True).first(),
    }


def quality_by_worker(code: str, *, by: Actor, offset: int, limit: int) -> dict[str, Any]:
    """Of the grids that each full-time worker of today answers for, in the order of those grids, never of the figures.

    A grid with several of them counts for each: the lines do not add up to the area. `shared` says which of a worker's
    grids are so. Grids that were never counted count as empty. Three queries. Raises NotFound.
    """
    by.require(Permission.REGISTRY_READ)
    if code and not by.covers(code):
        raise NotFound()
    workers = full_time_workers(code, by=by)
    shown = workers[offset : offset + limit]
    served = Counter(grid for worker in workers for grid in set(worker["grids"]))
    grids = {grid for worker in shown for grid in worker["grids"]}
    rows = Quality.objects.visible_to(by).filter(within("code", tuple(grids))) if grids else Quality.objects.none()
    counted = {row["code"]: row for row in rows.values("code", *COUNTS)}  # micro grids beneath them, too
    names = names_of(grids)
    return {
        "count": len(workers),
        "items": [_of_worker(worker, counted, names, served) for worker in shown],
    }


def _of_worker(
    worker: dict[str, Any], counted: Mapping[str, dict[str, Any]], names: Mapping[str, str], served: Mapping[str, int]
) -> dict[str, Any]:
    grids = sorted(set(worker["grids"]))
    theirs = [row for code, row in counted.items() if code.startswith(tuple(grids))]
    sums = {name: sum(row[name] for row in theirs) for name in COUNTS}
    return _line(sums | {"part": grids[0]}, worker["name"]) | {
        "id": worker["id"],
        "grids": [{"code": grid, "name": names.get(grid, grid), "shared": served[grid] > 1} for grid in grids],
    }


def quality_within(code: str, *, by: Actor) -> dict[str, Any] | None:
    """Of all that stands in a grid or division, with the time of the oldest count; None before the first. Two queries,
    of which one for its name."""
    rows = Quality.objects.visible_to(by).filter(within("code", (code,)))
    sums = rows.aggregate(counted_at=Min("counted_at"), **{name: Sum(name) for name in COUNTS})
    if sums["counted_at"] is None:
        return None
    return _line(sums | {"part": code}, names_of([code]).get(code, code)) | {"counted_at": sums["counted_at"]}


def freshness(code: str, *, by: Actor) -> list[dict[str, Any]]:
    """Of each field of people that goes stale: how many have it under `code`, how many of them said or confirmed it
    within the dictionary's time. One query. Raises NotFound."""
    by.require(Permission.REGISTRY_READ)
    if code and not by.covers(code):
        raise NotFound()
    rows = Quality.objects.visible_to(by)
    rows = rows.filter(within("code", (code,))) if code else rows
    counted = rows.filter(by_field__len=2 * len(STALE))  # not by a dictionary of before; those are counted within a day
    numbers = range(2 * len(STALE))
    sums = counted.aggregate(**{f"sum_{number}": Sum(f"by_field__{number}") for number in numbers})
    found = [sums[f"sum_{number}"] or 0 for number in numbers]
    return [
        {
            "field": field.name,
            "days": field.fresh_days,
            "held": held,
            "fresh": fresh,
            "fresh_pct": _pct(fresh, held),
        }
        for field, held, fresh in zip(STALE, found[::2], found[1::2], strict=True)
    ]


def queue(problem: Problem, *, by: Actor, at: datetime, code: str, cursor: str) -> CursorPage[dict[str, Any]]:
    """Records with this problem that nobody was asked about within the cool-down, in order of grid."""
    by.require(Permission.REGISTRY_READ)
    rows = _having(problem, by, at)
    if code:
        rows = rows.filter(within("code", (code,)))
    asked = Asked.objects.filter(record=OuterRef("pk"), problem=problem, at__gt=at - COOL_DOWN)
    rows = rows.filter(~Exists(asked))
    if cursor:
        last_code, last_id = decode_cursor(cursor, kinds=[str, UUID])
        rows = rows.filter(Q(code__gt=last_code) | Q(code=last_code, pk__gt=last_id))
    found = list(rows.order_by("code", "pk")[: PAGE + 1])
    shown = found[:PAGE]
    kind = "dwelling" if problem in OF_DWELLINGS else "person"
    places = names_of({row.code for row in shown})
    items = [
        {
            "kind": kind,
            "id": row.pk,
            "title": _title(kind, row),
            "code": row.code,
            "place": places.get(row.code, row.code),
        }
        for row in shown
    ]
    return CursorPage(items=items, next=encode_cursor([shown[-1].code, shown[-1].pk]) if len(found) > PAGE else None)


def still_having(problem: Problem, ids: Sequence[UUID], *, by: Actor, at: datetime) -> dict[UUID, str]:
    """Which of these have the problem and were not asked about yet: id → code."""
    asked = Asked.objects.filter(record=OuterRef("pk"), problem=problem, at__gt=at - COOL_DOWN)
    rows = _having(problem, by, at).filter(~Exists(asked), pk__in=list(ids))
    return dict(rows.values_list("pk", "code"))


def _having(problem: Problem, by: Actor, at: datetime) -> Any:
    if problem is Problem.UNCHECKED:
        due = clock.day_of(at) - timedelta(days=90)
        rows = Dwelling.objects.visible_to(by).standing().filter(occupancy="rented").select_related("building")
        return rows.filter(Q(hazard_checked=None) | Q(hazard_checked__lt=due))
    people = Person.objects.visible_to(by).standing()
    match problem:
        case Problem.NO_NUMBER:
            return people.filter(id_number_hash=None)
        case Problem.FAULTY_NUMBER:
            return people.filter(number_faulty=True)
        case Problem.NO_PHONE:
            return people.filter(phone_hash=None)
        case Problem.STALE:
            return people.filter(checked_at__lt=at - timedelta(days=365))
    home = Residence.objects.filter(person=OuterRef("pk"), to_date=None, tie__in=LIVING)
    return people.filter(~Exists(home))


def _title(kind: str, row: Any) -> str:
    return dwelling_words(row) if kind == "dwelling" else str(row.name)


def _line(row: dict[str, Any], name: str) -> dict[str, Any]:
    people, rented = row["people"], row["rented"]
    return {
        "code": row["part"],
        "name": name,
        **{count: row[count] for count in COUNTS},
        "complete_pct": _pct(row["complete"], people),
        "valid_pct": _pct(people - row["faulty"], people),
        "fresh_pct": _pct(row["fresh"], people),
        "tied_pct": _pct(row["tied"], people),
        "checked_pct": _pct(rented - row["unchecked"], rented),
    }


def _tied(rows: Any, *, urban: bool) -> float | None:
    """人房关联率 of communities classed urban (城乡分类 1xx) or rural; None where no community is classed so."""
    classed = Division.objects.filter(level=Level.COMMUNITY).exclude(urban_rural="")
    classed = classed.filter(urban_rural__startswith=URBAN) if urban else classed.exclude(urban_rural__startswith=URBAN)
    community = Func("code", Value(int(Level.COMMUNITY)), function="left", output_field=TextField())
    sums = rows.annotate(community=community).filter(community__in=classed.values("code")).aggregate(
        people=Sum("people"), tied=Sum("tied")
    )  # fmt: skip
    return _pct(sums["tied"] or 0, sums["people"] or 0)


def _pct(part: int, whole: int) -> float | None:
    """Two decimals, and never 100 of what is not all."""
    if whole == 0:
        return None
    return 100.0 if part == whole else min(round(100 * part / whole, 2), 99.99)
