"""Units from a file: new ones made, those above first; of known ones name and telephone are brought up to date."""

from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from wangge.accounts.access import administers
from wangge.accounts.actions.units import LONGEST_PATH, unit_faults
from wangge.accounts.importers.staleness import check_still_fits
from wangge.accounts.models import Unit
from wangge.accounts.permissions import Permission
from wangge.accounts.rules import as_range
from wangge.core import clock, journal, revisions
from wangge.core.importing.faults import Fault, FaultKind
from wangge.core.importing.fields import Field, FieldType
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped

TWICE = FaultKind("unit.code_twice", "单位编码“{code}”在文件中出现多次。", "The unit code “{code}” appears twice.")
UNKNOWN_PARENT = FaultKind("unit.unknown_parent", "没有上级单位“{code}”。", "There is no unit “{code}” above.")
IN_A_CIRCLE = FaultKind("unit.circle", "上级单位互相嵌套：“{code}”。", "The units above form a circle: “{code}”.")
PARENT_UNFIT = FaultKind("unit.parent_unfit", "上级单位“{code}”一行有误。", "The row of “{code}” above has a fault.")
OUT_OF_AREA = FaultKind("unit.out_of_area", "“{code}”不在您的管理范围内。", "“{code}” is outside your area.")
MOVED = FaultKind(
    "unit.moved",
    "“{code}”已存在，类型、上级或区划不同；单位不能移动，请撤销后新设。",
    "“{code}” exists with another kind, parent or division; units are not moved.",
)
NOT_FIT = FaultKind("unit.not_fit", "{zh}", "{en}")

RENAMED = ("name", "short_name", "phone")


class UnitsImporter:
    kind = "units"
    permission = Permission.ACCOUNT_EDIT
    zh = "单位"
    en = "Units"
    takes_geometry = False
    most_rows = 200_000  # all are held at once, to be compared with each other
    fields: tuple[Field, ...] = (
        Field(name="code", zh="单位编码", en="Code", type=FieldType.CODE, required=True, max_length=32),
        Field(name="name", zh="单位名称", en="Name", required=True, max_length=100, aliases=("名称", "单位")),
        Field(name="short_name", zh="简称", en="Short name", max_length=100),
        Field(
            name="kind",
            zh="类型",
            en="Kind",
            type=FieldType.CHOICE,
            required=True,
            choices={
                "centre": ("指挥中心", "中心", "分中心", "工作站"),
                "department": ("部门",),
                "branch": ("部门分支", "分支", "中队", "派出机构"),
            },
        ),
        Field(name="parent", zh="上级单位编码", en="Unit above", type=FieldType.CODE, max_length=32),
        Field(
            name="division",
            zh="区划代码",
            en="Division",
            type=FieldType.CODE,
            required=True,
            help_zh="6、9 或 12 位统计用区划代码",
            help_en="6, 9 or 12 digits",
        ),
        Field(name="phone", zh="办公电话", en="Office telephone", max_length=100, aliases=("电话",)),
        Field(name="valid_from", zh="设立日期", en="Since", type=FieldType.DATE),
    )

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        context.by.require(self.permission)
        read = list(rows)
        known = {unit.code: unit for unit in Unit.objects.select_related("parent")}
        planned = _plan({row.values.get("code", ""): row.values for row in read}, known, _today(context))
        seen: set[str] = set()
        for row in read:
            code = row.values.get("code", "")
            if not code:
                continue  # said already: the field is required
            if code in seen:
                yield TWICE(row=row.number, column="code", subject=code, code=code)
                continue
            seen.add(code)
            yield from _row_faults(row, known, planned, context)

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        read = list(rows)
        known = {unit.code: unit for unit in Unit.objects.select_for_update(no_key=True, of=("self",))}
        check_still_fits(self, read, context)
        values = {row.values["code"]: row.values for row in read}
        planned = _plan(values, known, _today(context))
        made = [unit for unit in planned.values() if unit.code not in known]
        for depth in sorted({unit.path.count("/") for unit in made}):
            Unit.objects.bulk_create(unit for unit in made if unit.path.count("/") == depth)
        changed = _renamed(values, known)
        Unit.objects.bulk_update(changed, RENAMED)
        counts = Counts(created=len(made), changed=len(changed), unchanged=len(values) - len(made) - len(changed))
        entry = journal.Entry(
            kind="units.imported",
            subject=("import", str(batch_id)),
            code=context.by.division,
            permission=Permission.ACCOUNT_EDIT,
            data={"created": counts.created, "changed": counts.changed},
        )
        journal.record(entry, by=context.by, at=context.at)
        revisions.bump("units")
        return counts


