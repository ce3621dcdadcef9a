"""Patrol plans, the rounds of a day, and how plans were kept."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import Prefetch, Q

from wangge.accounts.models import Post
from wangge.accounts.permissions import Permission
from wangge.core import qr
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.paging import table_page
from wangge.core.ranges import within
from wangge.field.actions.round_making import workers_of
from wangge.field.actions.rounds import code_hash
from wangge.field.models import PatrolDay, PatrolPlan, PatrolPoint, Record, Round, RoundCheck
from wangge.field.queries.records import pieces_of, shown
from wangge.field.rules.patrols import Due, due_on
from wangge.grids import queries as grids

SHOWN_DAYS = 42  # of the preview of a plan
SIGN = "wangge:point:{token}"


def plans(*, by: Actor, grid: str, q: str, active: bool, offset: int, limit: int) -> dict[str, Any]:
    """Five queries at most."""
    may_read(by)
    rows = _with_points(PatrolPlan.objects.visible_to(by).filter(is_active=active).order_by("code", "name", "id"))
    if grid:
        rows = rows.filter(within("code", (grid,)))
    if word := q.strip():
        rows = rows.filter(Q(name__icontains=word) | Q(code__startswith=word))
    page = table_page(rows, offset=offset, limit=limit)
    return {"items": plans_shown(page["items"]), "count": page["count"]}


def plan(plan_id: uuid.UUID, *, by: Actor) -> dict[str, Any]:
    """Raises NotFound."""
    may_read(by)
    row = _with_points(PatrolPlan.objects.visible_to(by)).filter(pk=plan_id).first()
    if row is None:
        raise NotFound()
    return plans_shown([row])[0]


def codes(plan_id: uuid.UUID, *, by: Actor) -> list[dict[str, Any]]:
    """What is printed and hung up at the points: for who plans, never for who is to scan them. Raises NotFound."""
    by.require(Permission.PATROL_EDIT)
    row = PatrolPlan.objects.visible_to(by).filter(pk=plan_id).first()
    if row is None:
        raise NotFound()
    signed = row.points.asked().exclude(token="").order_by("number")
    return [
        {"point_id": point.pk, "number": point.number, "name": point.name, **_sign(point.token)} for point in signed
    ]


def rounds_of(*, by: Actor, day: date) -> list[dict[str, Any]]:
    """One's own of a day. Four queries."""
    by.require(Permission.FIELD_WORK)
    mine = Round.objects.walkable(by.post_id or 0, day)
    return rounds_shown(list(_with_checks(mine).order_by("day", "plan__name", "number", "id")))


def round_(round_id: uuid.UUID, *, by: Actor) -> dict[str, Any]:
    """Raises NotFound."""
    may_read(by)
    row = _with_checks(Round.objects.visible_to(by)).filter(pk=round_id).first()
    if row is None:
        raise NotFound()
    return rounds_shown([row])[0]


def walked(plan_id: uuid.UUID, *, by: Actor, day: date) -> list[dict[str, Any]]:
    """The rounds of a plan that ended or end on a day: who checked which point when, why not, the photos and the sheet
    of it. A constant number of queries. Raises NotAllowed, NotFound."""
    by.require(Permission.FIELD_WATCH)
    if not PatrolPlan.objects.visible_to(by).filter(pk=plan_id).exists():
        raise NotFound()
    rows = list(_with_checks(Round.objects.visible_to(by).filter(plan=plan_id, day=day)).order_by("name", "number"))
    checks = [check for row in rows for check in row.checks.all()]
    photos = pieces_of([check.pk for check in checks], by)
    filled = Record.objects.visible_to(by).filter(pk__in=[check.record_id for check in checks if check.record_id])
    sheets = {said["id"]: said for said in shown(list(filled.select_related("form", "subject")), by)}
    by_check = {check.pk: sheets.get(check.record_id) for check in checks}
    return [_walked(row, photos, by_check) for row in rows]


def keeping(
    *, by: Actor, since: date, until: date, grid: str, plan_id: uuid.UUID | None = None
) -> list[dict[str, Any]]:
    """By plan and day `[since, until)`, from the roll-up; newest first. Two queries."""
    by.require(Permission.FIELD_WATCH)
    rows = PatrolDay.objects.visible_to(by).filter(day__gte=since, day__lt=until).select_related("plan")
    if grid:
        rows = rows.filter(within("code", (grid,)))
    if plan_id:
        rows = rows.filter(plan=plan_id)
    found = list(rows.order_by("-day", "code", "plan__name", "id")[:2000])
    names = grids.names_of(row.code for row in found)
    return [_kept(row, names.get(row.code, "")) for row in found]


def workers(grid: str, *, by: Actor, day: date) -> list[dict[str, Any]]:
    """Who looks after a grid on foot, to choose from. Raises NotAllowed, NotFound (out of sight)."""
    by.require(Permission.PATROL_EDIT)
    if not by.covers(grid) or not grids.exists(grid):
        raise NotFound()
    return [
        {
            "post_id": post.pk,
            "name": post.user.name,
            "unit": post.unit.name,
            "role_zh": post.role.name_zh,
            "role_en": post.role.name_en,
        }
        for post in workers_of(grid, day)
    ]


