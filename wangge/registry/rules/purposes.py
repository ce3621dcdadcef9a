"""What a sealed value may be looked at for, and what reading is out of the ordinary (product line; PIPL § 6, § 51)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class RevealPurpose(StrEnum):
    SERVICE = "service"  # 上门服务、联系本人
    VERIFY = "verify"  # 核对身份
    CASE = "case"  # 办理事件
    EMERGENCY = "emergency"  # 应急处置
    ENTITLEMENT = "entitlement"  # 办理法定待遇
    CORRECTION = "correction"  # 应本人要求查询、更正


MOST_REVEALED = 60  # in an hour, each person
WITHIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """One person's looking in the last hour. `hours`: Beijing hours in which they revealed."""

    revealed: int
    opened: int
    communities: int
    at_night: int


class Pattern(StrEnum):
    MANY_REVEALED = "many_revealed"
    MANY_OPENED = "many_opened"
    AT_NIGHT = "at_night"
    WIDE = "wide"


NIGHT_FROM, NIGHT_TO = 22, 6  # Beijing hours
_MANY_REVEALED, _MANY_OPENED, _NIGHT, _WIDE = 30, 300, 5, 6


def is_night(hour: int) -> bool:
    return hour >= NIGHT_FROM or hour < NIGHT_TO


def unusual(reading: Reading) -> list[Pattern]:
    """Each is for an auditor to look at, and proves nothing."""
    found = {
        Pattern.MANY_REVEALED: reading.revealed >= _MANY_REVEALED,
        Pattern.MANY_OPENED: reading.opened >= _MANY_OPENED,
        Pattern.AT_NIGHT: reading.at_night >= _NIGHT,
        Pattern.WIDE: reading.revealed > _WIDE and reading.communities >= _WIDE,
    }
    return [pattern for pattern, holds in found.items() if holds]
