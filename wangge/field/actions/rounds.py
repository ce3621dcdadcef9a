"""A round is walked point by point, and closed by the day's end. How rounds come about: round_making.py."""

import hashlib
import hmac
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.core import clock, journal
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, DomainError, NotFound, invalid
from wangge.field.actions.given import RecordGiven
from wangge.field.actions.pieces import hold
from wangge.field.actions.records import RecordUsed, make_record
from wangge.field.models import Form, PatrolPlan, PatrolPoint, Record, Round, RoundCheck
from wangge.field.rules.patrols import is_there, period_of
from wangge.field.rules.points import Point, distance_m

SHORTEST = 2
OVER = (Round.State.ENDED, Round.State.KEPT)
How = RoundCheck.How


class RoundNotNow(Conflict):
    """`now`: how the round or the point stands."""

    code = "patrol.not_now"
    zh = "这个点已于 {when} 打过卡，或这轮巡查已经结束。"
    en = "This point was checked at {when}, or the round is over."


class TooFar(DomainError):
    code = "patrol.too_far"
    status = 422
    zh = "离巡查点还有 {distance_m} 米。到点再打卡，或说明原因。"
    en = "The point is {distance_m} m away. Go there, or say why not."


class SheetNeeded(DomainError):
    """`form`: its code."""

    code = "patrol.sheet_needed"
    status = 422
    zh = "这个计划的每个点都要填写“{name_zh}”。请填好后再打卡；不能填写时，请跳过并说明原因。"
    en = "Each point of this plan asks for “{name_en}”. Fill it in and check in again, or skip the point and say why."


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetGiven:
    """What the plan's form was answered with: `id` is the phone's, `version` the one it was filled in with."""

    id: uuid.UUID
    form: str
    version: int
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckGiven:
    """`id` is the phone's. Place WGS-84, `accuracy` in metres; `token` as the sign at the point says it."""

    id: uuid.UUID
    point_id: uuid.UUID
    how: str
    happened_at: datetime
    lon: float | None = None
    lat: float | None = None
    accuracy: float | None = None
    token: str = ""
    evidence: Sequence[uuid.UUID] = ()
    reason: str = ""
    sheet: SheetGiven | None = None


def check_point(*, round_id: uuid.UUID, given: CheckGiven, by: Actor, at: datetime) -> Round:
    """The same id again answers as before. With its sheet, or neither stands. Raises NotFound (not one's own),
    RoundNotNow, TooFar, SheetNeeded, Invalid; for the sheet what `make_record` raises."""
    row = hold_round(round_id, by)
    if RoundCheck.objects.filter(pk=given.id, round=row, point_id=given.point_id).exists():
        return row
    when = clock.happened(given.happened_at, received=at)
    point = PatrolPoint.objects.select_related("plan__form").filter(pk=given.point_id, plan=row.plan_id).first()
    if point is None:
        raise invalid("point_id", "这轮巡查没有这个点。", "This round has no such point.")
    before = RoundCheck.objects.filter(round=row, point=point).first()
    if row.state in OVER or before is not None:
        raise _not_now(row, before)
    if not row.from_date <= clock.day_of(when) <= _last_day(row, point.plan):
        raise invalid("happened_at", "不在这轮巡查的日期内。", "This is not a day of the round.")
    check = _judged(row, point, given, when, at)
    check.record = _sheet(row, point, given, when, by, at)
    RoundCheck.objects.bulk_create([check])
    hold(given.evidence, owner=("check", check.pk), code=row.code, by=by, at=at, field="evidence")
    _count(row, check, point, when)
    data = {"point": str(point.pk), "how": check.how, "deviation": check.is_deviation, "distance_m": check.distance_m}
    if check.record is not None:
        data["record"] = str(check.record.pk)
    _record("patrol.checked", row, by, at, **data)
    return row


def end_round(*, round_id: uuid.UUID, happened_at: datetime, reason: str, by: Actor, at: datetime) -> Round:
    """Before every point was seen, with a reason. Ended or withdrawn already: as it is. Raises NotFound, Invalid."""
    row = hold_round(round_id, by)
    if row.state in OVER or row.state == Round.State.WITHDRAWN:
        return row
    if len(reason.strip()) < SHORTEST:
        raise invalid("reason", "还有巡查点没有到，请说明原因。", "Points are left; say why.")
    row.state, row.reason = Round.State.ENDED, reason.strip()
    row.ended_at = clock.happened(happened_at, received=at)
    row.save(update_fields=["state", "reason", "ended_at"])
    _record("patrol.ended", row, by, at, seen=row.seen, points=row.points)
    return row


def miss_rounds(*, by: Actor, at: datetime, limit: int) -> int:
    """Rounds whose last day is over and that nobody finished. Late check-ins out of a dead zone still count."""
    rows = Round.objects.select_for_update(no_key=True, skip_locked=True).filter(
        day__lt=clock.day_of(at), state__in=(Round.State.PLANNED, Round.State.BEGUN)
    )
    over = list(rows.order_by("day", "id")[:limit])
    Round.objects.filter(pk__in=[row.pk for row in over]).update(state=Round.State.MISSED)
    journal.record_all(
        [_entry("patrol.missed", row, by, seen=row.seen, points=row.points) for row in over], by=by, at=at
    )
    return len(over)


def hold_round(round_id: uuid.UUID, by: Actor) -> Round:
    by.require(Permission.FIELD_WORK)
    row = Round.objects.select_for_update(no_key=True).filter(pk=round_id, post_id=by.post_id or 0).first()
    if row is None:
        raise NotFound()
    return row