def dues(
    *, by: Actor, since: date, per: str, weekdays: Sequence[int], valid_from: date, valid_to: date | None
) -> list[Due]:
    """The rounds that such a plan would make in the next weeks, each once."""
    by.require(Permission.PATROL_EDIT)
    first = max(since, valid_from)
    found = (
        due_on(day, per=per, weekdays=weekdays, valid_from=valid_from, valid_to=valid_to)
        for day in (first + timedelta(days=n) for n in range(SHOWN_DAYS))
    )
    return list(dict.fromkeys(due for due in found if due))


def may_read(by: Actor) -> None:
    if not (by.may(Permission.FIELD_WATCH) or by.may(Permission.PATROL_EDIT)):
        by.require(Permission.FIELD_WORK)


def plans_shown(rows: Sequence[PatrolPlan]) -> list[dict[str, Any]]:
    names = grids.names_of(row.code for row in rows)
    chosen = {post for row in rows for post in row.posts}
    people = dict(Post.objects.filter(pk__in=chosen).values_list("pk", "user__name"))
    return [_plan(row, names.get(row.code, ""), people) for row in rows]


def _plan(row: PatrolPlan, grid_name: str, people: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": row.pk,
        "grid": row.code,
        "grid_name": grid_name,
        "name": row.name,
        "per": row.per,
        "weekdays": row.weekdays,
        "times": row.times,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "posts": row.posts,
        "walkers": [{"post_id": post, "name": people.get(post, "")} for post in row.posts],
        "is_active": row.is_active,
        "version": row.version,
        "route": row.route,
        "form": row.form.code if row.form else "",
        "points": [_point(point) | {"has_code": bool(point.token)} for point in _points(row)],
    }


def rounds_shown(rows: Sequence[Round]) -> list[dict[str, Any]]:
    return [_round(row) for row in rows]


def _with_points(rows: Any) -> Any:
    points = Prefetch("points", PatrolPoint.objects.order_by("number", "id"))
    return rows.select_related("form").prefetch_related(points)


def _with_checks(rows: Any) -> Any:
    points = Prefetch("plan__points", PatrolPoint.objects.order_by("number", "id"))
    checks = Prefetch("checks", RoundCheck.objects.order_by("happened_at", "id"))
    return rows.select_related("plan", "plan__form").prefetch_related(points, checks)


def _points(row: PatrolPlan) -> list[PatrolPoint]:
    return [point for point in row.points.all() if point.dropped_at is None]


def _point(point: PatrolPoint) -> dict[str, Any]:
    return {
        "id": point.pk,
        "number": point.number,
        "name": point.name,
        "lon": point.lon,
        "lat": point.lat,
        "radius_m": point.radius_m,
        "dwell_s": point.dwell_s,
        "photo_needed": point.photo_needed,
    }


def _round(row: Round) -> dict[str, Any]:
    """With the points it was made with: one dropped since stays where it was checked."""
    checks = {check.point_id: check for check in row.checks.all()}
    points = [point for point in row.plan.points.all() if point.dropped_at is None or point.pk in checks]
    return {
        "id": row.pk,
        "plan_id": row.plan_id,
        "plan": row.plan.name,
        "grid": row.code,
        "from_date": row.from_date,
        "day": row.day,
        "number": row.number,
        "times": row.plan.times,
        "name": row.name,
        "state": row.state,
        "route": row.plan.route,
        "form": row.plan.form.code if row.plan.form else "",
        "begun_at": row.begun_at,
        "ended_at": row.ended_at,
        "reason": row.reason,
        "count": row.points,
        "seen": row.seen,
        "skipped": row.skipped,
        "deviations": row.deviations,
        "share": round(row.seen / row.points, 4) if row.points else 0.0,
        "points": [
            _point(point)
            | {"code_sha256": code_hash(point.token) if point.token else None, "check": _check(checks.get(point.pk))}
            for point in points
        ],
    }


def _walked(
    row: Round,
    photos: Mapping[uuid.UUID, list[dict[str, Any]]],
    sheets: Mapping[uuid.UUID, dict[str, Any] | None],
) -> dict[str, Any]:
    round_ = _round(row)
    for point in round_["points"]:
        if (check := point["check"]) is not None:
            check.update(photos=photos.get(check["id"], []), record=sheets.get(check["id"]))
    return round_


def _check(check: RoundCheck | None) -> dict[str, Any] | None:
    if check is None:
        return None
    return {
        "id": check.pk,
        "how": check.how,
        "happened_at": check.happened_at,
        "received_at": check.received_at,
        "distance_m": check.distance_m,
        "deviation": check.is_deviation,
        "reason": check.reason,
    }


def _kept(row: PatrolDay, grid_name: str) -> dict[str, Any]:
    return {
        "plan_id": row.plan_id,
        "plan": row.plan.name,
        "grid": row.code,
        "grid_name": grid_name,
        "day": row.day,
        "rounds": row.rounds,
        "kept": row.kept,
        "withdrawn": row.withdrawn,
        "points": row.points,
        "seen": row.seen,
        "skipped": row.skipped,
        "deviations": row.deviations,
        "on_track": row.on_track,
        "route_share": row.route_share,
        "share": round(row.seen / row.points, 4) if row.points else 0.0,
        "at": row.at,
    }


def _sign(token: str) -> dict[str, str]:
    text = SIGN.format(token=token)
    return {"text": text, "svg": qr.drawn(text)}
