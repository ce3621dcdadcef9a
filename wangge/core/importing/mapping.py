"""From the columns of a file to the fields of an importer; kept, so that next month's file needs no thought."""

import dataclasses
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import islice, repeat
from typing import Any

from wangge.core.errors import Invalid
from wangge.core.importing.faults import Fault, FaultKind
from wangge.core.importing.fields import Field, FieldType, canonical, form_of, half_width
from wangge.core.importing.rows import Row

REQUIRED = FaultKind("cell.required", "“{label}”不能为空。", "“{label_en}” must not be empty.")
BAD_VALUE = FaultKind(
    "cell.bad_value",
    "“{value}”不能作为“{label}”，应为{wanted}。",
    "“{value}” is not right for “{label_en}”: it is {wanted_en}.",
)
NOT_TRANSLATED = FaultKind(
    "cell.not_translated", "“{value}”不在“{label}”的对照表里。", "“{value}” is not in the table for “{label_en}”."
)
UNKNOWN_FIELD = FaultKind("mapping.unknown_field", "没有“{name}”这一项。", "There is no field “{name}”.")
FIELD_TWICE = FaultKind("mapping.field_twice", "“{name}”给了两次。", "The field “{name}” is given twice.")
UNKNOWN_COLUMN = FaultKind("mapping.unknown_column", "文件里没有“{name}”这一列。", "The file has no column “{name}”.")
NO_SOURCE = FaultKind("mapping.no_source", "“{name}”没有来源。", "The field “{name}” has no source.")
MISSING_FIELD = FaultKind(
    "mapping.missing_field", "必填项“{label}”没有对应的列。", "Required field “{label_en}” has no column."
)


AT_ONCE = 500  # rows of a page
MOST_KEPT = 50_000  # cells remembered of one column: days, codes and grids are fewer


ReadColumn = Callable[[Sequence[Row], Sequence[list[Fault]]], list[str]]


