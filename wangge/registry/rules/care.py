"""When somebody under care is visited next, and what counts may be told."""

from collections.abc import Sequence
from datetime import date, timedelta

HELPER_ROLES = ("cadre", "grid_worker", "police", "doctor", "volunteer", "family")  # 四帮一, with kin
FEWEST = 10  # smaller counts would point at people


def next_visit(day: date, interval_days: int, level: int) -> date:
    """Level 1 twice as often as the category says, level 3 half as often."""
    days = {1: interval_days // 2, 3: interval_days * 2}.get(level, interval_days)
    return day + timedelta(days=max(days, 1))


def told(count: int) -> int | None:
    return count if count >= FEWEST else None


def told_of_none(count: int) -> int | None:
    """The same, where that there is nobody tells of nobody: None for one to nine."""
    return count if not 0 < count < FEWEST else None


def told_together(counts: Sequence[int]) -> list[int | None]:
    """As `told_of_none`, of counts whose sum is known. A single one that is not told would be the sum less the others:
    the smallest of those that are not nothing is not told either."""
    found = [told_of_none(count) for count in counts]
    others = [(count, at) for at, count in enumerate(found) if count]
    if found.count(None) == 1 and others:
        found[min(others)[1]] = None
    return found
