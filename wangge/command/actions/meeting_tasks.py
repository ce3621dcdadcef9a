"""任务: what a meeting decided, done with words to prove it, confirmed or returned by who called, overdue once."""

import uuid
from datetime import datetime

from wangge.accounts.permissions import Permission
from wangge.command.actions.meetings import leads, record_task
from wangge.command.models import Task, TaskStep
from wangge.command.models.orders import is_of_units
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotAllowed, NotFound, invalid

SHORTEST = 2
OPEN, DONE, CONFIRMED, DROPPED = Task.State.OPEN, Task.State.DONE, Task.State.CONFIRMED, Task.State.DROPPED
STATES = {
    OPEN: ("办理中", "open"),
    DONE: ("待确认", "done"),
    CONFIRMED: ("已完成", "confirmed"),
    DROPPED: ("已取消", "dropped"),
}


class TaskNotNow(Conflict):
    code = "task.not_now"
    zh = "这项任务现在是“{state}”，这一步不能做。"
    en = "This task is {state_en} now; this cannot be done."


def finish_task(*, task_id: uuid.UUID, text: str, by: Actor, at: datetime) -> Task:
    """办结, by the unit charged with it. Raises NotFound, NotAllowed, TaskNotNow, Invalid."""
    words = _need(text, "text", "请写明完成情况。", "Say what was done.")
    task = _hold(task_id, by)
    if not may_finish(task, by):
        raise NotAllowed()
    _must_be(task, OPEN)
    task.state, task.done_at = DONE, at
    task.save(update_fields=["state", "done_at"])
    _note(task, "done", words, by, at)
    record_task("task.done", task, task.meeting, [task.meeting.by_path], by=by, at=at, permission=Permission.CASE_READ)
    return task


def confirm_task(*, task_id: uuid.UUID, text: str = "", by: Actor, at: datetime) -> Task:
    """确认, by who called the meeting or a centre over them."""
    task = _hold_to_judge(task_id, by)
    _must_be(task, DONE)
    task.state, task.confirmed_at = CONFIRMED, at
    task.save(update_fields=["state", "confirmed_at"])
    _note(task, "confirmed", text.strip(), by, at)
    record_task("task.confirmed", task, task.meeting, [task.unit_path], by=by, at=at)
    return task


def return_task(*, task_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> Task:
    """退回: open again, its time limit as it was."""
    words = _need(reason, "reason", "请写明退回原因。", "Give the reason.")
    task = _hold_to_judge(task_id, by)
    _must_be(task, DONE)
    task.state, task.done_at, task.returns = OPEN, None, task.returns + 1
    task.save(update_fields=["state", "done_at", "returns"])
    _note(task, "returned", words, by, at)
    record_task("task.returned", task, task.meeting, [task.unit_path], by=by, at=at)
    return task


def drop_task(*, task_id: uuid.UUID, reason: str, by: Actor, at: datetime) -> Task:
    """取消: what was decided is not needed any more."""
    words = _need(reason, "reason", "请写明取消原因。", "Give the reason.")
    task = _hold_to_judge(task_id, by)
    _must_be(task, OPEN)
    task.state = DROPPED
    task.save(update_fields=["state"])
    _note(task, "dropped", words, by, at)
    record_task("task.dropped", task, task.meeting, [task.unit_path], by=by, at=at)
    return task


def say_overdue(*, by: Actor, at: datetime, limit: int) -> int:
    """Of each open task past its time, once; `overdue_at` holds a second worker, and a returned task, back."""
    rows = Task.objects.select_for_update(no_key=True, skip_locked=True, of=("self",)).select_related("meeting")
    late = list(rows.filter(state=OPEN, overdue_at=None, due_at__lte=at).order_by("due_at", "id")[:limit])
    for task in late:
        task.overdue_at = at
        task.save(update_fields=["overdue_at"])
        _note(task, "overdue", "", by, at)
        told = [task.unit_path, task.meeting.by_path]
        record_task("task.overdue", task, task.meeting, told, by=by, at=at, permission="", changed=["overdue_at"])
    return len(late)


def may_finish(task: Task, by: Actor) -> bool:
    return by.may(Permission.CASE_READ) and is_of_units(by, task.unit_path)


def may_judge(task: Task, by: Actor) -> bool:
    return by.may(Permission.MEETING_HOLD) and leads(task.meeting, by)


def _hold(task_id: uuid.UUID, by: Actor) -> Task:
    Task.objects.select_for_update(no_key=True).filter(pk=task_id).values_list("pk").first()
    task = Task.objects.visible_to(by).select_related("meeting").filter(pk=task_id).first()
    if task is None or not by.may(Permission.CASE_READ):
        raise NotFound()
    return task


def _hold_to_judge(task_id: uuid.UUID, by: Actor) -> Task:
    task = _hold(task_id, by)
    by.require(Permission.MEETING_HOLD)
    if not leads(task.meeting, by):
        raise NotAllowed()
    return task


def _must_be(task: Task, state: str) -> None:
    if task.state != state:
        zh, en = STATES[Task.State(task.state)]
        raise TaskNotNow(state=zh, state_en=en)


def _need(text: str, name: str, zh: str, en: str) -> str:
    if len(text.strip()) < SHORTEST:
        raise invalid(name, zh, en)
    return text.strip()


def _note(task: Task, kind: str, text: str, by: Actor, at: datetime) -> None:
    name = "" if by.is_system else by.name
    TaskStep.objects.create(task=task, kind=kind, at=at, by_name=name, by_unit=by.unit_name, text=text)
