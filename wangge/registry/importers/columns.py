"""Columns of files by the dictionary, and what is wrong with a row of them. No fault quotes a sealed value."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from wangge.core import clock
from wangge.core.codes import Level
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.importing.fields import Field as Column
from wangge.core.importing.fields import FieldType
from wangge.core.importing.importer import ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped
from wangge.grids.location import LocationIndex
from wangge.grids.models import Division, Grid
from wangge.grids.queries.location import index
from wangge.registry.actions.values import Unreadable, empty_of, reader_of
from wangge.registry.codelists import CODE_LISTS
from wangge.registry.dictionary import KINDS, Field, Type, refusal_of

WRONG = FaultKind("registry.wrong_value", "{label}：{zh}", "{label_en}: {en}")
LEFT_OUT = FaultKind("registry.left_out", "{label}：{zh}本项不导入。", "{label_en}: {en} Left out.", FaultLevel.WARNING)
NO_GRID = FaultKind("registry.no_grid", "没有网格编码，坐标也不在任何网格内。", "No grid, and no point in one.")
OUT_OF_AREA = FaultKind("registry.row_out_of_area", "{code} 不在您的管辖范围内。", "{code} is outside your area.")
REFUSED = FaultKind(
    "registry.column_refused",
    "“{heading}”列不导入：{zh}。",
    "The column “{heading}” is not taken: {en}.",
    FaultLevel.WARNING,
)

MOST_KEPT = 50_000  # cells of one column
Given = Mapped | StagedRow
# Other headings in real sheets, GB/T 31000 among them.
ALIASES: dict[str, tuple[str, ...]] = {
    "id_number": ("公民身份号码", "身份证号", "身份证号码", "证件号码", "身份证"),
    "id_type": ("证件代码", "证件种类"),
    "phone": ("联系方式", "联系电话", "手机", "手机号", "电话"),
    "birth_date": ("出生年月", "生日"),
    "registration": ("人口性质", "人员类别"),
    "education": ("文化程度",),
    "household_region": ("户籍地代码",),
    "household_address": ("户籍门(楼)详址", "户籍地址"),
    "residence_address": ("现住门(楼)详址", "居住地址", "现住址"),
    "house_no": ("房屋编号", "房屋编码"),
    "address": ("房屋地址", "详细地址", "地址", "住所", "所在地址"),
    "credit_code": ("统一社会信用代码/工商执照注册号", "信用代码"),
    "use": ("建筑用途",),
    "rental_use": ("出租用途",),
    "hazard": ("隐患类型", "安全隐患类型"),
    "permit_expires": ("有效期至", "证件到期日期"),
    "staff": ("从业人员数量", "从业人数"),
    "number": ("标识码", "部件标识码"),
}
PLACE = (
    Column(name="code", zh="网格编码", en="Grid", type=FieldType.CODE, aliases=("所属网格", "网格"), max_length=17),
    Column(name="lon", zh="经度", en="Longitude", type=FieldType.DECIMAL, aliases=("x", "lng")),
    Column(name="lat", zh="纬度", en="Latitude", type=FieldType.DECIMAL, aliases=("y",)),
)
TYPES = {Type.DATE: FieldType.DATE, Type.CODE: FieldType.TEXT, Type.CREDIT: FieldType.CODE, Type.REGION: FieldType.CODE}


def columns_of(kind: str) -> tuple[Column, ...]:
    return tuple(_column(field) for field in KINDS[kind]) + PLACE


def owners(kind: str) -> frozenset[str]:
    """The departments that keep a field of it."""
    return frozenset(field.owner for field in KINDS[kind] if field.owner)


def refused_columns(headings: list[str]) -> Iterator[Fault]:
    """Each column of the file that the dictionary refuses, said once."""
    for heading in headings:
        if (refused := refusal_of(heading)) is not None:
            yield REFUSED(column=heading, heading=heading, zh=refused.zh, en=refused.en)


class RowReader:
    """Rows of one kind read by the dictionary, column by column. A cell that was right once is right again and not read
    anew; nothing sealed is remembered."""

    def __init__(self, kind: str, today: date) -> None:
        self._fields = [
            (field, reader_of(field, today), None if field.is_sealed else dict[str, Any]()) for field in KINDS[kind]
        ]

    def read(self, rows: Sequence[Given], faults: list[Fault]) -> list[dict[str, Any]]:
        """Values by field. What is wrong in a field that is needed is an error, elsewhere a warning and left out."""
        given = [row.values for row in rows]
        found: list[dict[str, Any]] = [{} for _ in rows]
        said = {name for values in given for name, text in values.items() if text}
        for field, read, kept in self._fields:
            name = field.name
            if name not in said:
                continue
            for at, values in enumerate(given):
                if not (text := values.get(name)):
                    continue
                value = kept.get(text) if kept is not None else None
                if value is None:
                    try:
                        value = _read_one(field, read, text)
                    except Unreadable as unreadable:
                        faults.append(_unreadable(field, unreadable, rows[at].number))
                        value = empty_of(field)
                    else:
                        if kept is not None and len(kept) < MOST_KEPT:
                            kept[text] = value
                found[at][name] = value
        return found


def _read_one(field: Field, read: Callable[[Any], Any], text: str) -> Any:
    """Raises Unreadable."""
    written = code_of(field, text) if field.type is Type.CODE else text
    return read(written) if written.strip() else empty_of(field)


def code_of(field: Field, text: str) -> str:
    """A code written as its name: 男 is 1."""
    if field.type is not Type.CODE:
        return text
    names = CODE_LISTS[field.codes].names
    if text in names:
        return text
    plain = text.strip()
    return next((code for code, name in names.items() if name == plain), _near(names, plain))


@dataclass(frozen=True, slots=True)
class Places:
    """Grids of today, as a map and by code; communities by code."""

    index: LocationIndex
    known: frozenset[str]

    def of(self, rows: Sequence[Mapping[str, str]]) -> list[str]:
        """For each row the grid of its point, else the grid or community given, where there is one; else ""."""
        given = [row.get("code", "") for row in rows]
        found = [code if code in self.known else "" for code in given]
        placed = [(at, row["lon"], row["lat"]) for at, row in enumerate(rows) if row.get("lon") and row.get("lat")]
        lons, lats = (np.array([one[axis] for one in placed], dtype=np.float64) for axis in (1, 2))
        for (at, _, _), code in zip(placed, self.index.locate_many(lons, lats), strict=True):
            found[at] = code or found[at]
        return found


def places_of_today() -> Places:
    today = clock.today()
    grids = Grid.objects.filter(valid_to=None).values_list("code", flat=True)
    communities = Division.objects.on(today).filter(level=Level.COMMUNITY).values_list("code", flat=True)
    return Places(index(), frozenset((*grids, *communities)))


def place_faults(code: str, number: int, context: ImportContext) -> Iterator[Fault]:
    if not code:
        yield NO_GRID(row=number, column="code")
    elif not context.by.covers(code):
        yield OUT_OF_AREA(row=number, subject=code, code=code)


def _unreadable(field: Field, unreadable: Unreadable, number: int) -> Fault:
    said = WRONG if field.required else LEFT_OUT
    words: dict[str, Any] = {"label": field.zh, "label_en": field.en}
    words |= {"zh": unreadable.problem.zh, "en": unreadable.problem.en}
    return said(row=number, column=field.name, **words)


def _column(field: Field) -> Column:
    return Column(
        name=field.name,
        zh=field.zh,
        en=field.en,
        type=TYPES.get(field.type, FieldType.TEXT),
        required=field.required and field.name != "registration",
        aliases=ALIASES.get(field.name, ()),
        help_zh=field.why_zh,
        help_en=field.why_en,
    )


def _near(names: Mapping[str, str], text: str) -> str:
    """男性, 已婚(初婚), 大学本科: the one name that stands in it, or the code with its zero lost."""
    inside = [code for code, name in names.items() if name and name in text]
    if len(inside) == 1:
        return inside[0]
    return text.zfill(2) if text.isdigit() and text.zfill(2) in names else text
