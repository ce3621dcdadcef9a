"""Where something is: hierarchical digits, so that "everything under" is a range on a btree.

Division codes are kept as their significant digits: 2 province, 4 city, 6 district, 9 sub-district, 12 community
(统计用区划代码, shown padded to 12). A grid is its community + 3 digits, a micro grid its grid + 2.
"""

import re
from enum import IntEnum

GROUPS = (2, 4, 6, 9, 12)
GRID_LENGTH = 15
MICRO_LENGTH = 17
END = "~"  # sorts after every digit under COLLATE "C"


class Level(IntEnum):
    """How long a code of each level is."""

    PROVINCE = 2
    CITY = 4
    DISTRICT = 6
    STREET = 9
    COMMUNITY = 12
    GRID = 15
    MICRO = 17


def significant(code: str) -> str:
    """The significant digits of a division code written with 2 to 12 digits: `320104000000` -> `320104`.

    Raises ValueError when it is no division code.
    """
    if not re.fullmatch(r"[0-9]{2,12}", code):
        raise ValueError(f"not a division code: {code!r}")
    length = next((size for size in GROUPS if size >= len(code)), 12)
    if length != len(code):
        raise ValueError(f"a division code has 2, 4, 6, 9 or 12 digits: {code!r}")
    for shorter in reversed((0, *GROUPS)):
        if shorter < length and code[shorter:length].strip("0"):
            break
        length = shorter or length
    return code[:length]


def padded(code: str) -> str:
    """A division code as the national list writes it, 12 digits."""
    return code.ljust(12, "0") if len(code) < 12 else code


def level_of(code: str) -> Level:
    return Level(len(code))


def parent_of(code: str) -> str | None:
    shorter = [level for level in Level if level < len(code)]
    return code[: max(shorter)] if shorter else None


def code_range(code: str) -> tuple[str, str]:
    """`[from, to)` that holds the code and everything under it."""
    return code, code + END


def covers(ranges: tuple[str, ...], code: str) -> bool:
    """Whether one of the ranges (code prefixes, "" for everywhere) holds the code."""
    return any(code.startswith(prefix) for prefix in ranges)


def is_grid(code: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{15}([0-9]{2})?", code))
