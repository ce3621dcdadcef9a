"""When somebody under care is visited next, and what counts may be told."""

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
