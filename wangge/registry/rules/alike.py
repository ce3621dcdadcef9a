"""When two rows are likely one person: what they share, and what typing, hearing and filling in do to it. No two that
stand have one number (the table's `person_number_once`), so numbers only tell apart.

Thresholds were tried on generated people with known errors (tests/test_duplicates.py). Nothing is merged by this: it
only says which two a person should lay side by side.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import combinations

LARGEST_BLOCK = 60  # more that share one thing share nothing that tells (a works dormitory, a hotline's number)


class Sign(StrEnum):
    NAME = "name"
    NAME_NEAR = "name_near"
    BIRTH = "birth"
    BIRTH_NEAR = "birth_near"
    PHONE = "phone"
    HOME = "home"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """`name` as names.key has it. `number`, `phone`: keyed hashes; `has_fault`: the number's check digit is wrong."""

    id: Hashable
    name: str
    birth: date | None = None
    sex: str = ""
    number: bytes | None = None
    has_fault: bool = False
    phone: bytes | None = None
    home: Hashable = None
    address: str = ""  # where they say they live
    code: str = ""  # grid


# Any of these sets of signs will do.
ENOUGH: tuple[frozenset[Sign], ...] = tuple(
    frozenset(signs)
    for signs in (
        {Sign.NAME, Sign.BIRTH},
        {Sign.NAME, Sign.PHONE},
        {Sign.NAME, Sign.HOME},
        {Sign.NAME, Sign.ADDRESS},
        {Sign.NAME_NEAR, Sign.BIRTH, Sign.PHONE},
        {Sign.NAME_NEAR, Sign.BIRTH, Sign.HOME},
        {Sign.NAME_NEAR, Sign.PHONE, Sign.HOME},
        {Sign.NAME_NEAR, Sign.BIRTH_NEAR, Sign.PHONE},
    )
)


def alike(people: Iterable[Traits]) -> Iterator[tuple[Traits, Traits, frozenset[Sign]]]:
    """Each likely pair once, with what speaks for it."""
    seen: set[tuple[Hashable, Hashable]] = set()
    for one, other in _together(_telling(list(people))):
        key = (one.id, other.id)
        if key in seen:
            continue
        seen.add(key)
        signs = signs_of(one, other)
        if any(enough <= signs for enough in ENOUGH):
            yield one, other, signs


def signs_of(one: Traits, other: Traits) -> frozenset[Sign]:
    """None where two right numbers say that they are two people."""
    if one.number and other.number and one.number != other.number and not (one.has_fault or other.has_fault):
        return frozenset()
    if one.birth and other.birth and one.birth != other.birth and not birth_near(one.birth, other.birth):
        return frozenset()  # father and son of one telephone, and namesakes of one house
    held = {
        Sign.NAME: one.name == other.name,
        Sign.NAME_NEAR: name_near(one.name, other.name),
        Sign.BIRTH: bool(one.birth) and one.birth == other.birth,
        Sign.BIRTH_NEAR: bool(one.birth and other.birth) and one.birth != other.birth,
        Sign.PHONE: bool(one.phone) and one.phone == other.phone,
        Sign.HOME: one.home is not None and one.home == other.home,
        Sign.ADDRESS: bool(one.address) and one.address == other.address,
    }
    return frozenset(sign for sign, holds in held.items() if holds)


def name_near(one: str, other: str) -> bool:
    """One sign written otherwise, left out or put in; or the same signs in another order (名 before 姓)."""
    return one != other and (sorted(one) == sorted(other) or _is_one_off(one, other))


def birth_near(one: date, other: date) -> bool:
    """One digit, two neighbouring digits exchanged, or day and month exchanged."""
    left, right = one.strftime("%Y%m%d"), other.strftime("%Y%m%d")
    swapped = (one.year, one.month, one.day) == (other.year, other.day, other.month)
    differ = [at for at in range(8) if left[at] != right[at]]
    exchanged = len(differ) == 2 and differ[1] == differ[0] + 1 and left[differ[0]] == right[differ[1]]
    return swapped or len(differ) == 1 or (exchanged and left[differ[1]] == right[differ[0]])


def _is_one_off(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < 2 or len(long) - len(short) > 1:
        return False
    if len(short) == len(long):
        return sum(left != right for left, right in zip(short, long, strict=True)) == 1
    return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))


def _telling(people: list[Traits]) -> list[Traits]:
    """Without telephones, homes and addresses that too many share: two namesakes of a dormitory are two people."""
    phones = _crowded(one.phone for one in people)
    homes = _crowded(one.home for one in people)
    addresses = _crowded(one.address for one in people)
    if not (phones or homes or addresses):
        return people
    return [
        replace(
            one,
            phone=None if one.phone in phones else one.phone,
            home=None if one.home in homes else one.home,
            address="" if one.address in addresses else one.address,
        )
        for one in people
    ]


def _crowded(values: Iterable[Hashable]) -> set[Hashable]:
    shared = Counter(value for value in values if value not in (None, ""))
    return {value for value, count in shared.items() if count > LARGEST_BLOCK}


def _together(people: list[Traits]) -> Iterator[tuple[Traits, Traits]]:
    """Pairs that share one thing at least: all others are never looked at."""
    blocks = defaultdict[tuple[str, Hashable], list[Traits]](list)
    for one in people:
        for what, value in (("n", one.name), ("b", one.birth), ("p", one.phone), ("h", one.home), ("a", one.address)):
            if value not in (None, ""):
                blocks[what, value].append(one)
    for block in blocks.values():
        if len(block) <= LARGEST_BLOCK:
            yield from combinations(block, 2)
