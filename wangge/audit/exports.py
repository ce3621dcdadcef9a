"""The journal as a table, newest entries first, and the statement about it under the house's signature.

Asking, making, keeping and fetching are insight's. What may be in the file is fixed when it is asked for, by the
snapshot of that moment: entries that are committed while it is made are not in it, whatever their number.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from wangge.accounts.permissions import Permission
from wangge.audit import signing
from wangge.audit.queries import JournalFilter, chosen_of, names_of_places, names_of_subjects
from wangge.core.actor import Actor, acting
from wangge.core.clock import local
from wangge.core.errors import Conflict
from wangge.core.models import JournalEntry
from wangge.insight.files import name_of
from wangge.insight.makers import Asked, Maker, Table, mark_of
from wangge.insight.models import Export

MOST_ROWS = {Export.Format.CSV: 2_000_000, Export.Format.XLSX: 500_000}  # a sheet opens slowly long before its end
PAGE = 5_000
KEPT = timedelta(days=7)
# Numbers are drawn before the commit, so the newest of a moment says nothing of what is on its way: the snapshot does.
# What another cluster wrote came with a backup, whole.
SEEN = """
(core_journal.cluster <> %s or pg_visible_in_snapshot(core_journal.xid, %s::pg_snapshot))
"""

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


class Restored(Conflict):
    code = "journal_export.restored"
    zh = "申请之后数据库从备份恢复过，请重新导出。"
    en = "The database was restored from a backup since it was asked for; export again."


def asked_of(chosen: JournalFilter) -> Asked:
    return {"filters": chosen.as_json()}


def freeze(asked: Asked, by: Actor) -> Asked:
    """With the snapshot of now. Raises Invalid."""
    chosen_of(_filter(asked), by.ranges)
    snapshot, cluster = _now()
    return asked | {"snapshot": snapshot, "cluster": cluster}


def journal_table(row: Export, asked: Asked, *, by: Actor, at: datetime) -> Table:
    """Raises NotAllowed, Restored."""
    by.require(Permission.JOURNAL_READ)
    if _now()[1] != asked["cluster"]:
        raise Restored()
    return Table(
        title=row.title,
        mark=mark_of(row, by, at),
        headings=HEADINGS["en" if by.language == "en" else "zh"],
        rows=_lines(asked, by),
        language=by.language,
    )


def statement(row: Export, asked: Asked, by: Actor) -> dict[str, Any]:
    """Signed, of a file that is made."""
    said = {
        "export": str(row.pk),
        "name": name_of(row),
        "sha256": row.sha256,
        "size": row.size,
        "rows": row.done,
        "is_cut": row.is_cut,
        "filters": asked["filters"],
        "ranges": list(by.ranges),
        "snapshot": asked["snapshot"],
        "cluster": str(asked["cluster"]),
        "asked_by": by.name,
        "asked_at": row.asked_at.isoformat(),
        "made_at": row.ready_at.isoformat() if row.ready_at else "",
    }
    return signing.signed(said)


JOURNAL = Maker(
    kind="journal",
    needs=Permission.JOURNAL_READ,
    entry="journal.exported",
    kept=KEPT,
    most=MOST_ROWS,
    table=journal_table,
    freeze=freeze,
    sign=statement,
    cuts=True,
)


def _now() -> tuple[str, int]:
    """The snapshot, and the cluster it is one of."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_current_snapshot()::text, journal_cluster()")
        snapshot, cluster = cursor.fetchone()
    return snapshot, cluster


def _lines(asked: Asked, by: Actor) -> Iterator[list[object]]:
    """Each page is a transaction of its own."""
    last: int | None = None
    while True:
        with acting(by):
            rows = _rows(asked, by.ranges)
            page = list((rows if last is None else rows.filter(pk__lt=last))[:PAGE])
            subjects, places = names_of_subjects(page, language=by.language), names_of_places(page)
        yield from (_cells(entry, subjects, places) for entry in page)
        if len(page) < PAGE:
            return
        last = page[-1].pk


def _rows(asked: Asked, ranges: tuple[str, ...]) -> QuerySet[JournalEntry]:
    seen = RawSQL(SEEN, [asked["cluster"], asked["snapshot"]], output_field=BooleanField())  # noqa: S611
    return chosen_of(_filter(asked), ranges).filter(seen)


def _filter(asked: Asked) -> JournalFilter:
    chosen = asked["filters"]
    times = {name: datetime.fromisoformat(chosen[name]) for name in ("since", "until") if name in chosen}
    return JournalFilter(**(chosen | times))


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
