"""The working calendar as a page shows it, and the supervision rules."""

from datetime import date, datetime, timedelta
from typing import Any

from wangge.cases.actions.recount import stale_clocks
from wangge.cases.configuration import configuration
from wangge.cases.models import CalendarDay, ShiftSet, SupervisionRule
from wangge.cases.rules.calendar import DEFAULT_SHIFTS, DayKind, knows_year
from wangge.cases.rules.supervision import LadderStep
from wangge.core import clock

PLAIN = (DayKind.WORKDAY, DayKind.WEEKEND)
LADDER = tuple(LadderStep)


def calendar_year(year: int, *, at: datetime) -> dict[str, Any]:
    """Every day of a year that is not what its weekday says, or that an administrator has spoken of."""
    config = configuration()
    this_year = clock.day_of(at).year
    days = [config.calendar.day(date(year, 1, 1) + timedelta(days=index)) for index in range(366)]
    set_by_hand = set(CalendarDay.objects.filter(date__year=year).values_list("date", flat=True))
    return {
        "year": year,
        "version": config.calendar.version,
        "days": [
            {
                "date": day.date,
                "is_workday": day.works,
                "kind": str(day.kind),
                "source": str(day.source),
                "name": day.name,
            }
            for day in days
            if day.date.year == year and (day.kind not in PLAIN or day.date in set_by_hand)
        ],
        "default_shifts": [[_plain(shift.start), _plain(shift.end)] for shift in DEFAULT_SHIFTS],
        "shifts": list(
            ShiftSet.objects.order_by("valid_from", "id").values("name", "valid_from", "valid_to", "shifts")
        ),
        "unknown_years": [ahead for ahead in (this_year, this_year + 1) if not knows_year(config.calendar, ahead)],
        "left": stale_clocks(config).count(),
    }


def supervision_rules() -> list[dict[str, Any]]:
    return [
        {
            "stage": row.stage,
            "step": LADDER[row.step - 1],
            "fraction": row.fraction,
            "overdue_by": {"kind": row.after_kind, "amount": row.after_amount}
            if row.after_amount is not None
            else None,
        }
        for row in SupervisionRule.objects.filter(is_active=True).order_by("stage", "step")
    ]


def _plain(at: Any) -> str:
    return str(at.isoformat("minutes"))
