"""会商: called, held with its minutes and decisions, or cancelled. Each decision becomes a task (meeting_tasks.py)."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from wangge.accounts.models import Unit
from wangge.accounts.permissions import Permission
from wangge.cases.access import access_case
from wangge.cases.configuration import configuration
from wangge.cases.rules.deadlines import due_after
from wangge.cases.rules.limits import TimeLimit
from wangge.command.models import Meeting, MeetingParty, Task, TaskStep
from wangge.core import clock, journal
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotAllowed, NotFound, invalid
from wangge.core.ids import new_id

MOST_PARTIES, MOST_DECISIONS = 60, 30
SHORTEST = 2


class MeetingOver(Conflict):
    code = "meeting.over"
    zh = "这次会议已{state}，不能再改。"
    en = "This meeting was {state_en} already and cannot be changed."


class MeetingChanged(Conflict):
    code = "meeting.changed"
    zh = "您打开之后别人改过这次会议，请看过再改。"
    en = "Somebody changed this meeting after you opened it; look at it again first."


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCalled:
    """Place is WGS-84 lon, lat."""

    kind: str
    title: str
    begins_at: datetime
    place: str
    units: Sequence[int]
    agenda: str = ""
    case_id: uuid.UUID | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    unit_id: int
    came: bool
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Due at an instant, or when a limit of the calendar is over."""

    text: str
    unit_id: int
    due_at: datetime | None = None
    limit: TimeLimit | None = None


def call_meeting(*, called: MeetingCalled, by: Actor, at: datetime) -> Meeting:
    """Raises NotAllowed, NotFound (case), Invalid."""
    by.require(Permission.MEETING_HOLD)
    if len(called.title.strip()) < SHORTEST:
        raise invalid("title", "请填写会议议题。", "Say what the meeting is about.")
    if not called.place.strip():
        raise invalid("place", "请填写会议地点。", "Say where it is held.")
    case = access_case(by, called.case_id) if called.case_id else None
    units = _units(called.units, at)
    meeting = Meeting.objects.create(
        id=new_id(),
        number=_number(by.division, at),
        kind=called.kind,
        title=called.title.strip(),
        agenda=called.agenda.strip(),
        begins_at=called.begins_at,
        place=called.place.strip(),
        lon=called.lon,
        lat=called.lat,
        case=case,
        by_unit_id=by.unit_id or 0,
        by_path=by.unit_path,
        code=by.division,
        by_post=by.post_id,
        by_name=by.name,
        called_at=at,
    )
    MeetingParty.objects.bulk_create(MeetingParty(meeting=meeting, unit=unit, unit_path=unit.path) for unit in units)
    record("meeting.called", meeting, [unit.path for unit in units], by=by, at=at)
    return meeting


def hold_meeting(
    *,
    meeting_id: uuid.UUID,
    minutes: str,
    came: Sequence[Came],
    decisions: Sequence[Decision],
    version: int,
    by: Actor,
    at: datetime,
) -> Meeting:
    """Its minutes, who came, and what was decided, once. Raises NotFound, NotAllowed, MeetingOver, MeetingChanged."""
    meeting = _hold(meeting_id, version, by)
    if len(minutes.strip()) < SHORTEST:
        raise invalid("minutes", "请填写会议纪要。", "Write the minutes.")
    if len(decisions) > MOST_DECISIONS:
        raise invalid("decisions", f"一次会议最多 {MOST_DECISIONS} 项决定。", f"{MOST_DECISIONS} decisions at most.")
    _note_who_came(meeting, came, at)
    meeting.state, meeting.minutes, meeting.held_at = Meeting.State.HELD, minutes.strip(), at
    meeting.version += 1
    meeting.save(update_fields=["state", "minutes", "held_at", "version"])
    units = {unit.pk: unit for unit in _units([one.unit_id for one in decisions], at)} if decisions else {}
    _check_bound(meeting, decisions, units, by)
    tasks = [_task(meeting, one, place, units[one.unit_id], by, at) for place, one in enumerate(decisions, 1)]
    Task.objects.bulk_create(tasks)
    TaskStep.objects.bulk_create(
        TaskStep(task=task, kind="set", at=at, by_name=by.name, by_unit=by.unit_name) for task in tasks
    )
    record("meeting.held", meeting, _called(meeting), by=by, at=at, changed=["minutes"], data={"decisions": len(tasks)})
    for task in tasks:
        record_task("task.set", task, meeting, [task.unit_path], by=by, at=at)
    return meeting


def cancel_meeting(*, meeting_id: uuid.UUID, reason: str, version: int, by: Actor, at: datetime) -> Meeting:
    meeting = _hold(meeting_id, version, by)
    if len(reason.strip()) < SHORTEST:
        raise invalid("reason", "请写明取消原因。", "Give the reason.")
    meeting.state, meeting.why = Meeting.State.CANCELLED, reason.strip()
    meeting.version += 1
    meeting.save(update_fields=["state", "why", "version"])
    record("meeting.cancelled", meeting, _called(meeting), by=by, at=at, changed=["state"])
    return meeting


def may_hold(meeting: Meeting, by: Actor) -> bool:
    """The unit that called it, or a centre over it."""
    if meeting.state != Meeting.State.CALLED or not by.may(Permission.MEETING_HOLD):
        return False
    return leads(meeting, by)


def leads(meeting: Meeting, by: Actor) -> bool:
    return meeting.by_path == by.unit_path or (by.unit_kind == "centre" and by.covers(meeting.code))


