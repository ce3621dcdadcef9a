"""The journal as a file, with its hash under the house's signature: asked for, made, taken, forgotten.

A file holds the newest entries first, up to what its form carries. What is written while it is made is not in it, so
the file of one question stays the same however long it takes. Asking and making are both on the journal.
"""

import json
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max
from openpyxl import Workbook

from wangge.accounts.permissions import Permission
from wangge.audit import signing
from wangge.audit.models import JournalExport
from wangge.audit.queries import JournalFilter, chosen_of, names_of_places, names_of_subjects
from wangge.core import journal
from wangge.core.actor import Actor, acting
from wangge.core.clock import local
from wangge.core.errors import Conflict, NotFound
from wangge.core.ids import new_id
from wangge.core.importing.export import csv_lines, csv_safe
from wangge.core.models import JournalEntry

State, Form = JournalExport.State, JournalExport.Form
MOST_ROWS = {Form.CSV: 2_000_000, Form.XLSX: 500_000}  # a sheet ends at 1,048,576 lines, and opens slowly long before
AT_ONCE = 5_000  # made while one waits for the answer
PAGE = 5_000
MOST_RUNNING = 2
KEPT = timedelta(days=7)
SUBJECT = "journal_export"

HEADINGS = {
    "zh": (
        *("记录号", "时间", "操作", "操作人", "账号", "岗位", "身份", "所用权限", "对象类型", "对象编号", "对象"),
        *("区域编码", "区域", "单位路径", "变更项", "内容"),
    ),
    "en": (
        *("Number", "Time (Beijing)", "Kind", "Who", "Account", "Post", "Kind of actor", "Permission", "Subject type"),
        *("Subject id", "Subject", "Place code", "Place", "Unit paths", "Changed", "Data"),
    ),
}


class TooManyExports(Conflict):
    code = "journal_export.too_many"
    zh = "已有 {running} 份导出在制作，请等它们完成。"
    en = "{running} exports are being made; wait for them."


class NotReady(Conflict):
    code = "journal_export.not_ready"
    zh = "这份导出还没有做好，或文件已过期删除。"
    en = "This export is not made yet, or its file has been removed."


def begin_export(*, chosen: JournalFilter, form: str, by: Actor, at: datetime) -> JournalExport:
    """Made at once when it is small, else by the worker. Raises NotAllowed, Invalid, TooManyExports."""
    by.require(Permission.JOURNAL_READ)
    running = JournalExport.objects.filter(by_user=by.user_id or 0, state=State.RUNNING).count()
    if running >= MOST_RUNNING:
        raise TooManyExports(running=running)
    export = JournalExport(
        id=new_id(),
        form=form,
        filters=chosen.as_json(),
        ranges=list(by.ranges),
        newest_id=JournalEntry.objects.aggregate(newest=Max("id"))["newest"] or 0,
        language=by.language,
        by_user=by.user_id or 0,
        by_post=by.post_id,
        by_name=by.name,
        by_division=by.division,
        asked_at=at,
    )
    is_small = len(_rows(export).values_list("pk", flat=True)[: AT_ONCE + 1]) <= AT_ONCE
    export.save(force_insert=True)
    _record("journal.exported", export, by, at, {"form": form, "filters": export.filters})
    if is_small:
        _make(export, by=by, at=at)
    return export


def exports_of(*, by: Actor) -> list[JournalExport]:
    """One's own, newest first."""
    by.require(Permission.JOURNAL_READ)
    return list(JournalExport.objects.filter(by_user=by.user_id or 0)[:50])


def export_of(export_id: UUID, *, by: Actor) -> JournalExport:
    """One's own. Raises NotAllowed, NotFound."""
    by.require(Permission.JOURNAL_READ)
    export = JournalExport.objects.filter(pk=export_id, by_user=by.user_id or 0).first()
    if export is None:
        raise NotFound()
    return export


def file_of(export: JournalExport) -> Path:
    """Raises NotReady."""
    if export.state != State.DONE or export.removed_at is not None:
        raise NotReady()
    return path_of(export)


def name_of(export: JournalExport) -> str:
    return f"journal-{local(export.asked_at):%Y%m%d-%H%M%S}-{str(export.pk)[-6:]}.{export.form}"


