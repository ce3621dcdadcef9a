"""How plans were kept, rolled up by day: by check-ins, and by where those who walked it were."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, Sum, When
from shapely import LineString

from wangge.core import clock
from wangge.field.models import PatrolDay, PatrolPlan, Round
from wangge.field.queries.tracks import positions_on
from wangge.field.rules.tracks import PlanPoint, Positions, points_seen, route_done

DAY = timedelta(days=1)
SUMS = ("rounds", "kept", "withdrawn", "points", "seen", "skipped", "deviations")
BY_TRACKS = ("on_track", "route_share")


def days_open(today: date) -> list[date]:
    """The last days of rounds that are being walked, or were until yesterday (late check-ins); and of those rolled up
    before, which may have been withdrawn or moved to another day since."""
    rounds = Round.objects.filter(day__gte=today - DAY, from_date__lte=today).order_by()
    known = PatrolDay.objects.filter(day__gte=today - DAY).order_by()
    return sorted(rounds.values_list("day", flat=True).union(known.values_list("day", flat=True)))


def plans_of(day: date) -> list[uuid.UUID]:
    rounds, known = Round.objects.filter(day=day).order_by(), PatrolDay.objects.filter(day=day).order_by()
    return sorted(rounds.values_list("plan_id", flat=True).union(known.values_list("plan_id", flat=True)))


def roll_up(*, day: date, plans: Sequence[uuid.UUID], at: datetime) -> int:
    """Of plans whose rounds end on the day; again gives the same. One that was withdrawn asks for nothing, and what was
    walked of it until then counts. The actor sees all (the house itself). Queries do not grow with the plans, only with
    those who walked."""
    rounds = Round.objects.filter(day=day, plan__in=list(plans)).exclude(state=Round.State.WITHDRAWN, begun_at=None)
    withdrawn = Q(state=Round.State.WITHDRAWN)
    sums = rounds.values("plan_id").annotate(
        all_rounds=Count("pk", filter=~withdrawn),
        all_kept=Count("pk", filter=Q(state=Round.State.KEPT)),
        all_withdrawn=Count("pk", filter=withdrawn),
        all_points=Sum(
            Case(When(withdrawn, then=F("seen") + F("skipped")), default=F("points"), output_field=IntegerField())
        ),
        all_seen=Sum("seen"),
        all_skipped=Sum("skipped"),
        all_deviations=Sum("deviations"),
    )
    known = PatrolPlan.objects.prefetch_related("points").in_bulk(list(plans))
    walked = defaultdict(list)
    for row in rounds.filter(begun_at__isnull=False):
        walked[row.plan_id].append(row)
    found = [_day_of(known[row["plan_id"]], walked[row["plan_id"]], row, day, at) for row in sums.order_by("plan_id")]
    PatrolDay.objects.bulk_create(
        found, update_conflicts=True, unique_fields=["plan", "day"], update_fields=["code", *SUMS, *BY_TRACKS, "at"]
    )
    PatrolDay.objects.filter(day=day, plan__in=set(plans) - {row.plan_id for row in found}).delete()
    return len(found)


def _day_of(plan: PatrolPlan, walked: list[Round], sums: Mapping[str, Any], day: date, at: datetime) -> PatrolDay:
    on_track, share = _by_tracks(plan, walked)
    counts = {name: sums[f"all_{name}"] for name in SUMS}
    return PatrolDay(plan=plan, code=plan.code, day=day, on_track=on_track, route_share=share, at=at, **counts)


def _by_tracks(plan: PatrolPlan, walked: list[Round]) -> tuple[int, float | None]:
    """Points that any of the walkers passed for long enough, and the best share of the route one of them went. In time:
    on the days of the round."""
    wanted = [
        PlanPoint(point.lon, point.lat, point.radius_m, point.dwell_s)
        for point in plan.points.all()
        if point.dropped_at is None
    ]
    seen, share = [False] * len(wanted), 0.0 if plan.route else None
    for positions in _positions(walked):
        found = points_seen(positions, wanted)
        seen = [before or one.is_kept(point) for before, one, point in zip(seen, found, wanted, strict=True)]
        if plan.route and share is not None:
            share = max(share, route_done(positions, LineString(plan.route)))
    return sum(seen), share if share is None else round(share, 4)


def _positions(walked: list[Round]) -> list[Positions]:
    """Of each walker: what they left out of a weekly round on one day they may have walked on another."""
    days: defaultdict[int, set[date]] = defaultdict(set)
    for row in walked:
        days[row.post_id] |= _days_of(row)
    found = [positions_on(sorted(days[post_id]), post_id=post_id).positions() for post_id in sorted(days)]
    return [positions for positions in found if len(positions.ms)]


def _days_of(row: Round) -> set[date]:
    """On which it was walked: from its beginning until its end, or while it may be."""
    if row.begun_at is None:
        return set()
    first = clock.day_of(row.begun_at)
    last = min(clock.day_of(row.ended_at), row.day) if row.ended_at else row.day
    return {first + timedelta(days=n) for n in range(max((last - first).days, 0) + 1)}
