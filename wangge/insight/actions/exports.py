"""A table is asked for, made by the worker as whoever asked sees it, fetched by them alone, and gone after a while."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import structlog

from wangge.accounts.models import User
from wangge.accounts.permissions import Permission
from wangge.accounts.queries import actor_in_post
from wangge.cases.throttle import Allowance, counting
from wangge.core import clock, crypto, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, DomainError, NotAllowed, NotFound, invalid
from wangge.core.ids import new_id
from wangge.core.paging import LARGEST_SIZE
from wangge.insight import files
from wangge.insight.makers import Table, approved_by, maker_of
from wangge.insight.models import Export
from wangge.insight.writers import Lines, write

log = structlog.get_logger()

LOST_AFTER = timedelta(minutes=30)  # nothing was heard of its maker, which was killed: it is made again
MOST_TRIES = 3
UNDECIDED = timedelta(days=7)  # nobody decided on it: it is asked for again
REMEMBERED = timedelta(days=30)  # that there was one, in the list of whoever asked
TOLD_EVERY = 500  # rows
ASKED = Allowance("exports", most=20, span=timedelta(hours=1))
MOST_WAITING = 3
CONTEXT = "insight_export.asked"


class TooManyWaiting(Conflict):
    code = "export.too_many_waiting"
    zh = "您已有 {count} 个导出在排队或生成，请等其中一个完成。"
    en = "You have {count} exports waiting or in the making; wait for one of them."


class NeverMade(DomainError):
    code = "export.never_made"
    zh = "生成中断多次，请缩小范围重试，或联系管理员。"
    en = "The making of it was interrupted several times; narrow it down, or tell the administrator."


class NotReady(Conflict):
    code = "export.not_ready"
    zh = "文件还没有生成好，或已过期。"
    en = "The file is not ready yet, or has expired."


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`asked`: the filters or the analysis, as they came over HTTP. `told`: what of them the journal may hold."""

    kind: str
    format: Export.Format
    title: str
    asked: dict[str, Any]
    told: dict[str, Any]
    purpose: str = ""  # for whoever approves it


def ask_export(wanted: Wanted, *, by: Actor, at: datetime) -> Export:
    """Raises NotAllowed, Invalid, TooOften, TooManyWaiting. On the journal before anything is read."""
    maker = maker_of(wanted.kind)
    by.require(maker.needs)
    if by.user_id is None or by.post_id is None:
        raise NotAllowed()
    if wanted.format not in maker.most:
        raise invalid("format", "没有这种格式。", "It is not made in this format.")
    if maker.approval is not None and len(wanted.purpose.strip()) < 2:
        raise invalid("purpose", "请写明用途，供审批人判断。", "Say what it is for; somebody decides on it.")
    asked = maker.freeze(wanted.asked, by)
    with counting(ASKED.of(str(by.user_id)), at=at):
        unfinished = [Export.State.PROPOSED, Export.State.WAITING, Export.State.RUNNING]
        waiting = Export.objects.visible_to(by).filter(state__in=unfinished).count()
        if waiting >= MOST_WAITING:
            raise TooManyWaiting(count=waiting)
        export_id = new_id()
        row = Export.objects.create(
            id=export_id,
            user=by.user_id,
            post=by.post_id,
            unit_path=by.unit_path,
            code=by.division,
            kind=wanted.kind,
            format=wanted.format,
            title=wanted.title,
            language=by.language,
            asked_sealed=crypto.seal(json.dumps(asked), context=CONTEXT, row=str(export_id)),
            asked_at=at,
            state=Export.State.PROPOSED if maker.approval else Export.State.WAITING,
            purpose=wanted.purpose.strip(),
        )
        _record(row, maker.entry, by=by, at=at, permission=maker.needs, data=wanted.told)
    return row


def decide_export(*, export_id: uuid.UUID, approve: bool, by: Actor, at: datetime) -> Export:
    """By somebody else than who asked. Raises NotFound, NotAllowed."""
    kinds = approved_by(by)
    if not kinds:
        raise NotAllowed()
    with acting(Actor.system("exports")):
        rows = Export.objects.select_for_update().proposed_to(by, kinds)
        row = rows.filter(pk=export_id).first()
        if row is None:
            raise NotFound()
        row.state = Export.State.WAITING if approve else Export.State.REFUSED
        row.decided_by, row.decided_at = by.name, at
        if not approve:
            row.asked_sealed = b""
        row.save(update_fields=["state", "decided_by", "decided_at", "asked_sealed"])
        needed = maker_of(row.kind).approval or ""
        kind = "export.approved" if approve else "export.refused"
        _record(row, kind, by=by, at=at, permission=needed, data={"user": row.user, "post": row.post})
    return row


def proposals(*, by: Actor) -> list[dict[str, Any]]:
    """What waits for the actor's approval, the oldest first. Raises NotAllowed."""
    kinds = approved_by(by)
    if not kinds:
        raise NotAllowed()
    rows = list(Export.objects.proposed_to(by, kinds).order_by("asked_at", "id")[:LARGEST_SIZE])
    names = dict(User.objects.filter(pk__in={row.user for row in rows}).values_list("pk", "name"))
    shown = ("id", "kind", "format", "title", "purpose", "code", "asked_at")
    return [{name: getattr(row, name) for name in shown} | {"asked_by": names.get(row.user, "")} for row in rows]


def fetch_export(*, export_id: uuid.UUID, by: Actor, at: datetime) -> tuple[Export, BinaryIO]:
    """Raises NotFound, NotAllowed (the right has ended meanwhile), NotReady. Each fetching is on the journal."""
    row, needed = _own(export_id, by)
    if row.state != Export.State.READY or row.expires_at is None or row.expires_at <= at:
        raise NotReady()
    try:
        file = files.path_of(row).open("rb")
    except FileNotFoundError:
        raise NotReady() from None
    _record(row, "export.fetched", by=by, at=at, permission=needed, data={})
    return row, file


