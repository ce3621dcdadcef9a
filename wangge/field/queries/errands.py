"""Errands as their givers and their workers see them: a worker sees their own line."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q

from wangge.accounts.permissions import Permission
from wangge.cases.models import Case
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import NotFound
from wangge.core.paging import table_page
from wangge.field.actions.errands import may_direct
from wangge.field.models import Errand, ErrandAsk, ErrandStep, ErrandWorker
from wangge.field.queries.records import pieces_of
from wangge.field.rules.errands import RUNNING, moves_from
from wangge.grids.models import TeamMember


class ErrandBox(StrEnum):
    MINE = "mine"  # 派给我的
    OPEN = "open"  # 派给我、还没办完的
    GIVEN = "given"  # 我单位下派的
    ALL = "all"  # 管辖范围内的


def errands(
    *,
    by: Actor,
    at: datetime,
    box: ErrandBox,
    kind: str = "",
    late: bool = False,
    asks: bool = False,
    case_id: uuid.UUID | None = None,
    offset: int,
    limit: int,
) -> dict[str, Any]:
    """Newest first. `asks`: somebody waits to hear whether they get more time. A constant number of queries."""
    may_read(by)
    rows = Errand.objects.visible_to(by).order_by("-given_at", "-id")
    mine = ErrandWorker.objects.filter(post_id=by.post_id or 0, errand=OuterRef("pk"))
    match box:
        case ErrandBox.MINE:
            rows = rows.filter(Exists(mine))
        case ErrandBox.OPEN:
            rows = rows.filter(Exists(mine.filter(state__in=RUNNING))).order_by(
                "-urgent", F("due_at").asc(nulls_last=True), "-given_at", "id"
            )
        case ErrandBox.GIVEN:
            rows = rows.filter(from_path=by.unit_path or "-")
    if kind:
        rows = rows.filter(kind=kind)
    if case_id is not None:
        rows = rows.filter(case_id=case_id)
    if asks:
        waiting = ErrandAsk.objects.filter(decided_at=None, worker__errand=OuterRef("pk"))
        rows = rows.filter(Exists(waiting))
    if late:
        rows = rows.filter(Exists(ErrandWorker.objects.filter(_late(at), errand=OuterRef("pk"))))
    page = table_page(_with(rows, by), offset=offset, limit=limit)
    return {"items": shown(page["items"], by, at), "count": page["count"]}


def open_of_mine(*, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """For the phone's own copy."""
    return list(errands(by=by, at=at, box=ErrandBox.OPEN, offset=0, limit=200)["items"])


def errand(errand_id: uuid.UUID, *, by: Actor, at: datetime) -> dict[str, Any]:
    """With what happened to it. Raises NotFound."""
    may_read(by)
    row = _with(Errand.objects.visible_to(by), by).filter(pk=errand_id).first()
    if row is None:
        raise NotFound()
    steps = ErrandStep.objects.filter(errand=row).order_by("id")
    if not _oversees(row, by):
        steps = steps.filter(Q(worker=None) | Q(worker__post_id=by.post_id or 0))
    photos = pieces_of([worker.pk for worker in row.workers.all()], by)
    return shown([row], by, at)[0] | {
        "steps": [_step(step) for step in steps],
        "photos": [piece for worker in row.workers.all() for piece in photos.get(worker.pk, [])],
    }


def titles(ids: Sequence[str], by: Actor) -> dict[str, tuple[str, str]]:
    """Title and number of those in sight."""
    rows = Errand.objects.visible_to(by).filter(pk__in=list(ids)).values_list("pk", "title", "number")
    return {str(errand_id): (title, number) for errand_id, title, number in rows}


def may_read(by: Actor) -> None:
    if not (by.may(Permission.FIELD_WORK) or by.may(Permission.ERRAND_GIVE) or by.may(Permission.FIELD_WATCH)):
        by.require(Permission.CASE_HANDLE)


def shown(rows: Sequence[Errand], by: Actor, at: datetime) -> list[dict[str, Any]]:
    """Two queries: the cases in sight, and duty telephones."""
    cases = {row.case_id for row in rows if row.case_id}
    seen = set(Case.objects.visible_to(by).filter(pk__in=cases).values_list("pk", flat=True)) if cases else set()
    phones = _phones([worker.user_id for row in rows for worker in row.workers.all()])
    return [_shown(row, by, at, row.case_id in seen, phones) for row in rows]


