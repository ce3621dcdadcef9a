"""The three steps of an import: check (writes its report and nothing else), stage (goes on where it was killed), apply.

Each step takes a batch by its id and looks at its state again with the row held before it writes, so that a page, the
command and the worker may all press the same button. `step` does whatever the batch waits for.
"""

import gc
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, DomainError
from wangge.core.importing.faults import FileRefused
from wangge.core.importing.importer import ImportContext, importer_for
from wangge.imports import files
from wangge.imports.models import WAITING, Batch, RowFault, StagedPage
from wangge.imports.reading import Reading, reading
from wangge.imports.report import MoreRows, Report, RowSet
from wangge.imports.staged import in_pages, keep_page, staged_rows

log = structlog.get_logger()

State = Batch.State
Told = Callable[[int], None]
MOST_ATTEMPTS = 2


class SomebodyElse(Conflict):
    code = "import.in_work"
    zh = "这个导入正在处理中。"
    en = "Somebody is working on this import."


class GaveUp(Conflict):
    code = "import.gave_up"
    zh = (
        "处理这个文件时后台进程已中断 {attempts} 次（多半是内存不足），不再重试。请拆成几个较小的文件，或稍后重新检查。"
    )
    en = (
        "The worker ended {attempts} times over this file (most likely for want of memory); it is not tried again by "
        "itself. Split the file, or have it checked again later."
    )


def check(batch_id: uuid.UUID, *, by: Actor, most_rows: int | None = None) -> bool:
    """False where the file has more than `most_rows`: nothing was done, and the batch waits for the worker."""
    batch = Batch.objects.get(pk=batch_id)
    batch.sample = {}
    RowFault.objects.filter(batch=batch).delete()
    report = Report(batch, most_rows=most_rows)
    try:
        with transaction.atomic():
            _check(batch, report, by)
    except MoreRows:
        return False
    except FileRefused as refused:
        report = Report(batch)
        report.refuse(refused.fault)
    report.finish()
    _held(batch_id, State.RECEIVED, State.CHECKING)
    batch.state, batch.failure, batch.attempts = State.CHECKED, None, 0
    batch.save(
        update_fields=[
            "state",
            "attempts",
            "failure",
            "mapping",
            "sample",
            "rows_total",
            "errors",
            "warnings",
            "file_errors",
            "by_fault",
            "faulty_rows",
        ]
    )
    return True


def stage(batch_id: uuid.UUID, *, told: Told | None = None) -> None:
    """Each page of rows is committed for themselves, with the number of the last one; `told` hears how many."""
    with acting(Actor.system("import")):
        batch = _held(batch_id, State.STAGING)
    with reading(batch) as file:
        _stage(batch, file, told)
    with acting(Actor.system("import")):
        batch = _held(batch_id, State.STAGING)
        batch.state, batch.attempts = State.STAGED, 0
        batch.save(update_fields=["state", "attempts"])


def _stage(batch: Batch, file: Reading, told: Told | None) -> None:
    faulty = RowSet(batch.faulty_rows)
    rows = (row for row in file.rows() if row.number > batch.staged_to and row.number not in faulty)
    for chunk in in_pages(rows):
        with acting(Actor.system("import")):
            held = _held(batch.pk, State.STAGING)
            if held.staged_to != batch.staged_to:
                raise SomebodyElse()
            keep_page(batch.pk, chunk)
            batch.staged_to, batch.rows_staged = chunk[-1].number, held.rows_staged + len(chunk)
            batch.attempts = 0  # it gets on
            batch.save(update_fields=["staged_to", "rows_staged", "attempts"])
        if told is not None:
            told(batch.rows_staged)


def apply(batch_id: uuid.UUID, *, by: Actor, at: datetime) -> Batch:
    """All or nothing. What stops it is kept with the batch, which is FAILED then and may be applied again."""
    batch = _held(batch_id, State.APPLYING)
    try:
        with transaction.atomic(), acting(by):
            context = ImportContext(by=by, at=at, options=_importer_options(batch))
            counts = importer_for(batch.kind).apply(staged_rows(batch.pk), context, batch.pk)
            connection.check_constraints()
    except (DomainError, DatabaseError) as failure:
        _fail(batch, failure)
        return batch
    batch.state, batch.applied_at, batch.failure, batch.attempts = State.APPLIED, at, None, 0
    batch.counts = {"created": counts.created, "changed": counts.changed, "unchanged": counts.unchanged}
    batch.save(update_fields=["state", "applied_at", "failure", "counts", "attempts"])
    forget(batch)
    return batch


