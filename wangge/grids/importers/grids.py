"""Grids without their ground: code, name, type and what is posted about them. Boundaries come in their own file."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import codes
from wangge.core.codes import GRID_LENGTH, MICRO_LENGTH
from wangge.core.importing.faults import Fault, FaultKind
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
from wangge.grids.models import Division, Grid

WRONG_TYPE = FaultKind(
    "grid.wrong_type",
    "{code} 的类型与编码不符：微网格 17 位，综合和专属网格 15 位。",
    "The type of {code} does not fit its code: 17 digits for micro grids, 15 for the others.",
)
TYPE_CHANGED = FaultKind(
    "grid.type_changed",
    "{code} 现为{before}，类型不能由导入改变。",
    "{code} is {before}; an import does not change the type.",
)
TEXTS = ("name", "address", "supervision_phone")
NUMBERS = ("households", "residents")


class GridsImporter:
    kind = "grids"
    permission = Permission.GRID_EDIT
    zh = "网格"
    en = "Grids"
    takes_geometry = False
    fields: tuple[Field, ...] = (
        Field(
            name="code",
            zh="网格编码",
            en="Code",
            type=FieldType.CODE,
            required=True,
            max_length=40,
            help_zh="社区 12 位 + 3 位；微网格再加 2 位",
            help_en="community 12 digits + 3; micro grids 2 more",
            aliases=("编码", "网格代码"),
        ),
        Field(name="name", zh="网格名称", en="Name", required=True, max_length=200, aliases=("名称",)),
        Field(
            name="type",
            zh="网格类型",
            en="Type",
            type=FieldType.CHOICE,
            required=True,
            aliases=("类型",),
            choices={
                "general": ("综合网格", "综合", "基础网格", "General"),
                "dedicated": ("专属网格", "专属", "Dedicated"),
                "micro": ("微网格", "微", "Micro"),
            },
        ),
        Field(name="address", zh="范围或地址", en="Address", max_length=500, aliases=("四至", "地址", "范围")),
        Field(name="households", zh="户数", en="Households", type=FieldType.INTEGER, max_length=8),
        Field(name="residents", zh="人口", en="Residents", type=FieldType.INTEGER, max_length=8, aliases=("人数",)),
        Field(name="supervision_phone", zh="监督电话", en="Supervision telephone", max_length=40),
        VALID_FROM,
    )

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        context.by.require(self.permission)
        seen: dict[str, tuple[int, str, str]] = {}
        for row in rows:
            yield from _alone(row, seen, context)
        yield from _against_the_house(seen)

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        context.by.require(self.permission)
        created = changed = unchanged = 0
        touched: set[str] = set()
        for chunk in in_chunks(rows):
            wanted = {row.values["code"]: row for row in chunk}
            known = {grid.code: grid for grid in Grid.objects.filter(code__in=wanted)}
            new = [_grid(row, context) for code, row in wanted.items() if code not in known]
            Grid.objects.bulk_create(new)
            updated = [grid for code, grid in known.items() if _update(grid, wanted[code])]
            Grid.objects.bulk_update(updated, [*TEXTS, *NUMBERS])
            created, changed = created + len(new), changed + len(updated)
            unchanged += len(chunk) - len(new) - len(updated)
            touched.update(grid.code for grid in (*new, *updated))
        counts = Counts(created=created, changed=changed, unchanged=unchanged)
        record_batch("grids", together(touched), counts, context, batch_id)
        bump()
        return counts


def _alone(row: Mapped, seen: dict[str, tuple[int, str, str]], context: ImportContext) -> Iterator[Fault]:
    code, kind, name = (row.values.get(field, "") for field in ("code", "type", "name"))
    if not code:
        return
    if not codes.is_grid(code) or not int(code[12:15]) or (code[15:] and not int(code[15:])):
        yield MALFORMED(row=row.number, subject=code, code=code)
        return
    if kind and (kind == Grid.Type.MICRO) != (len(code) == MICRO_LENGTH):
        yield WRONG_TYPE(row=row.number, subject=code, code=code)
    if code in seen:
        same = seen[code][1:] == (kind, name)
        yield (REPEATED if same else TWICE)(row=row.number, subject=code, code=code, first=seen[code][0])
        return
    seen[code] = (row.number, kind, name)
    if not context.by.covers(code):
        yield OUT_OF_AREA(row=row.number, subject=code, code=code)


def _against_the_house(seen: dict[str, tuple[int, str, str]]) -> Iterator[Fault]:
    for chunk in in_chunks(seen.items()):
        here = dict(chunk)
        communities = set(
            Division.objects.filter(code__in={code[:12] for code in here}, valid_to__isnull=True).values_list(
                "code", flat=True
            )
        )
        wanted = {*here, *(code[:GRID_LENGTH] for code in here)}
        known = {grid.code: grid for grid in Grid.objects.filter(code__in=wanted)}
        for code, (row, kind, _) in here.items():
            about: dict[str, Any] = {"row": row, "subject": code, "code": code}
            parent = code[:GRID_LENGTH]
            if code[:12] not in communities:
                yield UNKNOWN_PARENT(**about, parent=code[:12])
            elif parent != code and parent not in known and parent not in seen:
                yield UNKNOWN_PARENT(**about, parent=parent)
            grid = known.get(code)
            if grid is not None and grid.valid_to is not None:
                yield ENDED(**about, date=grid.valid_to)
            elif grid is not None and kind and kind != grid.type:
                yield TYPE_CHANGED(**about, before=grid.get_type_display())


def _grid(row: StagedRow, context: ImportContext) -> Grid:
    values = row.values
    return Grid(
        code=values["code"],
        community=values["code"][:12],
        type=values["type"],
        valid_from=day_in(values, context),
        **{name: values.get(name, "") for name in TEXTS},
        **{name: _number(values.get(name, "")) for name in NUMBERS},
    )


def _update(grid: Grid, row: StagedRow) -> bool:
    """An empty cell leaves what is there."""
    wanted: dict[str, Any] = {name: value for name in TEXTS if (value := row.values.get(name))}
    wanted |= {name: _number(value) for name in NUMBERS if (value := row.values.get(name))}
    if all(getattr(grid, name) == value for name, value in wanted.items()):
        return False
    for name, value in wanted.items():
        setattr(grid, name, value)
    return True


def _number(text: str) -> int | None:
    return max(int(text), 0) if text else None