def _with(rows: Any, by: Actor) -> Any:
    workers = ErrandWorker.objects.visible_to(by).order_by("given_at", "id")
    asks = Prefetch("asks", ErrandAsk.objects.order_by("asked_at", "id"))
    return rows.select_related("case", "form", "from_unit").prefetch_related(
        Prefetch("workers", workers.prefetch_related(asks))
    )


def _late(at: datetime) -> Q:
    answer = Q(state="given", answer_due_at__lte=at)
    arrive = Q(state__in=RUNNING[:3], arrive_due_at__lte=at)
    return answer | arrive | Q(state__in=RUNNING, due_at__lte=at)


def _phones(users: Sequence[int]) -> dict[int, str]:
    rows = TeamMember.objects.on(clock.today()).filter(user_id__in=users).exclude(phone="") if users else []
    return {row.user_id: row.phone for row in rows if row.user_id is not None}


def _oversees(row: Errand, by: Actor) -> bool:
    if not (by.may(Permission.ERRAND_GIVE) or by.may(Permission.FIELD_WATCH)):
        return False
    return row.from_path == by.unit_path or by.covers(row.code)


def _shown(row: Errand, by: Actor, at: datetime, sees_case: bool, phones: dict[int, str]) -> dict[str, Any]:
    workers = list(row.workers.all())
    mine = next((worker for worker in workers if worker.post_id == by.post_id), None)
    lines = {worker.pk: _worker(worker, at, by, phones) for worker in workers}
    return {
        "id": row.pk,
        "number": row.number,
        "kind": row.kind,
        "state": row.state,
        "title": row.title,
        "text": row.text,
        "grid": row.code,
        "address": row.address,
        "lon": row.lon,
        "lat": row.lat,
        "urgent": row.urgent,
        "needs_photo": row.needs_photo,
        "given_at": row.given_at,
        "by_name": row.by_name,
        "from_unit": row.from_unit.name,
        "due_at": row.due_at,
        "form": row.form.code if row.form else "",
        "case": _case(row, sees_case),
        "subject_id": row.subject_id,
        "record_id": row.record_id,
        "parent_id": row.parent_id,
        "closed_at": row.closed_at,
        "withdrawn_why": row.withdrawn_why,
        "workers": list(lines.values()),
        "mine": lines[mine.pk] if mine else None,
        "moves": [str(move) for move in moves_from(mine.state)] if mine and row.state == "open" else [],
        "may_give": may_direct(row, by),
        "asks": [_ask(ask, worker) for worker in workers for ask in worker.asks.all()],
    }


def _case(row: Errand, sees_case: bool) -> dict[str, Any] | None:
    """Who is sent to verify a case is told which, also where it lies outside their grids."""
    if row.case is None:
        return None
    return {"id": row.case_id, "number": row.case.number, "title": row.case.title, "in_sight": sees_case}


def _worker(worker: ErrandWorker, at: datetime, by: Actor, phones: dict[int, str]) -> dict[str, Any]:
    ended = worker.ended_at or at
    owed = {
        "answer": (worker.answer_due_at, worker.signed_at or ended),
        "arrive": (worker.arrive_due_at, worker.arrived_at or ended),
        "due": (worker.due_at, ended),
    }
    waiting = next((ask for ask in worker.asks.all() if ask.decided_at is None), None)
    return {
        "id": worker.pk,
        "post_id": worker.post_id,
        "name": worker.name,
        "unit": worker.unit_name,
        "phone": phones.get(worker.user_id, ""),
        "state": worker.state,
        "mine": worker.post_id == by.post_id,
        "version": worker.version,
        "signed_at": worker.signed_at,
        "set_out_at": worker.set_out_at,
        "arrived_at": worker.arrived_at,
        "ended_at": worker.ended_at,
        "distance_m": worker.distance_m,
        "answer_due_at": worker.answer_due_at,
        "arrive_due_at": worker.arrive_due_at,
        "due_at": worker.due_at,
        "late": [name for name, (due, done) in owed.items() if due is not None and done > due],
        "result": worker.result,
        "text": worker.text,
        "asks_until": waiting.until if waiting else None,
    }


def _ask(ask: ErrandAsk, worker: ErrandWorker) -> dict[str, Any]:
    return {
        "id": ask.pk,
        "name": worker.name,
        "until": ask.until,
        "reason": ask.reason,
        "asked_at": ask.asked_at,
        "granted": ask.granted,
        "decided_by": ask.decided_by,
        "decision": ask.decision,
    }


def _step(step: ErrandStep) -> dict[str, Any]:
    return {
        "kind": step.kind,
        "name": step.by_name,
        "happened_at": step.happened_at,
        "received_at": step.received_at,
        "text": step.text,
        "distance_m": step.distance_m,
    }