def forget(batch: Batch) -> None:
    """What was staged, and the file when no other import waits for it."""
    StagedPage.objects.filter(batch=batch).delete()
    Batch.objects.filter(pk=batch.pk).update(sample={})
    settled = (State.APPLIED, State.CANCELLED)
    if not Batch.objects.filter(file_sha256=batch.file_sha256).exclude(pk=batch.pk).exclude(state__in=settled).exists():
        transaction.on_commit(lambda: files.forget(batch.file_sha256))


@contextmanager
def claimed(batch_id: uuid.UUID) -> Iterator[bool]:
    """Whether this process may work on the batch now. The claim ends with the connection, so a kill frees it."""
    key = batch_id.int & (2**63 - 1)
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [key])
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(%s)", [key])


def step(batch_id: uuid.UUID, *, by: Actor, told: Told | None = None) -> None:
    """Whatever the batch waits for, in transactions of its own (not inside another). Raises GaveUp.

    Each beginning is counted first: a step that ends the whole process would otherwise end every one after it.
    """
    batch = Batch.objects.get(pk=batch_id)
    if batch.attempts >= MOST_ATTEMPTS:
        raise GaveUp(attempts=batch.attempts)
    Batch.objects.filter(pk=batch_id, state__in=WAITING).update(attempts=F("attempts") + 1)
    with _collecting_seldom():
        if batch.state in (State.RECEIVED, State.CHECKING):
            Batch.objects.filter(pk=batch_id, state=State.RECEIVED).update(state=State.CHECKING)
            with acting(by):
                check(batch_id, by=by)
        elif batch.state == State.STAGING:
            stage(batch_id, told=told)
        elif batch.state == State.APPLYING:
            with acting(by):
                apply(batch_id, by=by, at=clock.now())


def set_aside(batch_id: uuid.UUID, failure: Exception) -> None:
    """What cannot go on must not keep others waiting: back to where a person decides, with what was the matter."""
    with acting(Actor.system("import")):
        batch = Batch.objects.select_for_update(no_key=True).get(pk=batch_id)
        batch.failure = said(failure)
        batch.state = State.FAILED if batch.state == State.APPLYING else State.CHECKED
        batch.file_errors += batch.state == State.CHECKED
        batch.attempts = 0
        batch.save(update_fields=["state", "failure", "file_errors", "attempts"])


def _check(batch: Batch, report: Report, by: Actor) -> None:
    with reading(batch) as file:
        batch.mapping = file.mapping.as_json()
        for fault in file.faults():
            report.add(fault)
        if report.file_errors:
            batch.sample = file.sample()
            return
        context = ImportContext(by=by, at=clock.now(), options=_importer_options(batch))
        for fault in file.importer.check(report.watching(file.rows()), context):
            report.add(fault)
        batch.sample = file.sample()


def _held(batch_id: uuid.UUID, *states: State) -> Batch:
    """The batch, its row held. Raises SomebodyElse when it has gone on in the meantime."""
    batch = Batch.objects.select_for_update(no_key=True).get(pk=batch_id)
    if batch.state not in states:
        raise SomebodyElse(state=batch.state)
    return batch


@contextmanager
def _collecting_seldom() -> Iterator[None]:
    """Pages of rows are many objects and no cycles: looking for some took a sixth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _importer_options(batch: Batch) -> dict[str, str]:
    return {"valid_from": "", "file": batch.file_name, **batch.options}


def _fail(batch: Batch, failure: Exception) -> None:
    batch.state, batch.attempts = State.FAILED, 0
    batch.failure = swallowed(batch, failure)
    batch.save(update_fields=["state", "failure", "attempts"])


def swallowed(batch: Batch, failure: Exception) -> dict[str, Any]:
    """`said`, of what ends with the batch and nobody raises: the log has what the database named, never its words,
    which quote the row."""
    if isinstance(failure, DatabaseError):
        told = getattr(failure.__cause__, "diag", None)
        named = {name: getattr(told, f"{name}_name", None) for name in ("constraint", "table", "column")}
        sqlstate = getattr(failure.__cause__, "sqlstate", None)
        log.error(
            "import.failed",
            batch=str(batch.pk),
            of=batch.kind,
            error=type(failure).__name__,
            sqlstate=sqlstate,
            **named,
        )
    return said(failure)


def said(failure: Exception) -> dict[str, Any]:
    if isinstance(failure, DomainError):
        return {"code": failure.code, "zh": failure.message("zh"), "en": failure.message("en")}
    # The words of the database may quote a row; only what kind of failure it was is kept.
    kind = type(failure).__name__
    return {
        "code": "import.database" if isinstance(failure, DatabaseError) else "import.internal",
        "zh": f"处理这批数据时出错（{kind}），没有写入任何内容，详情见服务器日志。",
        "en": f"Something went wrong ({kind}); nothing was written. The server's log has the details.",
    }
