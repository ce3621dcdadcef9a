"""Which unit should handle a case: the first rule that matches, and who handled its like around here before.

Pure, and it never acts alone. A rule that matches but names a unit that has ended is shouted about and not passed over:
whoever wrote it meant this case, so the next rule would be a guess in its place.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from wangge.core.codes import Level

MOST = 5
ENOUGH = 3  # earlier cases before a place speaks for itself; with fewer, the wider place is asked
LEAST_SHARE = 0.01  # of the cases of a place: below, the reason would say "0 %" and send somebody nowhere
LEVELS = (Level.COMMUNITY, Level.STREET, Level.DISTRICT)


class Why(StrEnum):
    RULE = "rule"
    HISTORY = "history"


class Mismatch(StrEnum):
    SCHEME = "scheme"
    CATEGORY = "category"
    PLACE = "place"
    NOT_YET = "not_yet"
    ENDED = "ended"


class Broken(StrEnum):
    UNIT_ENDED = "unit_ended"
    UNIT_UNKNOWN = "unit_unknown"
    COMPLAINED_OF = "complained_of"


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchRule:
    """`category_path` and `code` are prefixes, "" for any; `unit_open` None: no such unit."""

    id: int
    scheme_id: int | None
    category_path: str
    code: str
    unit_id: int
    unit_open: bool | None
    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A case as far as routing looks at it. `barred`: units that may not have it (complained of) or
    cannot (ended). `areas`: division of each unit; what is not in it serves everywhere."""

    scheme_id: int | None
    category_id: int | None
    category_path: str
    code: str
    day: date
    barred: frozenset[int] = frozenset()
    areas: Mapping[int, str] = field(default_factory=dict)

    def serves_here(self, unit: int) -> bool:
        return self.code.startswith(self.areas.get(unit, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`code`: the place that the share is about; for history only."""

    unit_id: int
    why: Why
    rule_id: int | None = None
    code: str = ""
    count: int = 0
    total: int = 0

    @property
    def share(self) -> float:
        return self.count / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class BrokenRule:
    rule_id: int
    unit_id: int
    why: Broken


@dataclass(frozen=True, slots=True)
class Suggestions:
    items: tuple[Suggestion, ...]
    broken: BrokenRule | None = None

    @property
    def unit_ids(self) -> list[int]:
        return [one.unit_id for one in self.items]


# Of one category at one place: unit -> how many it handled.
Counts = Callable[[int, str], Mapping[int, int]]


def suggest(asked: Asked, rules: Sequence[DispatchRule], counts: Counts) -> Suggestions:
    """`rules` in their order. The rule's unit first, then history, at most five units."""
    rule = first_match(asked, rules)
    broken = _broken(asked, rule) if rule else None
    found: list[Suggestion] = []
    if rule is not None and broken is None:
        found.append(Suggestion(unit_id=rule.unit_id, why=Why.RULE, rule_id=rule.id))
    named = {one.unit_id for one in found} | asked.barred
    found += [one for one in from_history(asked, counts) if one.unit_id not in named]
    return Suggestions(tuple(found[:MOST]), broken)


def first_match(asked: Asked, rules: Sequence[DispatchRule]) -> DispatchRule | None:
    return next((rule for rule in rules if matches(asked, rule)), None)


def matches(asked: Asked, rule: DispatchRule) -> bool:
    return mismatch(asked, rule) is None


def mismatch(asked: Asked, rule: DispatchRule) -> Mismatch | None:
    """What keeps a rule from a case; None when it matches."""
    if rule.scheme_id not in (None, asked.scheme_id):
        return Mismatch.SCHEME
    if not asked.category_path.startswith(rule.category_path):
        return Mismatch.CATEGORY
    if not asked.code.startswith(rule.code):
        return Mismatch.PLACE
    if rule.valid_from > asked.day:
        return Mismatch.NOT_YET
    return None if rule.holds_on(asked.day) else Mismatch.ENDED


def from_history(asked: Asked, counts: Counts) -> list[Suggestion]:
    """From the nearest place with enough earlier cases (the widest with any, when none has); then from wider ones,
    where the workstation of another community has handled many and comes here for none. Who came here before may."""
    if asked.category_id is None:
        return []
    levels = [asked.code[:level] for level in LEVELS if len(asked.code) >= level]
    here = [_Handled(code, counts(asked.category_id, code)) for code in levels]
    known = [(place, units) for place in here if (units := place.units_for(asked, wider=place is not here[0]))]
    first = next((at for at, (_, units) in enumerate(known) if sum(units.values()) >= ENOUGH), len(known) - 1)
    best: dict[int, Suggestion] = {}
    for place, units in known[first:]:
        for one in place.ranked(units):
            best.setdefault(one.unit_id, one)
    return list(best.values())[:MOST]


@dataclass(frozen=True, slots=True)
class _Handled:
    """Earlier cases of one category at one place, by who handled them."""

    code: str
    counts: Mapping[int, int]

    def units_for(self, asked: Asked, *, wider: bool) -> dict[int, int]:
        return {
            unit: count
            for unit, count in self.counts.items()
            if unit not in asked.barred and (asked.serves_here(unit) or not wider)
        }

    def ranked(self, units: Mapping[int, int]) -> list[Suggestion]:
        """Shares of all cases there: who is passed over handled some of them nonetheless."""
        total = sum(self.counts.values())
        order = sorted(units.items(), key=lambda item: (-item[1], item[0]))
        return [
            Suggestion(unit_id=unit, why=Why.HISTORY, code=self.code, count=count, total=total)
            for unit, count in order[:MOST]
            if count >= LEAST_SHARE * total
        ]


def _broken(asked: Asked, rule: DispatchRule) -> BrokenRule | None:
    if rule.unit_open is None:
        return BrokenRule(rule.id, rule.unit_id, Broken.UNIT_UNKNOWN)
    if not rule.unit_open:
        return BrokenRule(rule.id, rule.unit_id, Broken.UNIT_ENDED)
    if rule.unit_id in asked.barred:
        return BrokenRule(rule.id, rule.unit_id, Broken.COMPLAINED_OF)
    return None