def make_waiting(*, at: datetime) -> bool:
    """The oldest that waits; False without any. Begun again from the start when its maker was killed."""
    by = Actor.system("journal-exports")
    with acting(by):
        rows = JournalExport.objects.select_for_update(skip_locked=True).filter(state=State.RUNNING)
        export = rows.order_by("asked_at").first()
        if export is not None:
            _make(export, by=by, at=at)
    return export is not None


def forget_old(*, at: datetime) -> None:
    """The files; which there were, and their hashes, stays known."""
    for export in JournalExport.objects.filter(made_at__lt=at - KEPT, removed_at=None):
        path_of(export).unlink(missing_ok=True)
        export.removed_at = at
        export.save(update_fields=["removed_at"])


def path_of(export: JournalExport) -> Path:
    return Path(settings.FILES) / "journal-exports" / f"{export.pk}.{export.form}"


def _make(export: JournalExport, *, by: Actor, at: datetime) -> None:
    path = path_of(export)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    most = MOST_ROWS[Form(export.form)]
    lines = _Lines(export, most)
    (_write_csv if export.form == Form.CSV else _write_xlsx)(partial, export.language, lines)
    os.replace(partial, path)
    export.rows, export.is_cut = lines.count, lines.is_cut
    export.size, export.sha256 = path.stat().st_size, signing.sha256_of(path)
    export.state, export.made_at = State.DONE, at
    export.signature = signing.signed(_statement(export))
    export.save()
    data = {"form": export.form, "rows": export.rows, "size": export.size, "sha256": export.sha256}
    _record("journal.export_made", export, by, at, data)


def _statement(export: JournalExport) -> dict[str, Any]:
    return {
        "export": str(export.pk),
        "name": name_of(export),
        "sha256": export.sha256,
        "size": export.size,
        "rows": export.rows,
        "is_cut": export.is_cut,
        "filters": export.filters,
        "ranges": export.ranges,
        "newest_entry": export.newest_id,
        "asked_by": export.by_name,
        "asked_at": export.asked_at.isoformat(),
        "made_at": export.made_at.isoformat() if export.made_at else "",
    }


class _Lines:
    """The cells of each entry, page by page; afterwards how many there were, and whether more were left out."""

    def __init__(self, export: JournalExport, most: int) -> None:
        self._export, self._most = export, most
        self.count, self.is_cut = 0, False

    def __iter__(self) -> Iterator[list[object]]:
        rows, last = _rows(self._export), self._export.newest_id + 1
        while page := list(rows.filter(pk__lt=last)[:PAGE]):
            subjects = names_of_subjects(page, language=self._export.language)
            places = names_of_places(page)
            for entry in page:
                if self.count >= self._most:
                    self.is_cut = True
                    return
                self.count += 1
                yield _cells(entry, subjects, places)
            last = page[-1].pk


def _rows(export: JournalExport) -> Any:
    chosen = export.filters
    times = {name: datetime.fromisoformat(chosen[name]) for name in ("since", "until") if name in chosen}
    asked = JournalFilter(**(chosen | times))
    return chosen_of(asked, tuple(export.ranges)).filter(pk__lte=export.newest_id)


def _cells(entry: JournalEntry, subjects: dict[tuple[str, str], str], places: dict[str, str]) -> list[object]:
    return [
        entry.pk,
        f"{local(entry.at):%Y-%m-%d %H:%M:%S}",
        entry.kind,
        entry.actor_name,
        entry.actor_user,
        entry.actor_post,
        entry.actor_kind,
        entry.permission,
        entry.subject_type,
        entry.subject_id,
        subjects.get((entry.subject_type, entry.subject_id), ""),
        entry.code,
        places.get(entry.code, ""),
        " ".join(entry.unit_paths),
        " ".join(entry.changed),
        _one_line(entry.data),
    ]


def _one_line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if data else ""


def _write_csv(path: Path, language: str, lines: _Lines) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(csv_lines(HEADINGS["en" if language == "en" else "zh"], lines))


def _write_xlsx(path: Path, language: str, lines: _Lines) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("journal")
    sheet.append(HEADINGS["en" if language == "en" else "zh"])
    for cells in lines:
        sheet.append([cell if isinstance(cell, int) else csv_safe(cell) for cell in cells])
    book.save(path)


def _record(kind: str, export: JournalExport, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    entry = journal.Entry(
        kind=kind,
        subject=(SUBJECT, str(export.pk)),
        code=export.by_division,
        permission=str(Permission.JOURNAL_READ),
        data=data,
    )
    journal.record(entry, by=by, at=at)