class Otherwise(StrEnum):
    """What becomes of a value the table does not hold."""

    KEEP = "keep"
    FAULT = "fault"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Where one field comes from: a constant, or columns joined; then the table, then the default if still empty."""

    field: str
    columns: tuple[str, ...] = ()
    join: str = ""
    constant: str = ""
    values: Mapping[str, str] = dataclasses.field(default_factory=dict)
    otherwise: Otherwise = Otherwise.KEEP
    date_format: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Mapped:
    number: int
    values: dict[str, str]  # by field, canonical
    geometry: bytes | None
    faults: tuple[Fault, ...]


class MappingUnreadable(Invalid):
    code = "import.mapping_unreadable"
    zh = "列对应关系的格式不对。"
    en = "The column mapping is not well formed."


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    rules: tuple[Rule, ...]

    def apply(self, rows: Iterable[Row], fields: Sequence[Field]) -> Iterator[Mapped]:
        """Every row, with what is wrong in it; a row with errors still carries what could be read.

        A page of rows is read at once, column by column.
        """
        known = {one.name: one for one in fields}
        reads = [(rule.field, _reading(rule, known[rule.field])) for rule in self.rules if rule.field in known]
        names, waiting = [name for name, _ in reads], iter(rows)
        while page := list(islice(waiting, AT_ONCE)):
            faults = [list(row.faults) for row in page]
            columns = [read(page, faults) for _, read in reads]
            cells = zip(*columns, strict=True) if columns else repeat(())
            for row, found, texts in zip(page, faults, cells, strict=False):
                yield Mapped(row.number, dict(zip(names, texts, strict=True)), row.geometry, tuple(found))

    def faults(self, fields: Sequence[Field], columns: Sequence[str]) -> list[Fault]:
        """What makes the mapping unfit for these fields and this file."""
        known = {one.name for one in fields}
        named = [rule.field for rule in self.rules]
        found = [UNKNOWN_FIELD(name=name) for name in named if name not in known]
        found += [FIELD_TWICE(name=name) for name in dict.fromkeys(named) if named.count(name) > 1]
        for rule in self.rules:
            found += [UNKNOWN_COLUMN(column=name, name=name) for name in rule.columns if name not in columns]
            if not (rule.columns or rule.constant or rule.default):
                found.append(NO_SOURCE(name=rule.field))
        found += [
            MISSING_FIELD(label=one.zh, label_en=one.en) for one in fields if one.required and one.name not in named
        ]
        return found

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(rule) for rule in self.rules]


def mapping_from(data: object) -> ColumnMapping:
    """What `as_json` wrote. Raises MappingUnreadable."""
    try:
        if not isinstance(data, list):
            raise TypeError("a mapping is a list of rules")
        return ColumnMapping(tuple(_rule_from(item) for item in data))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise MappingUnreadable(reason=str(error)[:200]) from error


def guess_mapping(columns: Sequence[str], fields: Sequence[Field]) -> ColumnMapping:
    """The columns whose heading is a name of a field, exactly first, then as a part; each column is used once."""
    free = {column: _plain(column) for column in columns}
    rules: dict[str, Rule] = {}
    for exact in (True, False):
        for wanted in fields:
            names = [_plain(name) for name in (wanted.name, wanted.zh, wanted.en, *wanted.aliases) if name]
            column = None if wanted.name in rules else _best(free, names, exact)
            if column is not None:
                rules[wanted.name] = Rule(field=wanted.name, columns=(column,))
                del free[column]
    return ColumnMapping(tuple(rules[one.name] for one in fields if one.name in rules))


def _best(free: Mapping[str, str], names: Sequence[str], exact: bool) -> str | None:
    for name in names:  # in the order of the names: the field's own before its aliases
        for column, plain in free.items():
            if plain == name or (not exact and len(name) > 1 and name in plain):
                return column
    return None


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", half_width(name)).casefold()


def _reading(rule: Rule, wanted: Field) -> ReadColumn:
    """`_value` of one rule. Where one column decides, a cell read once says the same the next time."""
    if len(rule.columns) != 1 or rule.constant:
        return lambda rows, faults: [_value(row, rule, wanted, found) for row, found in zip(rows, faults, strict=True)]
    column, kept, longest = rule.columns[0], dict[str, str](), wanted.max_length
    is_plain = not (rule.values or rule.default or wanted.required)
    as_it_stands = is_plain and wanted.type is FieldType.TEXT

    def cell(row: Row, text: str, faults: list[Fault]) -> str:
        before = len(faults)
        value = plainly(text) if is_plain else None
        if value is None:
            value = _value(row, rule, wanted, faults)
        if len(faults) == before and len(kept) < MOST_KEPT:
            kept[text] = value
        return value

    def plainly(text: str) -> str | None:
        """Coordinates and numbers, of which no two cells say the same: None where something must be said of it."""
        try:
            return canonical(wanted, text, rule.date_format)
        except ValueError:
            return None

    def read(rows: Sequence[Row], faults: Sequence[list[Fault]]) -> list[str]:
        texts = [row.values.get(column, "") for row in rows]
        if as_it_stands and max(map(len, texts)) <= longest:
            return texts
        found = list(map(kept.get, texts))
        return [
            cell(rows[at], text, faults[at]) if value is None else value
            for at, (text, value) in enumerate(zip(texts, found, strict=True))
        ]

    return read


def _value(row: Row, rule: Rule, wanted: Field, faults: list[Fault]) -> str:
    column = rule.columns[0] if rule.columns else None
    text = rule.constant or rule.join.join(part for name in rule.columns if (part := row.values.get(name, "")))
    words: dict[str, Any] = {"label": wanted.zh, "label_en": wanted.en}
    if rule.values and text:
        if text in rule.values:
            text = rule.values[text]
        elif rule.otherwise is Otherwise.FAULT:
            faults.append(NOT_TRANSLATED(row=row.number, column=column, value=text, **words))
            return ""
        elif rule.otherwise is Otherwise.DEFAULT:
            text = ""
    text = text or rule.default
    try:
        value = canonical(wanted, text, rule.date_format)
    except ValueError:
        form = form_of(wanted)
        words |= {"wanted": form.zh, "wanted_en": form.en}
        faults.append(BAD_VALUE(row=row.number, column=column, value=text, **words))
        return ""
    if wanted.required and not value:
        faults.append(REQUIRED(row=row.number, column=column, **words))
    return value


def _rule_from(item: Mapping[str, Any]) -> Rule:
    texts = {name: item.get(name) or "" for name in ("join", "constant", "date_format", "default")}
    columns, values = item.get("columns") or (), item.get("values") or {}
    words = [item["field"], *texts.values(), *columns, *values.keys(), *values.values()]
    if isinstance(columns, str) or not all(isinstance(word, str) for word in words):
        raise TypeError("names and values are text")
    otherwise = Otherwise(item.get("otherwise") or Otherwise.KEEP)
    return Rule(field=item["field"], columns=tuple(columns), values=dict(values), otherwise=otherwise, **texts)
