"""What is odd about a piece of evidence: told to whoever looks at it, never a refusal.

Pure: the facts of one piece and of its case in, warnings out.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

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


class Odd(StrEnum):
    REUSED = "reused"
    TOO_FAR = "too_far"
    IN_FUTURE = "in_future"
    BEFORE_REPORT = "taken_before_report"
    AFTER_HANDLED = "taken_after_handling"


WORDS: dict[Odd, tuple[str, str]] = {
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
    Odd.BEFORE_REPORT: ("标为处置后，却拍摄于上报之前。", "Marked as after handling, but taken before the report."),
    Odd.AFTER_HANDLED: (
        "标为处置前，却拍摄于处置完成之后。",
        "Marked as before handling, but taken after it was done.",
    ),
}
ELSEWHERE = ("您范围以外的案件", "a case outside your area")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """`taken_at` by the camera's clock; lon, lat WGS-84 degrees."""

    sent_at: datetime
    photo_type: str = ""
    taken_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """The case a piece belongs to."""

    reported_at: datetime
    handled_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    kind: Odd
    data: dict[str, Any] = field(default_factory=dict)

    def in_words(self, language: str) -> str:
        return WORDS[self.kind][language == "en"].format(**self.data)


def warnings_of(piece: Piece, about: About | None, used_in: Sequence[str], *, language: str = "zh") -> list[Warned]:
    """`used_in`: numbers of other cases with the same picture, "" for one the reader may not see."""
    found = [Warned(Odd.REUSED, {"number": number or ELSEWHERE[language == "en"]}) for number in dict.fromkeys(used_in)]
    if piece.taken_at is not None and piece.taken_at > piece.sent_at + CLOCKS_MAY_DIFFER:
        found.append(Warned(Odd.IN_FUTURE))
    if about is not None:
        found += _against(piece, about)
    return found


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


def _against(piece: Piece, about: About) -> list[Warned]:
    found: list[Warned] = []
    if piece.lon is not None and piece.lat is not None and about.lon is not None and about.lat is not None:
        away = distance_m(piece.lon, piece.lat, about.lon, about.lat)
        if away > FAR_M:
            found.append(Warned(Odd.TOO_FAR, {"distance_m": round(away), "limit_m": round(FAR_M)}))
    if piece.taken_at is None:
        return found
    if piece.photo_type == PhotoType.AFTER and piece.taken_at < about.reported_at - CLOCKS_MAY_DIFFER:
        found.append(Warned(Odd.BEFORE_REPORT))
    if (
        piece.photo_type == PhotoType.BEFORE
        and about.handled_at is not None
        and piece.taken_at > about.handled_at + CLOCKS_MAY_DIFFER
    ):
        found.append(Warned(Odd.AFTER_HANDLED))
    return found
