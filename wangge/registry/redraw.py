"""When grids are redrawn, buildings and what has a point go with the ground, and people with where they live."""

from datetime import datetime
from typing import Any

from wangge.core import journal
from wangge.core.actor import Actor
from wangge.grids.following import Redrawn
from wangge.registry.actions.following import records_moved
from wangge.registry.models import (
    Building,
    Dwelling,
    Facility,
    Household,
    Organisation,
    Person,
    Place,
)

BATCH = 2_000


def registry_follows(redrawn: Redrawn, at: datetime) -> None:
    """Called in the transaction of the redrawing, as the system."""
    moved = {
        table.__name__.lower(): _move(table, redrawn) for table in (Building, Dwelling, Organisation, Place, Facility)
    }
    moved["person"] = _without_home(Person, redrawn)
    moved["household"] = _without_home(Household, redrawn)
    if any(moved.values()):
        entry = journal.Entry(
            kind="registry.moved",
            subject=("redraw", str(redrawn.redraw)),
            code=redrawn.community,
            changed=["code"],
            data={"redraw": str(redrawn.redraw), **{name: count for name, count in moved.items() if count}},
        )
        journal.record(entry, by=Actor.system("redraw"), at=at)


def _move(table: Any, redrawn: Redrawn) -> int:
    """Rows by their own point; a dwelling without one goes with its building."""
    rows = table.objects.filter(code__in=redrawn.codes)
    if table is Dwelling:
        rows = rows.filter(building=None)
    count = 0
    for start in range(0, len(ids := list(rows.order_by("pk").values_list("pk", flat=True))), BATCH):
        batch = list(
            table.objects.select_for_update(no_key=True).filter(pk__in=ids[start : start + BATCH]).order_by("pk")
        )
        going = [row for row, code in zip(batch, _targets(batch, redrawn), strict=True) if _set(row, code)]
        table.objects.bulk_update(going, ["code"])
        records_moved(table.__name__.lower(), [row.pk for row in going])
        count += len(going)
    return count


def _targets(rows: list[Any], redrawn: Redrawn) -> list[str]:
    found = redrawn.index.locate_many([row.lon or 0.0 for row in rows], [row.lat or 0.0 for row in rows])
    return [
        str(code) if code and row.lon is not None
        else redrawn.successor_of(row.code) if row.code in redrawn.ended
        else row.code
        for row, code in zip(rows, found, strict=True)
    ]  # fmt: skip


def _set(row: Any, code: str) -> bool:
    if row.code == code:
        return False
    row.code = code
    return True


def _without_home(table: Any, redrawn: Redrawn) -> int:
    """People and households of an ended grid that no dwelling took along."""
    count = 0
    for code in sorted(redrawn.ended):
        ids = list(table.objects.filter(code=code).values_list("pk", flat=True))
        table.objects.filter(pk__in=ids).update(code=redrawn.successor_of(code))
        records_moved(table.__name__.lower(), ids)
        count += len(ids)
    return count