def _plan(values: dict[str, dict[str, str]], known: dict[str, Unit], today: date) -> dict[str, Unit]:
    """Every unit of the file as it would be, with its parent; those in a circle or without a parent have no path."""
    planned: dict[str, Unit] = {}

    for code in values:
        for each in _from_above(code, values, planned):
            unit = _unit(values[each], today)
            if parent := values[each].get("parent", ""):
                unit.parent = planned.get(parent) if parent in values else known.get(parent)
                above = unit.parent.path if unit.parent else ""
                unit.path = f"{above}{each}/" if 0 < len(above) <= LONGEST_PATH else ""
            planned[each] = unit
    return planned


def _from_above(code: str, values: dict[str, dict[str, str]], planned: dict[str, Unit]) -> list[str]:
    """The unit and those above it in the file that are not planned yet, the highest first; a circle is cut open."""
    chain: dict[str, None] = {}
    while code in values and code not in planned and code not in chain:
        chain[code] = None
        code = values[code].get("parent", "")
    return list(reversed(chain))


def _unit(values: dict[str, str], today: date) -> Unit:
    day = values.get("valid_from", "")
    return Unit(
        code=values.get("code", ""),
        name=values.get("name", ""),
        short_name=values.get("short_name", ""),
        kind=values.get("kind", ""),
        division=as_range(values.get("division", "")) or values.get("division", ""),
        phone=values.get("phone", ""),
        path=f"{values.get('code', '')}/",
        valid_from=date.fromisoformat(day) if day else today,
    )


def _row_faults(
    row: Mapped, known: dict[str, Unit], planned: dict[str, Unit], context: ImportContext
) -> Iterator[Fault]:
    code, parent = row.values["code"], row.values.get("parent", "")
    unit, before = planned[code], known.get(code)
    about = {"row": row.number, "subject": code}
    if parent and unit.parent is None:
        kind = UNKNOWN_PARENT if parent not in planned else IN_A_CIRCLE
        yield kind(**about, column="parent", code=parent)  # type: ignore[arg-type]
        return
    if not unit.path:
        yield PARENT_UNFIT(**about, column="parent", code=parent)  # type: ignore[arg-type]
        return
    for field, message in unit_faults(unit).items():
        column = "parent" if field == "parent_id" else field
        yield NOT_FIT(**about, column=column, zh=message.zh, en=message.en)  # type: ignore[arg-type]
    if not administers(context.by, unit) or (before is not None and not administers(context.by, before)):
        yield OUT_OF_AREA(**about, column="division", code=code)  # type: ignore[arg-type]
    if before is not None and (before.kind, before.path, before.division) != (unit.kind, unit.path, unit.division):
        yield MOVED(**about, column="code", code=code)  # type: ignore[arg-type]


def _renamed(values: dict[str, dict[str, str]], known: dict[str, Unit]) -> list[Unit]:
    changed = []
    for code, found in values.items():
        unit = known.get(code)
        wanted = {name: found[name] for name in RENAMED if found.get(name)}
        if unit is None or all(getattr(unit, name) == value for name, value in wanted.items()):
            continue
        for name, value in wanted.items():
            setattr(unit, name, value)
        changed.append(unit)
    return changed


def _today(context: ImportContext) -> date:
    return clock.day_of(context.at)