def code_hash(token: str) -> str:
    """What the phone knows of a sign, to tell without a network that it is the right one."""
    return hashlib.sha256(token.encode()).hexdigest()


def _last_day(row: Round, plan: PatrolPlan) -> date:
    """A phone that was out of reach does not know yet that the week of a plan was cut short."""
    return max(row.day, period_of(row.day, plan.per).day)


def _judged(row: Round, point: PatrolPoint, given: CheckGiven, when: datetime, at: datetime) -> RoundCheck:
    reason, far = given.reason.strip(), _distance(point, given)
    if given.how == How.SKIPPED:
        if len(reason) < SHORTEST:
            raise invalid("reason", "跳过请说明原因。", "Say why it is skipped.")
    elif point.photo_needed and not given.evidence:
        raise invalid("evidence", "这个点需要拍照。", "This point needs a photo.")
    if given.how == How.PLACE and far is None:
        raise invalid("lon", "没有定位，请扫码或拍照。", "Without a position, scan the code or take a photo.")
    if given.how == How.PHOTO and not given.evidence:
        raise invalid("evidence", "请拍照。", "Take a photo.")
    if given.how == How.CODE and not (point.token and hmac.compare_digest(given.token, point.token)):
        raise invalid("token", "二维码不是这个点的。", "This is not the code of this point.")
    # Who scanned the sign stood before it, whatever the phone believes of its place.
    strays = given.how in (How.PLACE, How.PHOTO) and far is not None and not _stands_there(point, given, far)
    if strays and len(reason) < SHORTEST:
        raise TooFar(distance_m=round(far or 0))
    return RoundCheck(
        id=given.id,
        round=row,
        point=point,
        how=given.how,
        lon=given.lon,
        lat=given.lat,
        accuracy=given.accuracy,
        distance_m=far,
        is_deviation=strays,
        reason=reason,
        happened_at=when,
        received_at=at,
    )


def _sheet(row: Round, point: PatrolPoint, given: CheckGiven, when: datetime, by: Actor, at: datetime) -> Record | None:
    """A form that is no longer in use reaches no phone, so nobody is asked for it; one filled in before is taken, also
    where the plan names another by now."""
    plan, sheet = point.plan, given.sheet
    if given.how == How.SKIPPED:
        return None
    if sheet is None:
        if plan.form is not None and plan.form.is_active and plan.form_since is not None and when >= plan.form_since:
            raise SheetNeeded(form=plan.form.code, name_zh=plan.form.name_zh, name_en=plan.form.name_en)
        return None
    if not Form.objects.filter(code=sheet.form, kind=Form.Kind.PATROL).exists():
        raise invalid("form", "没有这张巡查表单。", "There is no such form of patrols.")
    said = RecordGiven(
        id=sheet.id,
        form=sheet.form,
        version=sheet.version,
        happened_at=given.happened_at,
        answers=sheet.answers,
        address=f"{plan.name} · {point.name}",
        lon=given.lon,
        lat=given.lat,
        accuracy=given.accuracy,
    )
    made = make_record(given=said, by=by, at=at, code=row.code)
    if not made.is_new:  # it belongs to another point
        raise RecordUsed()
    return made.record


def _distance(point: PatrolPoint, given: CheckGiven) -> float | None:
    if given.lon is None or given.lat is None:
        return None
    there = Point(0, given.lon, given.lat, 0.0)
    return round(distance_m(there, Point(0, point.lon, point.lat, 0.0)), 1)


def _stands_there(point: PatrolPoint, given: CheckGiven, far: float) -> bool:
    return is_there(far, radius_m=point.radius_m, accuracy_m=given.accuracy or 0.0)


def _count(row: Round, check: RoundCheck, point: PatrolPoint, when: datetime) -> None:
    """A point that the round was no longer to have counts besides those it is to have, as one does that was checked
    before it was dropped (`fit_rounds`): what was walked stays, and the new ones are still to be walked."""
    skips = check.how == How.SKIPPED
    row.points += _is_dropped_for(row, point)
    row.seen, row.skipped = row.seen + (not skips), row.skipped + skips
    row.deviations += check.is_deviation
    row.begun_at = min(row.begun_at or when, when)
    row.state = row.state if row.state == Round.State.WITHDRAWN else Round.State.BEGUN
    if row.seen + row.skipped >= row.points:
        row.state, row.ended_at = Round.State.KEPT, max(when, row.begun_at)
    row.save(update_fields=["points", "seen", "skipped", "deviations", "begun_at", "ended_at", "state"])


def _is_dropped_for(row: Round, point: PatrolPoint) -> bool:
    """Rounds are fitted to what is changed on their last day at the latest."""
    return point.dropped_at is not None and clock.day_of(point.dropped_at) <= row.day


def _not_now(row: Round, before: RoundCheck | None) -> RoundNotNow:
    when = before.happened_at if before else row.ended_at or row.begun_at or clock.day_start(row.day)
    now = {"state": row.state, "who": row.name, "what": before.how if before else row.state, "when": when}
    return RoundNotNow(now=now, when=clock.local(when).strftime("%m-%d %H:%M"))


def _record(kind: str, row: Round, by: Actor, at: datetime, **data: Any) -> None:
    journal.record(_entry(kind, row, by, **data), by=by, at=at)


def _entry(kind: str, row: Round, by: Actor, **data: Any) -> journal.Entry:
    return journal.Entry(
        kind=kind,
        subject=("round", str(row.pk)),
        code=row.code,
        permission=Permission.FIELD_WORK if not by.is_system else "",
        data={"patrol": str(row.plan_id), **data},
    )
