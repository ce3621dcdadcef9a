"""Meetings with their decisions, and tasks as the units charged with them see them."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Case as Choice
from django.db.models import Count, IntegerField, Prefetch, Q, QuerySet, Value, When

from wangge.accounts.permissions import Permission
from wangge.cases.access import access_case
from wangge.cases.models import Case
from wangge.command.actions import meeting_tasks
from wangge.command.actions.meetings import may_hold
from wangge.command.models import Meeting, MeetingParty, Task
from wangge.command.models.orders import of_units
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.paging import table_page


class TaskBox(StrEnum):
    MINE = "mine"  # 本单位的
    SET = "set"  # 我单位会议定的
    ALL = "all"


def meetings(*, by: Actor, at: datetime, state: str, kind: str, q: str, offset: int, limit: int) -> dict[str, Any]:
    """Latest first."""
    by.require(Permission.CASE_READ)
    rows = Meeting.objects.visible_to(by).order_by("-begins_at", "-id")
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if q:
        rows = rows.filter(Q(number__startswith=q) | Q(title__icontains=q))
    page = table_page(rows.select_related("by_unit"), offset=offset, limit=limit)
    return {"items": _lines(page["items"], at), "count": page["count"]}


def meetings_of_case(case_id: uuid.UUID, *, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """Raises NotFound where the case is out of scope."""
    case = access_case(by, case_id)
    rows = Meeting.objects.visible_to(by).filter(case=case).select_related("by_unit").order_by("-begins_at", "-id")
    return _lines(list(rows), at)


def meeting(meeting_id: uuid.UUID, *, by: Actor, at: datetime) -> dict[str, Any]:
    row = found(meeting_id, by=by)
    seen = row.case_id is not None and Case.objects.visible_to(by).filter(pk=row.case_id).exists()
    tasks = list(row.tasks.all())
    return _lines([row], at)[0] | {
        "agenda": row.agenda,
        "lon": row.lon,
        "lat": row.lat,
        "case": {"id": row.case_id, "number": row.case.number} if seen and row.case else None,
        "called_at": row.called_at,
        "minutes": row.minutes,
        "held_at": row.held_at,
        "why": row.why,
        "version": row.version,
        "parties": [
            {"unit_id": party.unit_id, "unit": party.unit.name, "came": party.came, "who": party.who}
            for party in row.parties.all()
        ],
        "decisions": [task_shown(task, by, at) for task in tasks],
        "may_hold": may_hold(row, by),
    }


def found(meeting_id: uuid.UUID, *, by: Actor) -> Any:
    """Raises NotFound. With its parties and tasks."""
    parties = Prefetch("parties", MeetingParty.objects.select_related("unit").order_by("unit_path"))
    whole = Meeting.objects.visible_to(by).select_related("case", "by_unit").prefetch_related(parties, _whole_tasks())
    row = whole.filter(pk=meeting_id).first()
    if row is None or not by.may(Permission.CASE_READ):
        raise NotFound()
    return row


def tasks(
    *, by: Actor, at: datetime, box: TaskBox, state: str, overdue: bool, q: str, offset: int, limit: int
) -> dict[str, Any]:
    """What is to be done first, the earliest due first."""
    by.require(Permission.CASE_READ)
    rows = Task.objects.visible_to(by)
    if box is TaskBox.MINE:
        rows = rows.filter(of_units(by))
    if box is TaskBox.SET:
        rows = rows.filter(meeting__by_path=by.unit_path or "-")
    if state:
        rows = rows.filter(state=state)
    if overdue:
        rows = rows.filter(state=Task.State.OPEN, due_at__lte=at)
    if q:
        rows = rows.filter(Q(text__icontains=q) | Q(meeting__number__startswith=q) | Q(meeting__title__icontains=q))
    order = Choice(
        When(state=Task.State.OPEN, then=Value(0)),
        When(state=Task.State.DONE, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    whole = rows.select_related("unit", "meeting__by_unit").prefetch_related("steps")
    page = table_page(whole.order_by(order, "due_at", "id"), offset=offset, limit=limit)
    return {"items": [task_shown(task, by, at) for task in page["items"]], "count": page["count"]}


def task(task_id: uuid.UUID, *, by: Actor, at: datetime) -> dict[str, Any]:
    rows = Task.objects.visible_to(by).select_related("unit", "meeting__by_unit").prefetch_related("steps")
    row = rows.filter(pk=task_id).first()
    if row is None or not by.may(Permission.CASE_READ):
        raise NotFound()
    return task_shown(row, by, at)


def task_shown(row: Task, by: Actor, at: datetime) -> dict[str, Any]:
    meeting = row.meeting
    judges = meeting_tasks.may_judge(row, by)
    return {
        "id": row.pk,
        "place": row.place,
        "text": row.text,
        "unit_id": row.unit_id,
        "unit": row.unit.name,
        "state": row.state,
        "set_at": row.set_at,
        "due_at": row.due_at,
        "limit": row.limit,
        "done_at": row.done_at,
        "confirmed_at": row.confirmed_at,
        "is_overdue": row.state == Task.State.OPEN and row.due_at <= at,
        "returns": row.returns,
        "meeting_id": meeting.pk,
        "meeting_number": meeting.number,
        "meeting_title": meeting.title,
        "by_unit": meeting.by_unit.name,
        "steps": [
            {"kind": step.kind, "at": step.at, "by_name": step.by_name, "by_unit": step.by_unit, "text": step.text}
            for step in row.steps.all()
        ],
        "may_finish": row.state == Task.State.OPEN and meeting_tasks.may_finish(row, by),
        "may_confirm": row.state == Task.State.DONE and judges,
        "may_drop": row.state == Task.State.OPEN and judges,
    }


def titles(ids: Sequence[str], by: Actor) -> dict[str, tuple[str, str]]:
    """Title and number of the meetings in sight."""
    rows = Meeting.objects.visible_to(by).filter(pk__in=list(ids)).values_list("pk", "title", "number")
    return {str(meeting_id): (title, number) for meeting_id, title, number in rows}


def task_titles(ids: Sequence[str], by: Actor) -> dict[str, tuple[str, str]]:
    rows = Task.objects.visible_to(by).filter(pk__in=list(ids)).values_list("pk", "text", "meeting__number")
    return {str(task_id): (text, number) for task_id, text, number in rows}


def _whole_tasks() -> "Prefetch[str, QuerySet[Task], str]":
    rows = Task.objects.select_related("unit", "meeting__by_unit").prefetch_related("steps").order_by("place")
    return Prefetch("tasks", rows)


def _lines(rows: Sequence[Meeting], at: datetime) -> list[dict[str, Any]]:
    """With their counts, of these alone; two queries."""
    closed = Q(state__in=[Task.State.CONFIRMED, Task.State.DROPPED])
    parties = MeetingParty.objects.filter(meeting__in=rows).order_by().values_list("meeting_id")
    tasks = Task.objects.filter(meeting__in=rows).order_by().values_list("meeting_id")
    called = {pk: counts for pk, *counts in parties.annotate(all=Count("pk"), some=Count("pk", filter=Q(came=True)))}
    decided = {pk: counts for pk, *counts in tasks.annotate(all=Count("pk"), some=Count("pk", filter=closed))}
    return [_line(row, called.get(row.pk, (0, 0)), decided.get(row.pk, (0, 0)), at) for row in rows]


def _line(row: Meeting, called: Sequence[int], decided: Sequence[int], at: datetime) -> dict[str, Any]:
    """`called`: how many, and how many came; `decided`: how many, and how many of them are settled."""
    return {
        "id": row.pk,
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        "title": row.title,
        "begins_at": row.begins_at,
        "place": row.place,
        "by_unit": row.by_unit.name,
        "by_name": row.by_name,
        "called": called[0],
        "came": called[1],
        "decided": decided[0],
        "settled": decided[1],
        "is_ahead": row.begins_at > at,
    }
