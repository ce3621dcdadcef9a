"""What is odd about a piece of evidence: told to whoever looks at it, never a refusal.

Pure: the facts of one piece and of its case in, warnings out.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from wangge.cases.rules.moves import Move

FAR_M = 200.0  # a picture taken further away than this may show another place
CLOCKS_MAY_DIFFER = timedelta(minutes=10)
EARTH_RADIUS_M = 6_371_008.8  # mean radius, IUGG

LOOK_BITS = 64
SAME_LOOK_BITS = 5  # as many bits may differ; found without fail by SLICES (pigeonhole)
SLICES = (11, 11, 11, 11, 10, 10)
FEATURELESS_BITS = 4  # a black or white frame looks like every other


class PhotoType(StrEnum):
    """Stored as they are; "" is a piece that says nothing of itself."""

    NEAR = "near"  # 近景
    FAR = "far"  # 远景
    REFERENCE = "reference"  # 参照
    BEFORE = "before"  # 处置前
    AFTER = "after"  # 处置后


class Phase(StrEnum):
    """Which side of the handling a piece shows."""

    BEFORE = "before"
    DURING = "during"
    AFTER = "after"


class Odd(StrEnum):
    SAME_FILE = "same_file"
    SAME_SIDES = "same_on_both_sides"
    REUSED = "reused"
    TOO_FAR = "too_far"
    IN_FUTURE = "in_future"
    BEFORE_REPORT = "taken_before_report"
    BEFORE_DISPATCH = "taken_before_dispatch"
    AFTER_HANDLED = "taken_after_handling"
    SAYS_NOTHING = "no_metadata"

    @property
    def is_hint(self) -> bool:
        """Worth knowing and no fault: messengers strip what a camera wrote."""
        return self is Odd.SAYS_NOTHING


# What came with these moves shows the state after them, whatever its sender called it.
HANDLED_WITH = (Move.FINISH, Move.ASSIST_DONE, Move.SETTLE, Move.CLOSE)
REPORTED_WITH = (Move.REPORT, "")

WORDS: dict[Odd, tuple[str, str]] = {
    Odd.SAME_FILE: (
        "与案件（{number}）用过的是同一个文件。",
        "The very same file was used in {number}.",
    ),
    Odd.SAME_SIDES: (
        "处置前、处置后用的是同一个文件。",
        "The same file stands for before and for after handling.",
    ),
    Odd.REUSED: (
        "与另一案件（{number}）用过的图片相同或极相似。",
        "The same or nearly the same picture was used in {number}.",
    ),
    Odd.TOO_FAR: (
        "拍摄位置距事发位置 {distance_m} 米，超过 {limit_m} 米。",
        "Taken {distance_m} m from the place of the case, more than {limit_m} m.",
    ),
    Odd.IN_FUTURE: (
        "拍摄时间晚于上传时间，设备时钟可能不准。",
        "Taken later than it was sent; the device's clock may be wrong.",
    ),
    Odd.BEFORE_REPORT: (
        "作为处置后的照片，却拍摄于上报之前。",
        "Shows the state after handling, but was taken before the report.",
    ),
    Odd.BEFORE_DISPATCH: (
        "作为处置后的照片，却拍摄于派发之前。",
        "Shows the state after handling, but was taken before the case was dispatched.",
    ),
    Odd.SAYS_NOTHING: (
        "文件不带拍摄信息（时间、位置），可能经过转发或截图。",
        "The file says neither when nor where it was taken; it may have been forwarded or be a screenshot.",
    ),
    Odd.AFTER_HANDLED: (
        "标为处置前，却拍摄于处置完成之后。",
        "Marked as before handling, but taken after it was done.",
    ),
}
SHORT: dict[Odd, tuple[str, str]] = {
    Odd.SAME_FILE: ("用于别的案件", "used in another case"),
    Odd.SAME_SIDES: ("前后同一文件", "same file before and after"),
    Odd.REUSED: ("与别的案件雷同", "like a picture of another case"),
    Odd.TOO_FAR: ("拍摄位置偏远", "taken far away"),
    Odd.IN_FUTURE: ("拍摄时间异常", "taken later than sent"),
    Odd.BEFORE_REPORT: ("早于上报拍摄", "taken before the report"),
    Odd.BEFORE_DISPATCH: ("早于派发拍摄", "taken before the dispatch"),
    Odd.AFTER_HANDLED: ("晚于处置拍摄", "taken after handling"),
    Odd.SAYS_NOTHING: ("无拍摄信息", "no metadata"),
}
ELSEWHERE = ("您范围以外的案件", "a case outside your area")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """`taken_at` by the camera's clock; lon, lat WGS-84 degrees."""

    sent_at: datetime
    photo_type: str = ""
    phase: Phase = Phase.BEFORE
    is_bare: bool = False  # a picture whose file says neither when nor where
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The case a piece belongs to."""

    reported_at: datetime
    dispatched_at: datetime | None = None
    handled_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Twins:
    """Where else the same picture is: numbers of other cases, "" for one the reader may not see."""

    same_file: tuple[str, ...] = ()
    alike: tuple[str, ...] = ()
    on_both_sides: bool = False  # before and after handling of this very case


@dataclass(frozen=True, slots=True)
class Warned:
    kind: Odd
    data: dict[str, Any] = field(default_factory=dict)

    def in_words(self, language: str) -> str:
        return WORDS[self.kind][language == "en"].format(**self.data)


def warnings_of(piece: Piece, about: About | None, twins: Twins, *, language: str = "zh") -> list[Warned]:
    """Faults first, hints behind them."""
    found = [Warned(Odd.SAME_SIDES)] if twins.on_both_sides else []
    found += [Warned(Odd.SAME_FILE, {"number": _number(one, language)}) for one in dict.fromkeys(twins.same_file)]
    found += [
        Warned(Odd.REUSED, {"number": _number(one, language)})
        for one in dict.fromkeys(twins.alike)
        if one not in twins.same_file
    ]
    if piece.taken_at is not None and piece.taken_at > piece.sent_at + CLOCKS_MAY_DIFFER:
        found.append(Warned(Odd.IN_FUTURE))
    if about is not None:
        found += _against(piece, about)
    if piece.is_bare:
        found.append(Warned(Odd.SAYS_NOTHING))
    return found


def phase_of(photo_type: str, sent_with: str) -> Phase:
    """`sent_with`: the kind of move it came with, "" for none yet."""
    if photo_type in (PhotoType.BEFORE, PhotoType.AFTER):
        return Phase(photo_type)
    if sent_with in HANDLED_WITH:
        return Phase.AFTER
    return Phase.BEFORE if sent_with in REPORTED_WITH else Phase.DURING


def shows(photo_type: str, sent_with: str) -> set[str]:
    """What a picture counts as where a category asks for some: the view it is called, and its side of the handling."""
    return {photo_type, str(phase_of(photo_type, sent_with))}


def distance_m(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Great-circle metres (haversine); 0.3 % off the ellipsoid at most, plenty for 200 m."""
    one, other = math.radians(lat), math.radians(other_lat)
    half = math.sin((other - one) / 2) ** 2
    half += math.cos(one) * math.cos(other) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half)))