def statement_of(*, export_id: uuid.UUID, by: Actor) -> tuple[Export, dict[str, Any]]:
    """What is signed beside the file, also when the file has gone. Raises NotFound, NotAllowed, NotReady."""
    row, _ = _own(export_id, by)
    if row.statement is None:
        raise NotReady()
    return row, row.statement


def _own(export_id: uuid.UUID, by: Actor) -> tuple[Export, Permission]:
    """Raises NotFound, NotAllowed."""
    row = Export.objects.visible_to(by).filter(pk=export_id).first()
    if row is None:
        raise NotFound()
    needed = maker_of(row.kind).needs
    by.require(needed)
    return row, needed


def make_next(*, at: datetime) -> bool:
    """The oldest that waits, or that a worker left behind. False when there is none."""
    with acting(Actor.system("exports")):
        row = _take(at)
    if row is None:
        return False
    try:
        if row.tries > MOST_TRIES:
            raise NeverMade()
        _make(row)
    except DomainError as failure:
        _fail(row, failure.message(row.language))
    except Exception as failure:
        log.error("export.failed", export=str(row.pk), exc_info=failure)
        _fail(row, _SORRY[row.language == "en"])
    return True


def expire_old(*, at: datetime, limit: int) -> int:
    """Files past their day, and rows nobody needs to know of any more; what was signed stays. The larger of both."""
    rows = list(Export.objects.filter(state=Export.State.READY, expires_at__lte=at)[:limit])
    Export.objects.filter(state=Export.State.PROPOSED, asked_at__lt=at - UNDECIDED).update(
        state=Export.State.EXPIRED, asked_sealed=b""
    )
    for row in rows:
        files.path_of(row).unlink(missing_ok=True)
        row.state = Export.State.EXPIRED
        row.save(update_fields=["state"])
    over = [Export.State.EXPIRED, Export.State.FAILED, Export.State.REFUSED]
    old = Export.objects.filter(state__in=over, statement__isnull=True, asked_at__lt=at - REMEMBERED).order_by(
        "asked_at"
    )
    forgotten, _ = Export.objects.filter(
        pk__in=list(old.order_by("asked_at").values_list("pk", flat=True)[:limit])
    ).delete()
    return max(len(rows), forgotten)


def _take(at: datetime) -> Export | None:
    rows = Export.objects.select_for_update(skip_locked=True).order_by("asked_at", "id")
    row = rows.filter(state=Export.State.WAITING).first()
    row = row or rows.filter(state=Export.State.RUNNING, told_at__lt=at - LOST_AFTER).first()
    if row is not None:
        row.state, row.told_at, row.done = Export.State.RUNNING, at, 0
        row.tries += 1
        row.save(update_fields=["state", "told_at", "done", "tries"])
    return row


def _make(row: Export) -> None:
    """As the person sees it now, in the post that asked; each page of rows is a transaction of its own."""
    maker, form = maker_of(row.kind), Export.Format(row.format)
    with acting(Actor.system("exports")):
        by = actor_in_post(user_id=row.user, post_id=row.post, day=clock.today(), language=row.language)
    by.require(maker.needs)
    asked = json.loads(crypto.unseal_text(bytes(row.asked_sealed), context=CONTEXT, row=str(row.pk)))
    with acting(by):
        table = maker.table(row, asked, by=by, at=clock.now())
    lines = Lines(table, most=maker.most[form], cuts=maker.cuts, tell=lambda done: _tell(row, table, done))
    with _finished_file(files.path_of(row)) as target:
        write(target, form, lines)
    row.size, row.sha256 = files.measured(row)
    row.state, row.is_cut, row.ready_at = Export.State.READY, lines.is_cut, clock.now()
    row.expires_at = row.ready_at + maker.kept
    row.statement = maker.sign(row, asked, by) if maker.sign else None
    _end(row)


def _tell(row: Export, table: Table, done: int) -> None:
    row.done = done
    if done % TOLD_EVERY == 0:
        with acting(Actor.system("exports")):
            Export.objects.filter(pk=row.pk).update(done=done, total=table.total, told_at=clock.now())


def _fail(row: Export, problem: str) -> None:
    files.path_of(row).unlink(missing_ok=True)
    row.state, row.problem = Export.State.FAILED, problem
    _end(row)


def _end(row: Export) -> None:
    """What was asked with is of no more use."""
    row.asked_sealed = b""
    made = ["size", "sha256", "is_cut", "ready_at", "expires_at", "statement"]
    with acting(Actor.system("exports")) as house:
        row.save(update_fields=["state", "problem", "done", "asked_sealed", *made])
        data = {"state": row.state, "rows": row.done, "user": row.user, "post": row.post}
        if row.sha256:
            data |= {"size": row.size, "sha256": row.sha256}
        _record(row, "export.ended", by=house, at=clock.now(), permission="", data=data)


def _record(row: Export, kind: str, *, by: Actor, at: datetime, permission: str, data: dict[str, Any]) -> None:
    told = {"kind": row.kind, "format": row.format, **data}
    entry = journal.Entry(kind=kind, subject=("export", str(row.pk)), code=row.code, permission=permission, data=told)
    journal.record(entry, by=by, at=at)


@contextmanager
def _finished_file(place: Path) -> Iterator[BinaryIO]:
    """There whole or not at all. What a killed maker left is written over by the next."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = place.with_name(f"{place.name}.part")
    try:
        with partial.open("w+b") as file:
            yield file
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)


_SORRY = (
    "生成时出错，请重试；仍不成功请联系管理员。",
    "Something went wrong; try again, and tell the administrator if it stays.",
)
