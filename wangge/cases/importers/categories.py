"""A city's standard: kinds in up to three levels, each with its 立案条件, 结案条件 and 处置时限.

Codes may be missing (a tree of names alone): then each new name gets the next free number under its parent, and
keeps it when the file comes again. One subclass may have several conditions, each with its own limit.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.cases.actions.categories import limit_as_json
from wangge.cases.configuration import REVISION, units
from wangge.cases.models import Category, Condition, Scheme
from wangge.cases.rules.limits import LimitKind, LimitUnreadable, TimeLimit, parse_limit
from wangge.core import clock, journal, revisions
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.importing.fields import Field, FieldType
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped

LEVELS = ("major", "minor", "third")
CODE = re.compile(r"[A-Za-z0-9._-]{1,32}")

NO_SCHEME = FaultKind("category.no_scheme", "请给出目录代号（scheme）。", "Say which scheme this is (option `scheme`).")
BAD_CODE = FaultKind(
    "category.bad_code",
    "“{code}”不能作类别编码：字母、数字、点、横线，最多 32 位。",
    "“{code}” is no category code: letters, digits, dots and dashes, 32 at most.",
)
GAP = FaultKind("category.gap", "填了下一级，却没有填上一级。", "A lower level is given without the one above it.")
SEVERAL_NAMES = FaultKind(
    "category.several_names",
    "编码 {code} 在第 {first} 行叫“{name}”，这里叫“{other}”；只取前者。",
    "The code {code} is “{name}” in row {first} and “{other}” here; the first is taken.",
    FaultLevel.WARNING,
)
SEVERAL_CODES = FaultKind(
    "category.several_codes",
    "“{name}”在第 {first} 行的编码是 {code}，这里是 {other}，按两个类别处理。",
    "“{name}” has the code {code} in row {first} and {other} here; they are taken as two.",
    FaultLevel.WARNING,
)
REPEATED = FaultKind(
    "category.repeated",
    "与第 {first} 行重复（同一类别、条件和时限），只取一次。",
    "The same as row {first} (category, condition and limit); taken once.",
    FaultLevel.WARNING,
)
LIMITS_DIFFER = FaultKind(
    "category.limits_differ",
    "同一类别、同一立案条件在第 {first} 行已有另一时限。",
    "The same condition of this category has another limit in row {first}.",
)
UNIT_UNKNOWN = FaultKind(
    "category.unit_unknown",
    "处置单位“{name}”不是系统中的单位，只保留文字。",
    "“{name}” is no unit here; the words alone are kept.",
    FaultLevel.WARNING,
)


def _text(name: str, zh: str, en: str, *aliases: str, required: bool = False, longest: int = 200) -> Field:
    return Field(name=name, zh=zh, en=en, aliases=aliases, required=required, max_length=longest)


class CategoriesImporter:
    kind = "categories"
    permission = Permission.CATEGORY_EDIT
    zh = "事项类别"
    en = "Categories"
    takes_geometry = False
    fields: tuple[Field, ...] = (
        Field(name="major_code", zh="大类代码", en="Major code", type=FieldType.CODE, aliases=("大类编码", "一级代码")),
        _text("major_name", "大类名称", "Major name", "大类", "一级分类", "一级类别", required=True),
        Field(name="minor_code", zh="小类代码", en="Minor code", type=FieldType.CODE, aliases=("小类编码", "二级代码")),
        _text("minor_name", "小类名称", "Minor name", "小类", "二级分类", "二级类别"),
        Field(name="third_code", zh="三级代码", en="Third-level code", type=FieldType.CODE, aliases=("子类代码",)),
        _text("third_name", "三级分类", "Third level", "三级类别", "子类名称", "子类"),
        _text("accept_when", "立案条件", "Accept when", longest=4000),
        _text("close_when", "结案条件", "Close when", longest=4000),
        _text("limit", "处置时限", "Limit", "时限", "办理时限", longest=100),
        _text("unit", "处置单位", "Unit", "责任主体", "责任单位", longest=1000),
        _text("supervisor", "主管部门", "Competent department", "监管主体", "监管部门", longest=1000),
        _text("legal_basis", "法律法规依据", "Legal basis", "法律依据", longest=10_000),
        _text("legal_text", "法律法规具体条款", "Text of the law", "具体条款", longest=20_000),
        _text("collect", "采集要求", "What to record", longest=10_000),
    )
    options: tuple[Field, ...] = (
        _text("scheme", "目录代号", "Scheme code", required=True, longest=32),
        _text("version", "版本", "Version", longest=32),
        _text("name", "目录名称", "Name of the scheme"),
        _text("source", "来源", "Source", longest=500),
        Field(
            name="bare_day",
            zh="“天”的含义",
            en="What 天 means",
            type=FieldType.CHOICE,
            choices={
                LimitKind.NATURAL_DAYS: ("自然日",),
                LimitKind.LEGAL_DAYS: ("自然日顺延", "遇休息日顺延"),
                LimitKind.WORK_DAYS: ("工作日",),
            },
        ),
        Field(
            name="bare_hour",
            zh="“小时”的含义",
            en="What 小时 means",
            type=FieldType.CHOICE,
            choices={
                LimitKind.NATURAL_HOURS: ("自然小时",),
                LimitKind.WORK_HOURS: ("工作时",),
                LimitKind.URGENT_HOURS: ("紧急工作时",),
            },
        ),
    )

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        context.by.require(self.permission)
        if not CODE.fullmatch(context.options.get("scheme", "")):
            yield NO_SCHEME()
        seen = _Seen(names={unit.name for unit in units().by_id.values()})
        for row in rows:
            yield from seen.faults(row, context)

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        context.by.require(self.permission)
        tree = _Tree(_scheme(context), context)
        for row in rows:
            tree.take(row.values)
        counts = Counts(created=tree.created, changed=tree.changed, unchanged=tree.unchanged)
        journal.record(
            journal.Entry(
                kind="categories.imported",
                subject=("import", str(batch_id)),
                code=context.by.division,
                permission=Permission.CATEGORY_EDIT,
                data={
                    "scheme": tree.scheme.code,
                    "version": tree.scheme.version,
                    "created": counts.created,
                    "changed": counts.changed,
                },
            ),
            by=context.by,
            at=context.at,
        )
        revisions.bump(REVISION)
        return counts


@dataclass(slots=True)
class _Seen:
    """What the rows before said, to hold the next one against."""

    names: set[str]  # of units
    by_code: dict[tuple[str, ...], tuple[str, int]] = field(default_factory=dict)
    by_name: dict[tuple[str, ...], tuple[str, int]] = field(default_factory=dict)
    conditions: dict[tuple[str, ...], tuple[str, int]] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def faults(self, row: Mapped, context: ImportContext) -> Iterator[Fault]:
        path: tuple[str, ...] = ()
        for level in LEVELS:
            code, name = row.values.get(f"{level}_code", ""), row.values.get(f"{level}_name", "")
            if not name:
                continue
            if level == "third" and not row.values.get("minor_name"):
                yield GAP(row=row.number, column="third_name")
            if code and not CODE.fullmatch(code):
                yield BAD_CODE(row=row.number, column=f"{level}_code", code=code)
                continue
            yield from self._names(row.number, path, code, name)
            path = (*path, code or name)
        yield from self._limit(row, path, context)
        unit = row.values.get("unit", "")
        if unit and unit not in self.names and unit not in self.unknown:
            self.unknown.add(unit)
            yield UNIT_UNKNOWN(row=row.number, column="unit", name=unit)

    def _names(self, row: int, path: tuple[str, ...], code: str, name: str) -> Iterator[Fault]:
        if not code:
            return
        told, first = self.by_code.setdefault((*path, code), (name, row))
        if told != name:
            yield SEVERAL_NAMES(row=row, subject=code, code=code, first=first, name=told, other=name)
            return
        other, first = self.by_name.setdefault((*path, name), (code, row))
        if other != code:
            yield SEVERAL_CODES(row=row, subject=code, code=other, first=first, name=name, other=code)

    def _limit(self, row: Mapped, path: tuple[str, ...], context: ImportContext) -> Iterator[Fault]:
        text = row.values.get("limit", "")
        if text:
            try:
                limit_of(text, context)
            except LimitUnreadable as wrong:
                yield _unreadable(row.number, wrong)
        key = (*path, "|", row.values.get("accept_when", ""))
        if path and key in self.conditions:
            told, first = self.conditions[key]
            yield (REPEATED if told == text else LIMITS_DIFFER)(row=row.number, first=first)
        elif path:
            self.conditions[key] = (text, row.number)


class _Tree:
    """The scheme as it is, and as the rows make it. Everything of it is read once."""

    def __init__(self, scheme: Scheme, context: ImportContext) -> None:
        self.scheme, self._context = scheme, context
        self.created = self.changed = self.unchanged = 0
        rows = Category.objects.filter(scheme=scheme)
        self._by_path = {row.path: row for row in rows}
        self._by_name = {(row.parent_id, row.name_zh): row for row in self._by_path.values()}
        self._conditions: dict[int, list[Condition]] = {}
        for condition in Condition.objects.filter(category__scheme=scheme).order_by("category", "number"):
            self._conditions.setdefault(condition.category_id, []).append(condition)
        self._units = {unit.name: unit.id for unit in units().by_id.values()}

    def take(self, values: dict[str, str]) -> None:
        node, made = self._node(values)
        changed = self._describe(node, values)
        if any(values.get(name) for name in ("accept_when", "close_when")):
            condition_made, condition_changed = self._condition(node, values)
            made, changed = made or condition_made, changed or condition_changed
        elif limit := values.get("limit", ""):
            wanted = {**node.limits, "handle": limit_as_json(limit_of(limit, self._context))}
            if wanted != node.limits:
                node.limits, changed = wanted, True
                node.save(update_fields=["limits"])
        self.created += made
        self.changed += changed and not made
        self.unchanged += not made and not changed

    def _node(self, values: dict[str, str]) -> tuple[Category, bool]:
        node: Category | None = None
        made = False
        for level in LEVELS:
            name = values.get(f"{level}_name", "")
            if not name:
                break
            child = self._child(node, values.get(f"{level}_code", ""), name)
            if child is None:
                child, made = self._make(node, values.get(f"{level}_code", ""), name), True
            node = child
        if node is None:
            raise ValueError("a row without a major name passed the check")
        return node, made

    def _child(self, parent: Category | None, code: str, name: str) -> Category | None:
        if code:
            return self._by_path.get(f"{parent.path if parent else ''}{code}/")
        return self._by_name.get((parent.pk if parent else None, name))

    def _make(self, parent: Category | None, code: str, name: str) -> Category:
        code = code or self._next_code(parent)
        if parent is not None and parent.is_leaf:
            parent.is_leaf = False
            parent.save(update_fields=["is_leaf"])
        path = f"{parent.path if parent else ''}{code}/"
        row = Category.objects.create(scheme=self.scheme, parent=parent, code=code, path=path, name_zh=name)
        self._by_path[path] = self._by_name[parent.pk if parent else None, name] = row
        return row

    def _next_code(self, parent: Category | None) -> str:
        taken = {row.code for row in self._by_path.values() if row.parent_id == (parent.pk if parent else None)}
        return next(code for number in range(1, 10_000) if (code := f"{number:02}") not in taken)

    def _describe(self, node: Category, values: dict[str, str]) -> bool:
        names = {"supervisor": "supervisor", "collect": "collect"}
        wanted = {name: values[column] for name, column in names.items() if values.get(column)}
        changed = [name for name, value in wanted.items() if getattr(node, name) != value]
        for name in changed:
            setattr(node, name, wanted[name])
        if changed:
            node.save(update_fields=changed)
        return bool(changed)

    def _condition(self, node: Category, values: dict[str, str]) -> tuple[bool, bool]:
        """By its words: the same words are the same condition."""
        there = self._conditions.setdefault(node.pk, [])
        found = next((one for one in there if one.accept_when == values.get("accept_when", "")), None)
        wanted = self._wanted(values)
        if found is None:
            number = max((one.number for one in there), default=0) + 1
            there.append(Condition.objects.create(category=node, number=number, **wanted))
            return True, False
        changed = [name for name, value in wanted.items() if getattr(found, name) != value]
        for name in changed:
            setattr(found, name, wanted[name])
        if changed:
            found.save(update_fields=changed)
        return False, bool(changed)

    def _wanted(self, values: dict[str, str]) -> dict[str, Any]:
        limit = values.get("limit", "")
        unit = values.get("unit", "")
        return {
            "accept_when": values.get("accept_when", ""),
            "close_when": values.get("close_when", ""),
            "limits": {"handle": limit_as_json(limit_of(limit, self._context))} if limit else {},
            "unit_text": unit,
            "unit_id": self._units.get(unit),
            "legal_basis": values.get("legal_basis", ""),
            "legal_text": values.get("legal_text", ""),
        }


def limit_of(text: str, context: ImportContext) -> TimeLimit:
    """Raises LimitUnreadable."""
    day, hour = context.options.get("bare_day"), context.options.get("bare_hour")
    return parse_limit(
        text,
        bare_day=LimitKind(day) if day else LimitKind.NATURAL_DAYS,
        bare_hour=LimitKind(hour) if hour else LimitKind.NATURAL_HOURS,
    )


def _unreadable(row: int, wrong: LimitUnreadable) -> Fault:
    zh, en = wrong.message("zh"), wrong.message("en")
    if wrong.suggestion is not None:
        zh += f"（是否为 {wrong.suggestion.in_words('zh')}？）"
        en += f" (perhaps {wrong.suggestion.in_words('en')}?)"
    return Fault(code="category.limit", zh=zh, en=en, row=row, column="limit")


def _scheme(context: ImportContext) -> Scheme:
    options = context.options
    day = options.get("valid_from", "")
    scheme, _ = Scheme.objects.get_or_create(
        code=options["scheme"],
        version=options.get("version") or "1",
        defaults={
            "name_zh": options.get("name") or options["scheme"],
            "source": options.get("source") or "",
            "valid_from": date.fromisoformat(day) if day else clock.day_of(context.at),
        },
    )
    return scheme
