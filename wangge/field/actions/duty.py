"""上岗 and 下岗. Nobody is located outside (ADR 17), so both say when it happened, not when it was heard of."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from wangge.accounts.permissions import Permission
from wangge.core import clock, journal
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotFound, invalid
from wangge.field.models import DutySpan

AHEAD = timedelta(minutes=2)  # a phone's clock may be so far ahead of ours


class OnDutyAlready(Conflict):
    """`data.duty_id`, `data.since`: the span that is open."""

    code = "duty.on_already"
    zh = "您已于 {when} 上岗，无需重复。"
    en = "You are on duty since {when} already."


class DutyOverlaps(Conflict):
    code = "duty.overlaps"
    zh = "这段时间与已有的在岗记录重叠，请检查手机时间。"
    en = "This overlaps another time on duty; check the clock of the phone."


def go_on_duty(*, duty_id: uuid.UUID, happened_at: datetime, by: Actor, at: datetime) -> DutySpan:
    """Sent again, it is the same. Raises NotAllowed, OnDutyAlready, DutyOverlaps, Invalid."""
    by.require(Permission.FIELD_WORK)
    if (known := _known(duty_id, by)) is not None:
        return known
    began_at = _not_ahead(happened_at, at)
    if at - began_at > settings.DUTY_LONGEST:
        raise invalid("happened_at", "上岗时间太早，已超过最长在岗时间。", "Too long ago for a time on duty to begin.")
    if open_now := current_duty(by):
        since = open_now.began_at
        raise OnDutyAlready(duty_id=str(open_now.pk), since=since.isoformat(), when=f"{clock.local(since):%m-%d %H:%M}")
    span = DutySpan(
        id=duty_id,
        post_id=by.post_id or 0,
        user_id=by.user_id or 0,
        code=place_of(by),
        unit_path=by.unit_path,
        began_at=began_at,
        heard_at=at,
    )
    try:
        with transaction.atomic():
            span.save(force_insert=True)
    except IntegrityError as overlap:
        if (known := _known(duty_id, by)) is not None:  # sent twice at once
            return known
        raise DutyOverlaps() from overlap
    record("duty.began", span, by=by, at=at)
    return span


def go_off_duty(*, duty_id: uuid.UUID, happened_at: datetime, by: Actor, at: datetime) -> DutySpan:
    """Sent again, it is the same. What the clock ended may turn out to have ended before. Raises NotFound, Invalid."""
    mine = DutySpan.objects.visible_to(by).filter(post_id=by.post_id or 0)
    span = mine.select_for_update(no_key=True).filter(pk=duty_id).first()
    if span is None:
        raise NotFound()
    ended_at = min(_not_ahead(happened_at, at), span.began_at + settings.DUTY_LONGEST)
    if ended_at < span.began_at:
        raise invalid("happened_at", "下岗时间早于上岗时间。", "It cannot end before it began.")
    if span.ended_at is not None and (span.ended_by == DutySpan.EndedBy.SELF or ended_at >= span.ended_at):
        return span
    _end(span, ended_at, DutySpan.EndedBy.SELF, by=by, at=at)
    return span


def end_by_office(*, post_id: int, by: Actor, at: datetime) -> None:
    """A phone that was signed out from afar locates nobody any more."""
    spans = DutySpan.objects.select_for_update(no_key=True).filter(post_id=post_id, ended_at=None)
    for span in spans:
        _end(span, max(at, span.began_at), DutySpan.EndedBy.OFFICE, by=by, at=at)


def end_longest(*, by: Actor, at: datetime, limit: int) -> int:
    """Those whose time is over, oldest first: somebody forgot, or the phone is dead."""
    over = DutySpan.objects.open().filter(began_at__lte=at - settings.DUTY_LONGEST).order_by("began_at", "id")
    spans = list(over.select_for_update(no_key=True, skip_locked=True)[:limit])
    for span in spans:
        _end(span, span.began_at + settings.DUTY_LONGEST, DutySpan.EndedBy.CLOCK, by=by, at=at)
    return len(spans)


def current_duty(by: Actor) -> DutySpan | None:
    return DutySpan.objects.visible_to(by).open().filter(post_id=by.post_id or 0).first()


def place_of(by: Actor) -> str:
    """Where a post works: its first grid or division, else its unit's."""
    return next(iter(by.ranges), "") or by.division


def record(
    kind: str, span: DutySpan, *, by: Actor, at: datetime, changed: tuple[str, ...] = (), permission: str = ""
) -> None:
    entry = journal.Entry(
        kind=kind,
        subject=("duty_span", str(span.pk)),
        code=span.code,
        unit_paths=[span.unit_path],
        permission=permission or (Permission.FIELD_WORK if not by.is_system else ""),
        changed=changed,
        data={
            "post": span.post_id,
            "began_at": span.began_at.isoformat(),
            "ended_at": span.ended_at.isoformat() if span.ended_at else None,
            "ended_by": span.ended_by,
        },
    )
    journal.record(entry, by=by, at=at)


def _known(duty_id: uuid.UUID, by: Actor) -> DutySpan | None:
    return DutySpan.objects.visible_to(by).filter(pk=duty_id, post_id=by.post_id or 0).first()


def _end(span: DutySpan, ended_at: datetime, how: DutySpan.EndedBy, *, by: Actor, at: datetime) -> None:
    span.ended_at, span.ended_by = ended_at, how
    span.save(update_fields=["ended_at", "ended_by"])
    permission = Permission.TERMINAL_EDIT if how == DutySpan.EndedBy.OFFICE else ""
    record("duty.ended", span, by=by, at=at, changed=("ended_at",), permission=permission)


def _not_ahead(happened_at: datetime, at: datetime) -> datetime:
    """A clock that is a little ahead is no fault; one that is far ahead is said."""
    if happened_at - at > AHEAD:
        raise invalid("happened_at", "手机时间比实际时间快，请校准。", "The clock of the phone is ahead; put it right.")
    return min(happened_at, at)