def record(
    kind: str,
    meeting: Meeting,
    units: Iterable[str],
    *,
    by: Actor,
    at: datetime,
    changed: Iterable[str] = (),
    data: dict[str, Any] | None = None,
) -> None:
    told = sorted(set(units))
    entry = journal.Entry(
        kind=kind,
        subject=("meeting", str(meeting.pk)),
        code=meeting.code,
        unit_paths=sorted({meeting.by_path, *told}),
        permission=Permission.MEETING_HOLD,
        changed=sorted(changed),
        data={"number": meeting.number, "units": told, "kind": meeting.kind, **(data or {})},
    )
    journal.record(entry, by=by, at=at)


def record_task(
    kind: str,
    task: Task,
    meeting: Meeting,
    units: Iterable[str],
    *,
    by: Actor,
    at: datetime,
    permission: str = Permission.MEETING_HOLD,
    changed: Iterable[str] = ("state",),
) -> None:
    entry = journal.Entry(
        kind=kind,
        subject=("task", str(task.pk)),
        code=meeting.code,
        unit_paths=sorted({meeting.by_path, task.unit_path}),
        permission=permission,
        changed=sorted(changed),
        data={"number": meeting.number, "meeting": str(meeting.pk), "units": sorted(set(units)), "state": task.state},
    )
    journal.record(entry, by=by, at=at)


def _check_bound(meeting: Meeting, decisions: Sequence[Decision], units: dict[int, Unit], by: Actor) -> None:
    """A meeting binds who was there, and who is below whoever holds it: nobody else is charged in their absence."""
    there = set(meeting.parties.filter(came=True).values_list("unit_id", flat=True))
    for place, one in enumerate(decisions):
        if one.unit_id not in there and not by.covers(units[one.unit_id].division):
            name = units[one.unit_id].name
            raise invalid(
                f"decisions.{place}.unit_id",
                f"“{name}”没有到会，也不在您的管辖范围内，不能给它派任务。",
                f"{name} did not come and is outside your area; it cannot be charged.",
            )


def _task(meeting: Meeting, one: Decision, place: int, unit: Unit, by: Actor, at: datetime) -> Task:
    name = f"decisions.{place - 1}"
    if len(one.text.strip()) < SHORTEST:
        raise invalid(f"{name}.text", "请写明决定事项。", "Say what was decided.")
    due_at = one.due_at if one.limit is None else due_after(at, one.limit, configuration().calendar)
    if due_at is None or due_at <= at:
        raise invalid(f"{name}.due_at", "完成时限应晚于现在。", "It must be due later than now.")
    return Task(
        id=new_id(),
        meeting=meeting,
        place=place,
        text=one.text.strip(),
        unit=unit,
        unit_path=unit.path,
        by_post=by.post_id,
        set_at=at,
        due_at=due_at,
        limit={"kind": str(one.limit.kind), "amount": str(one.limit.amount)} if one.limit else None,
    )


def _note_who_came(meeting: Meeting, came: Sequence[Came], at: datetime) -> None:
    """Of those called; who came without being called is written down too."""
    parties = {party.unit_id: party for party in meeting.parties.all()}
    for unit in _units([one.unit_id for one in came if one.unit_id not in parties], at, needed=False):
        parties[unit.pk] = MeetingParty(meeting=meeting, unit=unit, unit_path=unit.path)
    for one in came:
        party = parties[one.unit_id]
        party.came, party.who = one.came, one.who.strip()
    for party in parties.values():
        party.came = bool(party.came)
        party.save()


def _units(ids: Sequence[int], at: datetime, *, needed: bool = True) -> list[Unit]:
    wanted = list(dict.fromkeys(ids))
    if needed and not wanted:
        raise invalid("units", "请选择参加单位。", "Choose the units.")
    if len(wanted) > MOST_PARTIES:
        raise invalid("units", f"最多 {MOST_PARTIES} 个单位。", f"{MOST_PARTIES} units at most.")
    today = clock.day_of(at)
    found = [unit for unit in Unit.objects.filter(pk__in=wanted) if unit.valid_to is None or unit.valid_to > today]
    if len(found) != len(wanted):
        raise invalid("units", "所选单位不存在或已撤销。", "A unit does not exist any more.")
    return sorted(found, key=lambda unit: unit.path)


def _called(meeting: Meeting) -> list[str]:
    return list(meeting.parties.values_list("unit_path", flat=True))


def _hold(meeting_id: uuid.UUID, version: int, by: Actor) -> Meeting:
    Meeting.objects.select_for_update(no_key=True).filter(pk=meeting_id).values_list("pk").first()
    meeting = Meeting.objects.visible_to(by).filter(pk=meeting_id).first()
    if meeting is None or not by.may(Permission.CASE_READ):
        raise NotFound()
    by.require(Permission.MEETING_HOLD)
    if not leads(meeting, by):
        raise NotAllowed()
    if meeting.state != Meeting.State.CALLED:
        held = meeting.state == Meeting.State.HELD
        raise MeetingOver(state="召开" if held else "取消", state_en="held" if held else "cancelled")
    if meeting.version != version:
        raise MeetingChanged()
    return meeting


def _number(code: str, at: datetime) -> str:
    """HY (会议) + division + Beijing day + serial, never used again."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('command_serial')")
        serial = int(cursor.fetchone()[0])
    return f"HY{code[:6].ljust(6, '0')}{clock.day_of(at):%Y%m%d}{serial:06d}"
