"""What retention (actions/retention.py) empties within a month, and emptied in the last: by field and by area."""

from typing import Any

from django.db.models import Func, QuerySet, Sum, TextField, Value

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.codes import Level
from wangge.core.errors import NotFound
from wangge.core.ranges import within
from wangge.grids.queries.divisions import names_of
from wangge.registry.models import Quality, RetentionRun
from wangge.registry.retained import NUMBERS, Of, times
from wangge.registry.rules.care import told_together

DUTIES = ("people", "fields", "parts")  # care is for its own department
Counts = dict[tuple[Of, str], int]  # by what it is, and whether it goes soon or was emptied


def retention(code: str, *, by: Actor) -> dict[str, Any]:
    """As `counted`, in cells of ten or more: no list opens the records that these figures are of (ADR 20), so that one
    to nine are None, and with a single one of them the next, because the fields and the areas have the same sum. Raises
    NotFound."""
    found = counted(code, by=by)
    whole = [one for one in found["fields"] if one["field"] == ""]
    parts = [one for one in found["fields"] if one["field"] != ""]
    for what in ("soon", "emptied"):
        _tell(whole, what)
        _tell(parts, what)
        _tell(found["items"], f"values_{what}")
        _tell(found["items"], f"records_{what}")
    return found


def _tell(lines: list[dict[str, Any]], name: str) -> None:
    """One column, in place."""
    for line, shown in zip(lines, told_together([line[name] for line in lines]), strict=True):
        line[name] = shown


def counted(code: str, *, by: Actor) -> dict[str, Any]:
    """Of what stands next under `code`; without one under the reader's own, where that is one; from the roll-up of each
    grid, as of `counted_at` at the earliest. What is late by more than a month is not counted: `done_at` says that
    somebody should look. Four queries. Raises NotFound."""
    by.require(Permission.REGISTRY_READ)
    if code and not by.covers(code):
        raise NotFound()
    if not code and len(by.ranges) == 1:
        (code,) = by.ranges
    # Not by a dictionary of before; those are counted within a day
    rows = Quality.objects.visible_to(by).filter(by_retention__len=len(NUMBERS))
    rows = rows.filter(within("code", (code,))) if code else rows
    sums = _sums(rows, code)
    names = names_of(part for part, _ in sums)
    return {
        "code": code,
        "fields": [
            {"kind": of.kind, "field": of.field, "days": days}
            | {what: sum(counts[of, what] for _, counts in sums) for what in ("soon", "emptied")}
            for of, days in times().items()
        ],
        "items": [_line(part, names.get(part, part), counts) for part, counts in sums],
        "counted_at": rows.order_by("counted_at").values_list("counted_at", flat=True).first(),
        **_latest_run(),
    }


def _sums(rows: QuerySet[Quality], code: str) -> list[tuple[str, Counts]]:
    """Of the parts in which there is something."""
    length = next((level for level in Level if level > len(code)), Level.MICRO)
    cut = Func("code", Value(int(length)), function="left", output_field=TextField())
    asked = {f"sum_{number}": Sum(f"by_retention__{number}") for number in range(len(NUMBERS))}
    found: Any = rows.annotate(part=cut).values_list("part").annotate(**asked).order_by("part")
    sums = ((part, dict(zip(NUMBERS, counts, strict=True))) for part, *counts in found)
    return [(part, counts) for part, counts in sums if any(counts.values())]


def _line(part: str, name: str, counts: Counts) -> dict[str, Any]:
    line: dict[str, Any] = {"code": part, "name": name}
    for what in ("soon", "emptied"):
        for whole, called in ((False, "values"), (True, "records")):
            line[f"{called}_{what}"] = sum(
                count for (of, which), count in counts.items() if which == what and (of.field == "") is whole
            )
    return line


def _latest_run() -> dict[str, Any]:
    """Of the three that empty records the one that ran, and the one that was done, longest ago."""
    runs = list(RetentionRun.objects.filter(name__in=DUTIES))
    if len(runs) < len(DUTIES):
        return {"ran_at": None, "done_at": None}
    done = [run.done_at for run in runs]
    return {"ran_at": min(run.ran_at for run in runs), "done_at": min(at for at in done if at) if all(done) else None}
