"""The rounds of a day: made for each post that looks after the grid, and fitted to a plan that is changed."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from wangge.accounts.models import Post
from wangge.core import clock, journal
from wangge.core.actor import Actor
from wangge.core.ids import new_id
from wangge.field.models import PatrolPlan, Round
from wangge.field.rules.patrols import due_on, period_of

State = Round.State
OVER = (State.ENDED, State.KEPT, State.MISSED)
FITTED = ["state", "from_date", "day", "code", "points", "ended_at"]
Key = tuple[uuid.UUID, int, int]  # plan, post, number


def make_rounds(*, day: date, by: Actor, at: datetime, plan: uuid.UUID | None = None) -> int:
    """Those of the day that are not there yet, of one plan or of all; how many were made. One withdrawn before is
    asked for again."""
    plans = PatrolPlan.objects.filter(is_active=True, valid_from__lte=day).prefetch_related("points")
    plans = plans.filter(pk=plan) if plan else plans
    posts = _posts_by_code([one.code for one in plans], day)
    wanted = [row for one in plans for row in _wanted(one, posts.get(one.code, ()), day)]
    there = {_key(row): row for row in _there(day).filter(plan__in=[one.pk for one in plans])} if wanted else {}
    sure = _of_unchanged([row for row in wanted if _is_lacking(there.get(_key(row)))])
    missing = [row for row in sure if _key(row) not in there]
    Round.objects.bulk_create(missing, ignore_conflicts=True)
    _ask_again([there[_key(row)] for row in sure if _key(row) in there])
    return len(missing)


def fit_rounds(*, plan: PatrolPlan, by: Actor, at: datetime) -> None:
    """A plan was changed: its open rounds follow it. Those it wants no more are withdrawn, never missed; those it wants
    have its dates, and the points there are now besides those checked before."""
    day = clock.day_of(at)
    wanted = {_key(row): row for row in _wanted(plan, workers_of(plan.code, day), day)}
    points = set(plan.points.asked().values_list("pk", flat=True))
    here = Round.objects.select_for_update(no_key=True, of=("self",)).filter(plan=plan)
    rows = list(here.filter(_in_period(day, plan.per) | Q(day__gte=day)).prefetch_related("checks"))
    last = period_of(day, plan.per).day
    days = {(_key(row), row.day) for row in rows}
    was = {row.pk: row.state for row in rows}
    for row in sorted(rows, key=lambda row: _least_to_lose(row, wanted)):
        like = wanted.pop(_key(row), None) if row.day <= last else None
        if row.state not in OVER:
            _fit(row, like, points, days, at)
    Round.objects.bulk_update([row for row in rows if was[row.pk] not in OVER], FITTED)
    _record_withdrawn([row for row in rows if row.state == State.WITHDRAWN != was[row.pk]], by, at)


def workers_of(grid: str, day: date) -> list[Post]:
    """Posts that look after the grid on foot."""
    return _posts_by_code([grid], day).get(grid, [])


def _posts_by_code(codes: Sequence[str], day: date) -> dict[str, list[Post]]:
    rows = Post.objects.on_foot(day).filter(codes__overlap=list(set(codes)))
    found: dict[str, list[Post]] = {}
    for post in rows.select_related("user").order_by("pk") if codes else ():
        for code in post.codes:
            found.setdefault(code, []).append(post)
    return found


def _wanted(plan: PatrolPlan, posts: Sequence[Post], day: date) -> list[Round]:
    """As they would be made on the day."""
    due = due_on(day, per=plan.per, weekdays=plan.weekdays, valid_from=plan.valid_from, valid_to=plan.valid_to)
    points = sum(1 for point in plan.points.all() if point.dropped_at is None)
    if due is None or not points or not plan.is_active:
        return []
    chosen = [post for post in posts if post.pk in plan.posts] or posts
    return [
        Round(
            id=new_id(),
            plan=plan,
            code=plan.code,
            from_date=due.since,
            day=due.day,
            number=number,
            post=post,
            user_id=post.user_id,
            name=post.user.name,
            points=points,
        )
        for post in chosen
        for number in range(1, plan.times + 1)
    ]


def _there(day: date) -> QuerySet[Round]:
    per_each = (Q(plan__per=per) & _in_period(day, per) for per in PatrolPlan.Per.values)
    return Round.objects.filter(reduce(or_, per_each)).only("plan_id", "post_id", "number", "state", "begun_at")


def _in_period(day: date, per: str) -> Q:
    """What makes another round needless: one of the same day or week that can still be walked, or that was. The last
    day says nothing: of a week it moves with the end of the plan."""
    period = period_of(day, per)
    return Q(day__range=(day, period.day)) | Q(day__gte=period.since, day__lt=day, state=State.KEPT)


def _is_lacking(row: Round | None) -> bool:
    return row is None or row.state == State.WITHDRAWN


def _of_unchanged(rows: list[Round]) -> list[Round]:
    """Without those of plans that were changed since they were read: whoever changes one makes its rounds."""
    plans = {row.plan_id for row in rows}
    held = PatrolPlan.objects.select_for_update(no_key=True).filter(pk__in=plans).order_by("pk")
    versions = dict(held.values_list("pk", "version")) if plans else {}
    return [row for row in rows if row.plan.version == versions.get(row.plan_id)]


def _ask_again(rows: list[Round]) -> None:
    for state, begun in ((State.PLANNED, False), (State.BEGUN, True)):
        if of_it := [row.pk for row in rows if (row.begun_at is not None) == begun]:
            Round.objects.filter(pk__in=of_it, state=State.WITHDRAWN, begun_at__isnull=not begun).update(state=state)


def _least_to_lose(row: Round, wanted: dict[Key, Round]) -> tuple[bool, bool, bool, int]:
    """Which of two of the same post stands for the one wanted: over, begun, of the very day; the rest is withdrawn."""
    like = wanted.get(_key(row))
    return row.state not in OVER, row.begun_at is None, like is None or like.day != row.day, row.pk.int


def _fit(row: Round, like: Round | None, points: set[uuid.UUID], days: set[tuple[Key, date]], at: datetime) -> None:
    row.points = len(points | {check.point_id for check in row.checks.all()})
    row.state = State.WITHDRAWN
    if like is not None:
        row.state = State.BEGUN if row.begun_at else State.PLANNED
        row.from_date, row.code = min(row.from_date, like.from_date), like.code
        if (_key(row), like.day) not in days:
            days.add((_key(row), like.day))
            row.day = like.day
    if row.begun_at and row.seen + row.skipped >= row.points:
        row.state, row.ended_at = State.KEPT, max(at, row.begun_at)


def _record_withdrawn(rows: list[Round], by: Actor, at: datetime) -> None:
    entries = [
        journal.Entry(
            kind="patrol.withdrawn",
            subject=("round", str(row.pk)),
            code=row.code,
            data={"patrol": str(row.plan_id), "seen": row.seen, "points": row.points},
        )
        for row in rows
    ]
    journal.record_all(entries, by=by, at=at)


def _key(row: Round) -> Key:
    return row.plan_id, row.post_id, row.number
