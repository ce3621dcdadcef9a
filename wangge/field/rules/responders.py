"""Who is asked to come, and why not somebody else: each answer is a reason that can be read out."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

FRESH_S = 300  # an older place says where somebody was


class Why(StrEnum):
    FRESH = "fresh"
    STALE = "stale"
    NEAR = "near"
    FAR = "far"
    FREE = "free"
    BUSY = "busy"
    SKILL = "skill"
    OTHER_SKILL = "other_skill"
    OFF_DUTY = "off_duty"
    UNHEARD = "unheard"


AGAINST = frozenset({Why.STALE, Why.FAR, Why.BUSY, Why.OTHER_SKILL, Why.OFF_DUTY, Why.UNHEARD})
WORDS: Mapping[Why, tuple[str, str]] = {
    Why.FRESH: ("{age} 秒前有定位", "seen {age} s ago"),
    Why.STALE: ("定位已是 {minutes} 分钟前", "last seen {minutes} min ago"),
    Why.NEAR: ("距现场 {metres} 米", "{metres} m away"),
    Why.FAR: ("距现场 {metres} 米，超出范围", "{metres} m away: too far"),
    Why.FREE: ("手头没有在办的急事", "free"),
    Why.BUSY: ("正在办 {busy} 项任务", "busy with {busy}"),
    Why.SKILL: ("符合所需力量", "has the skill asked for"),
    Why.OTHER_SKILL: ("不是所需力量", "has another skill"),
    Why.OFF_DUTY: ("未上岗", "off duty"),
    Why.UNHEARD: ("已上岗，尚无定位", "on duty, not located yet"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """`age_s`, `metres` None: off duty, or not heard of since. `skills`: kinds and professions of their services."""

    age_s: float | None
    metres: float | None
    busy: int
    skills: frozenset[str]
    on_duty: bool = True


def judged(one: Candidate, *, reach_m: float, skill: str) -> list[Why]:
    """In the order they are read. Who is nowhere is asked nothing more."""
    if one.age_s is None or one.metres is None:
        return [Why.UNHEARD if one.on_duty else Why.OFF_DUTY]
    found = [
        Why.NEAR if one.metres <= reach_m else Why.FAR,
        Why.FRESH if one.age_s <= FRESH_S else Why.STALE,
        Why.FREE if one.busy == 0 else Why.BUSY,
    ]
    if skill:
        found.append(Why.SKILL if skill in one.skills else Why.OTHER_SKILL)
    return found


def is_chosen(reasons: list[Why]) -> bool:
    return not AGAINST & set(reasons)


def said(why: Why, one: Candidate, language: str) -> str:
    values = {
        "age": round(one.age_s or 0),
        "minutes": round((one.age_s or 0) / 60),
        "metres": round(one.metres or 0),
        "busy": one.busy,
    }
    return WORDS[why][language == "en"].format(**values)
