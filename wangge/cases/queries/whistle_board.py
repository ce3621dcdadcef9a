"""吹哨台: what was called in a period, who came, how fast; and every whistle that is open, whenever it was called."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet

from wangge.accounts.permissions import Permission
from wangge.cases.models import Muster, Whistle
from wangge.cases.queries.figures import Period
from wangge.cases.queries.whistles import OPEN, files_of, narrowed, whole
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import END
from wangge.core.paging import LARGEST_SIZE

ON_SPOT_WITHIN = timedelta(minutes=10)  # 到场时限, the figure districts are measured by (docs/glossary.md)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`unit`: path of a unit called, with those below it."""

    period: Period
    code: str = ""
    unit: str = ""


def whistle_board(by: Actor, asked: Asked, *, at: datetime) -> dict[str, Any]:
    """Raises NotAllowed. Five queries."""
    by.require(Permission.CASE_READ)
    opened = _whistles(by, asked).filter(OPEN).order_by("called_at", "id")
    return {"figures": _figures(by, asked), "open": files_of(list(opened[:LARGEST_SIZE]), by), "at": at}


def _whistles(by: Actor, asked: Asked) -> QuerySet[Whistle]:
    found: QuerySet[Whistle] = narrowed(whole().visible_to(by), code=asked.code, unit=asked.unit)
    return found


def _figures(by: Actor, asked: Asked) -> dict[str, Any]:
    since, until = clock.day_start(asked.period.since), clock.day_start(asked.period.until)
    called = _whistles(by, asked).filter(called_at__gte=since, called_at__lt=until)
    found = called.aggregate(
        called=Count("pk"),
        confirmed=Count("pk", filter=Q(confirmed_at__isnull=False)),
        refused=Count("pk", filter=Q(refused_at__isnull=False)),
        ended=Count("pk", filter=Q(ended_at__isnull=False)),
        confirm=Avg(F("confirmed_at") - F("called_at")),
    )
    # Units are counted by their own call, which follows the whistle's: the wall counts them so (figures/arrivals.py).
    musters = Muster.objects.filter(
        whistle__in=_whistles(by, asked).values("pk"), called_at__gte=since, called_at__lt=until
    )
    if asked.unit:
        musters = musters.filter(unit_path__gte=asked.unit, unit_path__lt=asked.unit + END)
    found |= musters.aggregate(
        musters=Count("pk"),
        arrived=Count("pk", filter=Q(arrived_at__isnull=False)),
        arrived_in_10=Count("pk", filter=Q(arrived_at__lte=F("called_at") + ON_SPOT_WITHIN)),
        arrive=Avg(F("arrived_at") - F("called_at")),
        rated=Count("score"),
        score=Avg("score"),
    )
    confirm, arrive = found.pop("confirm"), found.pop("arrive")
    return found | {
        "confirm_minutes": _minutes(confirm),
        "arrive_minutes": _minutes(arrive),
        "score": None if found["score"] is None else round(found["score"], 2),
    }


def _minutes(length: timedelta | None) -> float | None:
    return None if length is None else round(length.total_seconds() / 60, 1)