def is_featureless(look: int) -> bool:
    bits: int = (look & (2**LOOK_BITS - 1)).bit_count()
    return bits < FEATURELESS_BITS or bits > LOOK_BITS - FEATURELESS_BITS


def slices_of(look: int) -> list[int]:
    """Six parts of a look, each with its place: looks that differ in at most five bits share one part at least."""
    bits, found = look & (2**LOOK_BITS - 1), list[int]()
    for place, width in enumerate(SLICES):
        found.append(place << 11 | bits & (2**width - 1))
        bits >>= width
    return found


def _number(number: str, language: str) -> str:
    return number or ELSEWHERE[language == "en"]


def _against(piece: Piece, about: About) -> list[Warned]:
    found: list[Warned] = []
    if piece.lon is not None and piece.lat is not None and about.lon is not None and about.lat is not None:
        away = distance_m(piece.lon, piece.lat, about.lon, about.lat)
        if away > FAR_M:
            found.append(Warned(Odd.TOO_FAR, {"distance_m": round(away), "limit_m": round(FAR_M)}))
    if piece.taken_at is not None:
        found += _at_odd_time(piece, piece.taken_at, about)
    return found


def _at_odd_time(piece: Piece, taken_at: datetime, about: About) -> list[Warned]:
    if piece.phase is Phase.AFTER:
        if taken_at < about.reported_at - CLOCKS_MAY_DIFFER:
            return [Warned(Odd.BEFORE_REPORT)]
        return [Warned(Odd.BEFORE_DISPATCH)] if _is_before_dispatch(piece, taken_at, about) else []
    handled = about.handled_at
    if piece.photo_type == PhotoType.BEFORE and handled is not None and taken_at > handled + CLOCKS_MAY_DIFFER:
        return [Warned(Odd.AFTER_HANDLED)]
    return []


def _is_before_dispatch(piece: Piece, taken_at: datetime, about: About) -> bool:
    """Sent since: what an earlier unit sent is not held against a case that was dispatched anew."""
    dispatched = about.dispatched_at
    return dispatched is not None and taken_at < dispatched - CLOCKS_MAY_DIFFER and piece.sent_at >= dispatched
