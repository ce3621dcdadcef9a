"""Divisions of any level. A file of several levels is imported once for each, with another mapping."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import codes
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.importing.fields import Field, FieldType
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped
from wangge.grids.entries import bump
from wangge.grids.importers.common import (
    ENDED,
    MALFORMED,
    OUT_OF_AREA,
    REPEATED,
    TWICE,
    UNKNOWN_PARENT,
    VALID_FROM,
    day_in,
    in_chunks,
    record_batch,
    together,
)
from wangge.grids.models import Division
from wangge.grids.numbering import parent_division, significant

RENAMED = FaultKind(
    "division.renamed",
    "{code} 现名“{before}”，将改为“{after}”。",
    "{code} is “{before}” now and will be “{after}”.",
    FaultLevel.WARNING,
)
DETAILS = ("name", "short_name", "urban_rural")


@dataclass(frozen=True, slots=True)
class _Seen:
    row: int
    name: str
    told: bool = False


class DivisionsImporter:
    kind = "divisions"
    permission = Permission.GRID_EDIT
    zh = "区划"
    en = "Divisions"
    takes_geometry = False
    fields: tuple[Field, ...] = (
        Field(
            name="code",
            zh="区划代码",
            en="Code",
            type=FieldType.CODE,
            required=True,
            max_length=40,
            help_zh="统计用区划代码，2、4、6、9 或 12 位，末尾的 0 可有可无",
            help_en="2, 4, 6, 9 or 12 digits, with or without the zeros at the end",
            aliases=("代码", "编码", "统计用区划代码", "行政区划代码"),
        ),
        Field(name="name", zh="名称", en="Name", required=True, max_length=200, aliases=("区划名称",)),
        Field(name="short_name", zh="简称", en="Short name", max_length=100),
        Field(name="urban_rural", zh="城乡分类", en="Urban or rural", type=FieldType.CODE, max_length=3),
        VALID_FROM,
    )

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        """Memory: one short entry for each code of the file."""
        context.by.require(self.permission)
        seen: dict[str, _Seen] = {}
        for row in rows:
            yield from _alone(row, seen, context)
        yield from _against_the_house(seen, context)

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        context.by.require(self.permission)
        created = changed = unchanged = 0
        touched: set[str] = set()
        for chunk in in_chunks(rows):
            wanted = {code: row for row in chunk if (code := significant(row.values["code"]))}
            known = {row.code: row for row in Division.objects.filter(code__in=wanted)}
            new = [_division(code, row, context) for code, row in wanted.items() if code not in known]
            Division.objects.bulk_create(new)
            renamed = [row for code, row in known.items() if _update(row, wanted[code])]
            Division.objects.bulk_update(renamed, DETAILS)
            created, changed = created + len(new), changed + len(renamed)
            unchanged += len(chunk) - len(new) - len(renamed)
            touched.update(row.code for row in (*new, *renamed))
        counts = Counts(created=created, changed=changed, unchanged=unchanged)
        record_batch("divisions", together(touched), counts, context, batch_id)
        bump()
        return counts


def _alone(row: Mapped, seen: dict[str, _Seen], context: ImportContext) -> Iterator[Fault]:
    text, name = row.values.get("code", ""), row.values.get("name", "")
    if not text:
        return
    code = significant(text)
    if code is None or codes.is_grid(code):
        yield MALFORMED(row=row.number, subject=text, code=text)
        return
    first = seen.get(code)
    if first is None:
        seen[code] = _Seen(row.number, name)
    elif first.name != name:
        yield TWICE(row=row.number, subject=code, code=code, first=first.row)
    elif not first.told:  # once for each code: a file of communities repeats its street on every row
        seen[code] = _Seen(first.row, name, told=True)
        yield REPEATED(row=row.number, subject=code, code=code, first=first.row)
    if first is None and not context.by.covers(code):
        yield OUT_OF_AREA(row=row.number, subject=code, code=code)


def _against_the_house(seen: dict[str, _Seen], context: ImportContext) -> Iterator[Fault]:
    for chunk in in_chunks(seen.items()):
        here = dict(chunk)
        parents = {parent for code in here if (parent := parent_division(code)) and parent not in seen}
        rows = Division.objects.filter(code__in={*here, *parents}).values_list("code", "name", "valid_to")
        known: dict[str, tuple[str, date | None]] = {code: (name, until) for code, name, until in rows}
        for code, found in here.items():
            parent = parent_division(code)
            if parent and parent not in seen and (parent not in known or known[parent][1] is not None):
                yield UNKNOWN_PARENT(row=found.row, subject=code, code=code, parent=parent)
            if code not in known:
                continue
            before, until = known[code]
            if until is not None:
                yield ENDED(row=found.row, subject=code, code=code, date=until)
            elif found.name and before != found.name:
                yield RENAMED(row=found.row, subject=code, code=code, before=before, after=found.name)


def _division(code: str, row: StagedRow, context: ImportContext) -> Division:
    details = {name: row.values.get(name, "") for name in DETAILS}
    return Division(code=code, level=len(code), valid_from=day_in(row.values, context), **details)


def _update(division: Division, row: StagedRow) -> bool:
    """An empty cell leaves what is there."""
    wanted = {name: value for name in DETAILS if (value := row.values.get(name))}
    if all(getattr(division, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(division, name, value)
    return True
