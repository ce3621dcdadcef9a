"""Boundaries of divisions and grids, checked as the net they would make together with what is drawn already.

For grids a gap, an overlap or a crossed border is an error, unless the import says `net=warn`; lines of divisions come
from elsewhere and cannot be mended here, so there the same are warnings.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import shapely

from wangge.accounts.permissions import Permission
from wangge.core import codes
from wangge.core.codes import GRID_LENGTH
from wangge.core.ids import new_id
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.importing.fields import Field, FieldType
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped
from wangge.grids.entries import bump
from wangge.grids.following import take_effect
from wangge.grids.ground import put_boundaries
from wangge.grids.importers.common import (
    ENDED,
    MALFORMED,
    OUT_OF_AREA,
    TWICE,
    UNKNOWN_CODE,
    VALID_FROM,
    day_in,
    in_chunks,
    record_batch,
    together,
)
from wangge.grids.importers.net import Drawn, net_faults, with_shape
from wangge.grids.models import Boundary, Division, Grid, Redraw
from wangge.grids.numbering import significant
from wangge.grids.obstacles import PlannedOtherwise, waiting_on
from wangge.grids.rules.coverage import check_shape
from wangge.grids.rules.geometry import Area, polygonal
from wangge.grids.rules.wording import fault_of

NO_GEOMETRY = FaultKind("boundary.missing", "{code} 没有图形。", "{code} has no geometry.")
NOT_YET = FaultKind(
    "boundary.before_its_grid",
    "{code} 自 {date} 起才存在，边界不能更早。",
    "{code} exists from {date} on; its boundary cannot be earlier.",
)
PLANNED = FaultKind(
    "boundary.planned_otherwise",
    "{code} 在 {date} 已有计划的边界变动，那次变动仍按旧边界画；请先取消它，导入后再作。",
    "{code} has a redrawing planned for {date}, drawn on the old boundary; cancel it first and plan it again after.",
)
WARN = "warn"
SHAPES_AT_ONCE = 500


class BoundariesImporter:
    kind = "boundaries"
    permission = Permission.GRID_EDIT
    zh = "边界"
    en = "Boundaries"
    takes_geometry = True
    fields: tuple[Field, ...] = (
        Field(
            name="code",
            zh="编码",
            en="Code",
            type=FieldType.CODE,
            required=True,
            max_length=40,
            help_zh="区划代码或网格编码",
            help_en="of a division or a grid",
            aliases=("网格编码", "区划代码", "代码", "adcode"),
        ),
        Field(name="source", zh="来源", en="Source", max_length=200),
        VALID_FROM,
    )
    options: tuple[Field, ...] = (
        Field(
            name="net",
            zh="不符合一张网时",
            en="Where the net fails",
            type=FieldType.CHOICE,
            choices={"strict": ("不导入",), WARN: ("只提醒",)},
        ),
    )

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        """Memory: one shape for each row that has no fault of its own."""
        context.by.require(self.permission)
        drawn: dict[str, Drawn] = {}
        seen: dict[str, int] = {}
        for chunk in in_chunks(rows, SHAPES_AT_ONCE):
            house, planned = _house(chunk), _against_plans(chunk, context)
            for row in chunk:
                faults = list(_faults(row, house, seen, context))
                yield from faults
                yield from _of_plans(row, planned)  # its shape counts in the net all the same
                code = significant(row.values.get("code", ""))
                if code is not None and not row.faults and not any(map(_is_error, faults)):
                    drawn[code] = Drawn(row.number, row.geometry or b"", day_in(row.values, context))
        level = FaultLevel.WARNING if context.options.get("net") == WARN else FaultLevel.ERROR
        yield from net_faults(drawn, level)

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        """Memory: all shapes. Raises PlannedOtherwise: somebody may have planned a redrawing since the check."""
        context.by.require(self.permission)
        done, rows = _Done(), list(rows)
        _hold(rows)
        for chunk in in_chunks(rows, SHAPES_AT_ONCE):
            _put(chunk, context, done)
        counts = Counts(created=done.created, changed=done.changed, unchanged=done.unchanged)
        where = together(code for found in done.by_day.values() for code in found)
        redraws = [_redraw(day, found, context) for day, found in sorted(done.by_day.items())]
        record_batch("boundaries", where, counts, context, batch_id, redraws=[str(redraw.pk) for redraw in redraws])
        bump()
        for redraw in redraws:
            take_effect(redraw, at=context.at)
        return counts


@dataclass(frozen=True, slots=True)
class _Life:
    since: date
    until: date | None


def _house(chunk: list[Mapped]) -> dict[str, _Life]:
    wanted = {code for row in chunk if (code := significant(row.values.get("code", "")))}
    fields = ("code", "valid_from", "valid_to")
    divisions = Division.objects.filter(code__in=wanted).values_list(*fields)
    grids = Grid.objects.filter(code__in=wanted).values_list(*fields)
    return {code: _Life(since, until) for code, since, until in (*divisions, *grids)}


def _faults(row: Mapped, house: dict[str, _Life], seen: dict[str, int], context: ImportContext) -> Iterator[Fault]:
    text = row.values.get("code", "")
    if not text:
        return
    code = significant(text)
    if code is None:
        yield MALFORMED(row=row.number, subject=text, code=text)
        return
    if seen.setdefault(code, row.number) != row.number:
        yield TWICE(row=row.number, subject=code, code=code, first=seen[code])
        return
    yield from _of_its_life(row, code, house, context)
    if not context.by.covers(code):
        yield OUT_OF_AREA(row=row.number, subject=code, code=code)
    if row.geometry is None:
        yield NO_GEOMETRY(row=row.number, subject=code, code=code)
        return
    for finding in check_shape(code, shapely.from_wkb(row.geometry)):
        yield with_shape(fault_of(finding, row=row.number), finding)


def _of_its_life(row: Mapped, code: str, house: dict[str, _Life], context: ImportContext) -> Iterator[Fault]:
    life, day = house.get(code), day_in(row.values, context)
    if life is None:
        yield UNKNOWN_CODE(row=row.number, subject=code, code=code)
    elif life.until is not None and life.until <= day:
        yield ENDED(row=row.number, subject=code, code=code, date=life.until)
    elif life.since > day and len(code) >= GRID_LENGTH:
        yield NOT_YET(row=row.number, subject=code, code=code, date=life.since)


def _against_plans(chunk: list[Mapped], context: ImportContext) -> dict[int, tuple[str, date]]:
    """Row -> its code, and the day of the plan that was drawn on the boundary the row would change."""
    by_day: dict[date, dict[str, tuple[int, Area]]] = {}
    for row in chunk:
        code = significant(row.values.get("code", ""))
        if code is not None and row.geometry is not None and not row.faults:
            shape = polygonal(shapely.from_wkb(row.geometry))
            by_day.setdefault(day_in(row.values, context), {})[code] = (row.number, shape)
    found = {}
    for day, wanted in by_day.items():
        for code, planned in waiting_on(list(wanted), day).items():
            number, shape = wanted[code]
            if not _is_same(_standing([code], day).get(code), shape):
                found[number] = (code, planned)
    return found


def _of_plans(row: Mapped, planned: dict[int, tuple[str, date]]) -> Iterator[Fault]:
    if row.number in planned:
        code, day = planned[row.number]
        yield PLANNED(row=row.number, subject=code, code=code, date=day)


def _hold(rows: list[StagedRow]) -> None:
    """As redrawings do (locked_division), in the order of codes, so that two imports wait and do not deadlock."""
    where = {(significant(row.values["code"]) or row.values["code"])[: codes.Level.COMMUNITY] for row in rows}
    held = Division.objects.select_for_update(no_key=True).filter(code__in=where).order_by("code")
    list(held.values_list("pk", flat=True))


def _is_error(fault: Fault) -> bool:
    return fault.level is FaultLevel.ERROR


class _Done:
    def __init__(self) -> None:
        self.created = self.changed = self.unchanged = 0
        self.by_day: dict[date, list[str]] = {}


def _put(chunk: list[StagedRow], context: ImportContext, done: _Done) -> None:
    by_day: dict[date, dict[str, tuple[Area, str]]] = {}
    for row in chunk:
        code = significant(row.values["code"]) or row.values["code"]
        shape = polygonal(shapely.from_wkb(row.geometry or b""))
        source = row.values.get("source") or context.options.get("file") or "import"
        by_day.setdefault(day_in(row.values, context), {})[code] = (shape, source)
    for day, wanted in by_day.items():
        standing = _standing(list(wanted), day)
        new = {code: found for code, found in wanted.items() if not _is_same(standing.get(code), found[0])}
        for code, planned in sorted(waiting_on(list(new), day).items()):
            raise PlannedOtherwise(grid=code, date=planned)
        for source in {source for _, source in new.values()}:
            put_boundaries({code: shape for code, (shape, own) in new.items() if own == source}, day, source=source)
        changed = sum(code in standing for code in new)
        done.changed += changed
        done.created += len(new) - changed
        done.unchanged += len(wanted) - len(new)
        if new:
            done.by_day.setdefault(day, []).extend(new)


def _standing(wanted: list[str], day: date) -> dict[str, bytes]:
    rows = Boundary.objects.filter(code__in=wanted, valid_from__lte=day).order_by("valid_from")
    return {row.code: bytes(row.geometry) for row in rows if row.valid_to is None or row.valid_to > day}


def _is_same(standing: bytes | None, shape: Area) -> bool:
    return standing is not None and bool(shapely.equals_exact(shapely.from_wkb(standing), shape, normalize=True))


def _redraw(day: date, found: list[str], context: ImportContext) -> Redraw:
    return Redraw.objects.create(
        id=new_id(),
        kind=Redraw.Kind.IMPORT,
        community=together(found),
        date=day,
        reason=context.options.get("file", ""),
        changed=sorted(found),
        by_user=context.by.user_id,
        by_name=context.by.name,
        at=context.at,
    )
