"""Patrol plans: points, a route, how often; dated, and changed by whoever plans there."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from wangge.accounts.permissions import Permission
from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.codes import is_grid
from wangge.core.errors import Conflict, Invalid, Message, NotFound, invalid
from wangge.core.ids import new_id
from wangge.field.actions.round_making import fit_rounds, make_rounds, workers_of
from wangge.field.models import Form, PatrolPlan, PatrolPoint
from wangge.grids import queries as grids

MOST_POINTS, MOST_VERTICES = 60, 2000
TOKEN_BYTES = 12
PLAIN = ("per", "weekdays", "times", "route", "valid_from", "valid_to", "posts", "is_active")


@dataclass(frozen=True, slots=True, kw_only=True)
class PointGiven:
    """Without an id it is a new one. Place WGS-84; `has_code`: a sign with a QR code hangs there."""

    id: uuid.UUID | None = None
    name: str
    lon: float
    lat: float
    radius_m: float = 30.0
    dwell_s: float = 0.0
    photo_needed: bool = False
    has_code: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanGiven:
    """`route`: lon, lat pairs (WGS-84) or None. `posts`: who walks it; none: whoever looks after the grid."""

    grid: str
    name: str
    per: str
    weekdays: Sequence[int] = ()
    times: int = 1
    route: Sequence[Sequence[float]] | None = None
    form: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    posts: Sequence[int] = ()
    is_active: bool = True
    points: Sequence[PointGiven] = ()


def add_plan(*, given: PlanGiven, by: Actor, at: datetime) -> PatrolPlan:
    """Raises NotAllowed, NotFound (a grid out of sight), Invalid."""
    by.require(Permission.PATROL_EDIT)
    plan = PatrolPlan(id=new_id(), valid_from=clock.day_of(at))
    _take(plan, given, by, at)
    plan.save(force_insert=True)
    _write_points(plan, given.points, at)
    _record("patrol.planned", plan, by, at)
    _make_today(plan, at)
    return plan


def change_plan(*, plan_id: uuid.UUID, given: PlanGiven, version: int, by: Actor, at: datetime) -> PatrolPlan:
    """Rounds that are open follow it (`fit_rounds`). Raises NotAllowed, NotFound, Invalid, Conflict."""
    by.require(Permission.PATROL_EDIT)
    PatrolPlan.objects.select_for_update(no_key=True).filter(pk=plan_id).values_list("pk").first()
    plan = PatrolPlan.objects.visible_to(by).filter(pk=plan_id).first()
    if plan is None:
        raise NotFound()
    if plan.version != version:
        raise Conflict()
    _take(plan, given, by, at)
    plan.version += 1
    plan.save()
    _write_points(plan, given.points, at)
    _record("patrol.changed", plan, by, at)
    _make_today(plan, at)
    return plan


def _make_today(plan: PatrolPlan, at: datetime) -> None:
    """At once: who planned it looks at the phone beside them, not at the next turn of the worker."""
    with acting(Actor.system("field.rounds")) as house:
        fit_rounds(plan=plan, by=house, at=at)
        make_rounds(day=clock.day_of(at), by=house, at=at, plan=plan.pk)


def _take(plan: PatrolPlan, given: PlanGiven, by: Actor, at: datetime) -> None:
    _check(given, plan)
    if not by.covers(given.grid) or not grids.exists(given.grid):
        raise NotFound()
    form = Form.objects.filter(code=given.form, kind=Form.Kind.PATROL).first() if given.form else None
    if given.form and form is None:
        raise invalid("form", "没有这张巡查表单。", "There is no such form of patrols.")
    _check_posts(plan, given, by)
    for name in PLAIN:
        value = getattr(given, name)
        if name != "valid_from" or value is not None:
            setattr(plan, name, list(value) if name in ("weekdays", "route", "posts") and value is not None else value)
    if (form is None) != (plan.form_since is None):
        plan.form_since = at if form else None
    plan.code, plan.name, plan.form = given.grid, given.name.strip(), form


def _check_posts(plan: PatrolPlan, given: PlanGiven, by: Actor) -> None:
    """Who was chosen before may have gone since; nobody new who does not look after the grid, and nobody of another."""
    kept = set(plan.posts) if plan.code == given.grid else set()
    if set(given.posts) - kept - {post.pk for post in workers_of(given.grid, clock.today())}:
        raise invalid("posts", "有人不服务于这个网格。", "Somebody chosen does not look after this grid.")


def _check(given: PlanGiven, plan: PatrolPlan) -> None:
    faults: dict[str, Message] = {}
    if not is_grid(given.grid):
        faults["grid"] = Message("请选择网格。", "Choose a grid.")
    if not given.name.strip():
        faults["name"] = Message("请填写名称。", "Give it a name.")
    if given.per not in PatrolPlan.Per.values:
        faults["per"] = Message("没有这种频次。", "There is no such frequency.")
    if not 1 <= len(given.points) <= MOST_POINTS:
        faults["points"] = Message(f"请设 1 到 {MOST_POINTS} 个巡查点。", f"1 to {MOST_POINTS} points.")
    if given.route is not None and not 2 <= len(given.route) <= MOST_VERTICES:
        faults["route"] = Message("路线至少两个点。", "A route has two vertices at least.")
    since = given.valid_from or plan.valid_from
    if given.valid_to is not None and given.valid_to <= since:
        faults["valid_to"] = Message("结束日期应晚于开始日期。", "The end must lie after the beginning.")
    if faults:
        raise Invalid(fields=faults)


def _write_points(plan: PatrolPlan, given: Sequence[PointGiven], at: datetime) -> None:
    """Points left out are dropped, not deleted: rounds walked before still name them."""
    there = {point.pk: point for point in PatrolPoint.objects.filter(plan=plan)}
    kept = [one.id for one in given if one.id is not None]
    if set(kept) - there.keys() or len(set(kept)) != len(kept):
        raise invalid("points", "有巡查点不属于这个计划。", "A point is not one of this plan.")
    written = []
    for number, one in enumerate(given, start=1):
        point = there.get(one.id) if one.id else None
        point = point or PatrolPoint(id=new_id(), plan=plan)
        point.number, point.name, point.dropped_at = number, one.name.strip(), None
        point.lon, point.lat, point.radius_m, point.dwell_s = one.lon, one.lat, one.radius_m, one.dwell_s
        point.photo_needed = one.photo_needed
        point.token = (point.token or secrets.token_urlsafe(TOKEN_BYTES)) if one.has_code else ""
        point.save()
        written.append(point.pk)
    PatrolPoint.objects.asked().filter(plan=plan).exclude(pk__in=written).update(dropped_at=at)


def _record(kind: str, plan: PatrolPlan, by: Actor, at: datetime) -> None:
    data = {"points": plan.points.asked().count(), "version": plan.version}
    entry = journal.Entry(
        kind=kind, subject=("patrol", str(plan.pk)), code=plan.code, permission=Permission.PATROL_EDIT, data=data
    )
    journal.record(entry, by=by, at=at)
