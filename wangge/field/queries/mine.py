"""One's own work in plain counts: no score, no ranking, nothing of anybody else."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, TruncDate

from wangge.cases.models import Case
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.field.models import ErrandWorker, Record, Round, RoundCheck, Subject
from wangge.field.rules.errands import RUNNING, State

CLOSED = ("closed", "archived")


def errands_open(*, by: Actor, at: datetime) -> dict[str, Any]:
    rows = ErrandWorker.objects.filter(post_id=by.post_id or 0, state__in=RUNNING)
    late = (
        Q(state=State.GIVEN, answer_due_at__lte=at)
        | Q(state__in=RUNNING[:3], arrive_due_at__lte=at)
        | Q(due_at__lte=at)
    )
    counts = rows.aggregate(open=Count("pk"), late=Count("pk", filter=late))
    upcoming = rows.filter(due_at__isnull=False).order_by("due_at").values_list("due_at", flat=True).first()
    return {**counts, "next_due_at": upcoming}


def patrol_of(*, by: Actor, day: date) -> dict[str, int]:
    rows = Round.objects.walkable(by.post_id or 0, day).exclude(state=Round.State.WITHDRAWN)
    sums = rows.aggregate(rounds=Count("pk"), points=Sum("points"), seen=Sum("seen"), skipped=Sum("skipped"))
    return {name: value or 0 for name, value in sums.items()}


def visits_due(*, by: Actor, day: date) -> dict[str, int]:
    rows = Subject.objects.visible_to(by).due_to(by, day).filter(next_date__lte=day)
    return rows.aggregate(due=Count("pk"), overdue=Count("pk", filter=Q(next_date__lt=day)))


def month(*, by: Actor, day: date) -> dict[str, int]:
    """Since the first of the Beijing month."""
    since = clock.day_start(day.replace(day=1))
    post = by.post_id or 0
    cases = Case.objects.visible_to(by).filter(reported_by_post=post, reported_at__gte=since)
    done = ErrandWorker.objects.filter(post_id=post, state=State.DONE, ended_at__gte=since)
    done = done.annotate(there_at=Coalesce("arrived_at", "ended_at"))  # who finished was there
    visits = Record.objects.filter(by_post=post, subject__isnull=False, happened_at__gte=since)
    visits = visits.annotate(on=TruncDate("happened_at", tzinfo=clock.BEIJING))
    checks = RoundCheck.objects.filter(round__post_id=post, happened_at__gte=since).exclude(how="skipped")
    in_time = (Q(due_at=None) | Q(ended_at__lte=F("due_at"))) & (
        Q(arrive_due_at=None) | Q(there_at__lte=F("arrive_due_at"))
    )
    return {
        **cases.aggregate(reports=Count("pk"), closed=Count("pk", filter=Q(state__in=CLOSED))),
        **done.aggregate(errands=Count("pk"), errands_in_time=Count("pk", filter=in_time)),
        **visits.aggregate(visits=Count("pk"), visits_in_time=Count("pk", filter=Q(on__lte=F("due_date")))),
        "points": checks.count(),
    }
