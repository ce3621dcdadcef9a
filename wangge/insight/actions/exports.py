"""A table is asked for, made by the worker as whoever asked sees it, fetched by them alone, and gone after a while."""

import json
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import structlog

from wangge.accounts.permissions import Permission
from wangge.accounts.queries import actor_in_post
from wangge.cases.throttle import Allowance, counting
from wangge.core import clock, crypto, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, DomainError, NotAllowed, NotFound
from wangge.core.ids import new_id
from wangge.insight import files
from wangge.insight.models import Export
from wangge.insight.tables import Table, table_of
from wangge.insight.writers import write

log = structlog.get_logger()

KEPT = timedelta(days=3)
LOST_AFTER = timedelta(minutes=30)  # a worker that was killed left it running: it is made again
TOLD_EVERY = 500  # rows
ASKED = Allowance("exports", most=20, span=timedelta(hours=1))
MOST_WAITING = 3
CONTEXT = "insight_export.asked"
NEEDS = {Export.Kind.CASES: Permission.CASE_EXPORT, Export.Kind.ANALYSIS: Permission.DASHBOARD_READ}
ENTRIES = {Export.Kind.CASES: "cases.exported", Export.Kind.ANALYSIS: "analysis.exported"}


class TooManyWaiting(Conflict):
    code = "export.too_many_waiting"
    zh = "您已有 {count} 个导出在排队或生成，请等其中一个完成。"
    en = "You have {count} exports waiting or in the making; wait for one of them."


class NotReady(Conflict):
    code = "export.not_ready"
    zh = "文件还没有生成好，或已过期。"
    en = "The file is not ready yet, or has expired."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`asked`: the filters or the analysis, as they came over HTTP. `told`: what of them the journal may hold."""

    kind: Export.Kind
    format: Export.Format
    title: str
    asked: dict[str, Any]
    told: dict[str, Any]


def ask_export(wanted: Wanted, *, by: Actor, at: datetime) -> Export:
    """Raises NotAllowed, TooOften, TooManyWaiting. On the journal before anything is read."""
    needed = NEEDS[wanted.kind]
    by.require(needed)
    if by.user_id is None or by.post_id is None:
        raise NotAllowed()
    with counting(ASKED.of(str(by.user_id)), at=at):
        unfinished = [Export.State.WAITING, Export.State.RUNNING]
        waiting = Export.objects.visible_to(by).filter(state__in=unfinished).count()
        if waiting >= MOST_WAITING:
            raise TooManyWaiting(count=waiting)
        export_id = new_id()
        row = Export.objects.create(
            id=export_id,
            user=by.user_id,
            post=by.post_id,
            unit_path=by.unit_path,
            kind=wanted.kind,
            format=wanted.format,
            title=wanted.title,
            language=by.language,
            asked_sealed=crypto.seal(json.dumps(wanted.asked), context=CONTEXT, row=str(export_id)),
            asked_at=at,
        )
        _record(row, ENTRIES[wanted.kind], by=by, at=at, permission=needed, data=wanted.told)
    return row


def fetch_export(*, export_id: uuid.UUID, by: Actor, at: datetime) -> tuple[Export, BinaryIO]:
    """Raises NotFound, NotAllowed (the right has ended meanwhile), NotReady. Each fetching is on the journal."""
    row = Export.objects.visible_to(by).filter(pk=export_id).first()
    if row is None:
        raise NotFound()
    needed = NEEDS[Export.Kind(row.kind)]
    by.require(needed)
    if row.state != Export.State.READY or row.expires_at is None or row.expires_at <= at:
        raise NotReady()
    try:
        file = files.path_of(row).open("rb")
    except FileNotFoundError:
        raise NotReady() from None
    _record(row, "export.fetched", by=by, at=at, permission=needed, data={})
    return row, file


def make_next(*, at: datetime) -> bool:
    """The oldest that waits, or that a worker left behind. False when there is none."""
    with acting(Actor.system("exports")):
        row = _take(at)
    if row is None:
        return False
    try:
        _make(row)
    except DomainError as failure:
        _end(row, state=Export.State.FAILED, problem=failure.message(row.language))
    except Exception as failure:
        log.error("export.failed", export=str(row.pk), exc_info=failure)
        _end(row, state=Export.State.FAILED, problem=_SORRY[row.language == "en"])
    return True


def expire_old(*, by: Actor, at: datetime, limit: int = 100) -> int:
    rows = list(Export.objects.filter(state=Export.State.READY, expires_at__lte=at)[:limit])
    for row in rows:
        files.path_of(row).unlink(missing_ok=True)
        row.state = Export.State.EXPIRED
        row.save(update_fields=["state"])
    return len(rows)


def _take(at: datetime) -> Export | None:
    rows = Export.objects.select_for_update(skip_locked=True).order_by("asked_at", "id")
    row = rows.filter(state=Export.State.WAITING).first()
    row = row or rows.filter(state=Export.State.RUNNING, started_at__lt=at - LOST_AFTER).first()
    if row is not None:
        row.state, row.started_at, row.done = Export.State.RUNNING, at, 0
        row.save(update_fields=["state", "started_at", "done"])
    return row


def _make(row: Export) -> None:
    """As the person sees it now, in the post that asked; each page of rows is a transaction of its own."""
    with acting(Actor.system("exports")):
        by = actor_in_post(user_id=row.user, post_id=row.post, day=clock.today(), language=row.language)
    by.require(NEEDS[Export.Kind(row.kind)])
    asked = json.loads(crypto.unseal_text(bytes(row.asked_sealed), context=CONTEXT, row=str(row.pk)))
    with acting(by):
        table = table_of(row, asked, by=by, at=clock.now())
    with _finished_file(files.path_of(row)) as target:
        write(target, Export.Format(row.format), table.counted(lambda done: _tell(row, table, done)))
    size = files.path_of(row).stat().st_size
    at = clock.now()
    _end(row, state=Export.State.READY, ready_at=at, expires_at=at + KEPT, size=size)


def _tell(row: Export, table: Table, done: int) -> None:
    if done % TOLD_EVERY == 0:
        with acting(Actor.system("exports")):
            Export.objects.filter(pk=row.pk).update(done=done, total=table.total)
    row.done = done


def _end(row: Export, **values: Any) -> None:
    at = clock.now()
    with acting(Actor.system("exports")) as house:
        Export.objects.filter(pk=row.pk).update(done=row.done, **values)
        data = {"state": str(values["state"]), "rows": row.done, "user": row.user, "post": row.post}
        _record(row, "export.ended", by=house, at=at, permission="", data=data)


def _record(row: Export, kind: str, *, by: Actor, at: datetime, permission: str, data: dict[str, Any]) -> None:
    told = {"kind": row.kind, "format": row.format, **data}
    entry = journal.Entry(kind=kind, subject=("export", str(row.pk)), permission=permission, data=told)
    journal.record(entry, by=by, at=at)


@contextmanager
def _finished_file(place: Path) -> Iterator[BinaryIO]:
    """There whole or not at all."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=place.parent)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
        os.replace(name, place)
    finally:
        Path(name).unlink(missing_ok=True)


_SORRY = (
    "生成时出错，请重试；仍不成功请联系管理员。",
    "Something went wrong; try again, and tell the administrator if it stays.",
)
