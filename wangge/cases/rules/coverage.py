"""Which cells (category × grid) the dispatch rules leave open, meet twice, or never reach.

Pure. A cell without a rule is no fault: history or a person names the unit there. It is what a district wants to see.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from wangge.cases.rules.suggest import DispatchRule
from wangge.core.codes import END, Level

PLACES = (Level.CITY, Level.DISTRICT, Level.STREET, Level.COMMUNITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A category as rules look at it."""

    category_id: int
    scheme_id: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One category over all grids. `doubled`: grids where a later rule names another unit too. `gaps`: the widest
    places without any rule, with how many grids each has."""

    category_id: int
    covered: int
    doubled: int
    gaps: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Of one rule: cells it matches, and those of them where it is the first to."""

    rule_id: int
    cells: int
    first: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lint:
    grids: int
    rows: tuple[Row, ...]
    reach: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class _Painted:
    covered: int
    doubled: int
    gaps: tuple[tuple[str, int], ...]
    cells: tuple[int, ...]  # by rule, in the order they were asked
    first: tuple[int, ...]


def lint(kinds: Iterable[Kind], grids: Iterable[str], rules: Sequence[DispatchRule]) -> Lint:
    """`rules` in their order, those that hold on the day alone. Categories met by the same rules are painted once."""
    ground = sorted(grids)
    sizes = _sizes(ground)
    painted: dict[tuple[int, ...], _Painted] = {}
    cells: Counter[int] = Counter()
    first: Counter[int] = Counter()
    rows = []
    for kind in kinds:
        own = tuple(at for at, rule in enumerate(rules) if _names(rule, kind))
        if own not in painted:
            painted[own] = _paint([rules[at] for at in own], ground, sizes)
        found = painted[own]
        for at, many, firsts in zip(own, found.cells, found.first, strict=True):
            cells[at] += many
            first[at] += firsts
        rows.append(Row(category_id=kind.category_id, covered=found.covered, doubled=found.doubled, gaps=found.gaps))
    reach = tuple(Reach(rule_id=rule.id, cells=cells[at], first=first[at]) for at, rule in enumerate(rules))
    return Lint(grids=len(ground), rows=tuple(rows), reach=reach)


def _names(rule: DispatchRule, kind: Kind) -> bool:
    return rule.scheme_id in (None, kind.scheme_id) and kind.path.startswith(rule.category_path)


def _paint(rules: Sequence[DispatchRule], ground: list[str], sizes: Counter[str]) -> _Painted:
    owner: list[int | None] = [None] * len(ground)  # the unit of the first rule
    doubled: set[int] = set()
    cells, first = [], []
    for rule in rules:
        low, high = bisect_left(ground, rule.code), bisect_left(ground, rule.code + END)
        mine = 0
        for at in range(low, high):
            if owner[at] is None:
                owner[at] = rule.unit_id
                mine += 1
            elif owner[at] != rule.unit_id:
                doubled.add(at)
        cells.append(high - low)
        first.append(mine)
    open_ones = [code for code, unit in zip(ground, owner, strict=True) if unit is None]
    return _Painted(len(ground) - len(open_ones), len(doubled), _widest(open_ones, sizes), tuple(cells), tuple(first))


def _widest(open_ones: list[str], sizes: Counter[str]) -> tuple[tuple[str, int], ...]:
    """Each open grid by the widest place that is open as a whole, else by itself."""
    here = _sizes(open_ones)
    found: dict[str, int] = {}
    for code in open_ones:
        whole = next((code[:n] for n in PLACES if here[code[:n]] == sizes[code[:n]]), code)
        found[whole] = sizes[whole] if len(whole) in PLACES else 1
    return tuple(found.items())


def _sizes(codes: Iterable[str]) -> Counter[str]:
    return Counter(code[:n] for code in codes for n in PLACES)
