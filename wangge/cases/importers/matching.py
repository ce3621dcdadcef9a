"""What the words of a file mean here: a place, a unit, a category. Each is read once for the whole file."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from wangge.accounts.models import Unit
from wangge.cases.models import Category
from wangge.core import codes
from wangge.core.actor import Actor
from wangge.core.importing.fields import half_width
from wangge.grids import queries as grids
from wangge.grids.models import Alias, Division, Grid

# How files write that they do not know.
UNKNOWN = frozenset({"-", "--", "—", "——", "/", "\\", "无", "未知", "不详", "暂无", "null", "none", "n/a", "na"})
_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")


def known(text: str) -> str:
    """The text, or "" for the ways of saying that nobody knows."""
    return "" if text.strip().casefold() in UNKNOWN else text.strip()


def plain(name: str) -> str:
    """Without what stands in brackets, and without signs: two spellings of one unit differ in these."""
    return re.sub(r"[\W_]+", "", _BRACKETS.sub("", half_width(name))).casefold()


@dataclass(frozen=True, slots=True)
class Found:
    """`exact`: said just so; otherwise somebody should look."""

    code: str
    exact: bool


class Places:
    """A place by point, by code, by alias, or by names from the top: district, street, community."""

    def __init__(self, *, under: str, alias_scheme: str) -> None:
        low, high = codes.code_range(under) if under else ("", codes.END)
        rows = Division.objects.filter(code__gte=low, code__lt=high, valid_to__isnull=True)
        self._divisions = {row.code: row for row in rows}
        self._names: dict[str, list[str]] = {}
        for row in self._divisions.values():
            for name in {row.name, row.short_name} - {""}:
                self._names.setdefault(plain(name), []).append(row.code)
        self._grids = set(Grid.objects.filter(code__gte=low, code__lt=high).values_list("code", flat=True))
        aliases = Alias.objects.filter(scheme=alias_scheme, valid_to__isnull=True) if alias_scheme else []
        self._aliases = {row.alias: row.code for row in aliases}
        self._index = grids.index()

    def by_point(self, lon: float, lat: float) -> str | None:
        return self._index.locate(lon, lat)

    def by_code(self, text: str) -> str | None:
        """A grid, a division, or what another system calls one."""
        if text in self._aliases:
            return self._aliases[text]
        if text in self._grids:
            return text
        try:
            code = codes.significant(text)
        except ValueError:
            return None
        return code if code in self._divisions else None

    def by_names(self, names: Iterable[str]) -> Found | None:
        """The deepest of these that is known and lies under the ones before it."""
        given = [name for name in names if name]
        found, exact = "", True
        for name in given:
            below = [code for code in self._names.get(plain(name), []) if code.startswith(found)]
            if len(below) == 1:
                found = below[0]
            else:
                exact = False
        return Found(found, exact) if found else None


class Units:
    """A unit by its code, its name, or its name spelled otherwise."""

    def __init__(self) -> None:
        rows = list(Unit.objects.all())
        self._by_code = {row.code: row for row in rows}
        self._by_name: dict[str, list[Unit]] = {}
        self._by_plain: dict[str, list[Unit]] = {}
        for row in rows:
            for name in {row.name, row.short_name} - {""}:
                self._by_name.setdefault(name, []).append(row)
                self._by_plain.setdefault(plain(name), []).append(row)

    def find(self, code: str, name: str) -> tuple[Unit | None, bool]:
        """The unit, and whether it is spelled as here."""
        if code and code in self._by_code:
            unit = self._by_code[code]
            return unit, not name or name in {unit.name, unit.short_name}
        for rows, exact in ((self._by_name.get(name, []), True), (self._by_plain.get(plain(name), []), False)):
            if name and len(rows) == 1:
                return rows[0], exact
        return None, False


class Categories:
    """A category of one scheme by its code, or by its names from the top."""

    def __init__(self, *, scheme: str, version: str) -> None:
        rows = Category.objects.filter(scheme__code=scheme)
        rows = rows.filter(scheme__version=version) if version else rows.order_by("scheme__valid_from")
        self._by_code: dict[str, list[Category]] = {}
        self._by_names: dict[tuple[str, ...], Category] = {}
        self._by_name: dict[str, list[Category]] = {}
        every = {row.pk: row for row in rows}
        for row in every.values():
            self._by_code.setdefault(row.code, []).append(row)
            self._by_name.setdefault(plain(row.name_zh), []).append(row)
            self._by_names[self._names_of(row, every)] = row

    def find(self, code: str, names: Iterable[str]) -> Category | None:
        given = tuple(plain(name) for name in names if name)
        by_names = self._by_names.get(given) if given else None
        if by_names is not None:
            return by_names
        coded = self._by_code.get(code, []) if code else []
        if given and len(coded) > 1:
            coded = [row for row in coded if plain(row.name_zh) == given[-1]]
        if len(coded) == 1:
            return coded[0]
        named = self._by_name.get(given[-1], []) if given else []
        return named[0] if len(named) == 1 else None

    def _names_of(self, row: Category, every: dict[int, Category]) -> tuple[str, ...]:
        names: list[str] = []
        node: Category | None = row
        while node is not None:
            names.insert(0, plain(node.name_zh))
            node = every.get(node.parent_id) if node.parent_id else None
        return tuple(names)


def is_covered(by: Actor, code: str) -> bool:
    return by.is_system or by.covers(code)
