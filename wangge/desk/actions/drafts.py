"""Drafts: kept with every pause in typing, taken up on any machine by the same post, ended by sending or by time.

The journal hears of a draft's beginning and end, not of each save: those are the typing of one person.
"""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from wangge.accounts.permissions import Permission
from wangge.core import crypto, journal
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, Invalid, Message, NotFound
from wangge.desk.models import Draft

CONTEXT = "desk_draft.sealed"
KEPT = timedelta(days=7)
LARGEST = 40_000  # characters of JSON
MOST = 30  # of one post


class DraftChanged(Conflict):
    code = "draft.changed"
    zh = "这份草稿已在另一处改过，请选择用哪一份。"
    en = "This draft was changed somewhere else; choose which one to keep."


class DraftEnded(Conflict):
    code = "draft.ended"
    zh = "这份草稿已在另一处登记或删除。这里的内容还在，仍可登记。"
    en = "This draft was sent or discarded somewhere else. What is here stays and can still be sent."


class TooManyDrafts(Conflict):
    code = "draft.too_many"
    zh = f"草稿已有 {MOST} 份，请先处理或删除一些。"
    en = f"There are {MOST} drafts already; finish or discard some first."


def keep_draft(
    *, draft_id: uuid.UUID, values: dict[str, Any], evidence: list[uuid.UUID], version: int, by: Actor, at: datetime
) -> Draft:
    """`version` is the one that was read, 0 for none. The same values once more are no change, so a save whose answer
    was lost can be sent again.

    Raises NotAllowed, Invalid, NotFound (another post's), DraftChanged, DraftEnded, TooManyDrafts.
    """
    by.require(Permission.CASE_REPORT)
    content = json.dumps(values, ensure_ascii=False, sort_keys=True)
    if len(content) > LARGEST:
        raise Invalid(fields={"values": Message("内容太长，草稿放不下。", "Too long to be kept as a draft.")})
    draft = Draft.objects.visible_to(by).select_for_update(no_key=True).filter(pk=draft_id).first()
    if draft is None and version:
        raise DraftEnded()
    if draft is None:
        return _begin(draft_id, content, evidence, by, at)
    if opened(draft) == content:
        return draft
    if draft.version != version:
        raise DraftChanged(version=draft.version, changed_at=draft.changed_at.isoformat())
    draft.sealed = _seal(draft_id, content)
    draft.evidence, draft.version, draft.changed_at = evidence, version + 1, at
    draft.save(update_fields=["sealed", "evidence", "version", "changed_at"])
    return draft


def end_draft(*, draft_id: uuid.UUID, by: Actor, at: datetime) -> None:
    """Sent, or thrown away; one that is gone already is as it should be."""
    by.require(Permission.CASE_REPORT)
    draft = Draft.objects.visible_to(by).filter(pk=draft_id).first()
    if draft is None:
        return
    draft.delete()
    _record("draft.ended", draft_id, by, at)


def end_old_drafts(*, by: Actor, at: datetime, limit: int) -> int:
    """Those nobody has touched for KEPT; how many there were."""
    rows = Draft.objects.filter(changed_at__lt=at - KEPT).order_by("changed_at").values_list("pk", flat=True)
    ids = list(rows.select_for_update(no_key=True, skip_locked=True)[:limit])
    Draft.objects.filter(pk__in=ids).delete()
    for draft_id in ids:
        _record("draft.ended", draft_id, by, at)
    return len(ids)


def opened(draft: Draft) -> str:
    """The values as JSON text, keys in order."""
    return crypto.unseal_text(bytes(draft.sealed), context=CONTEXT, row=str(draft.pk))


def _begin(draft_id: uuid.UUID, content: str, evidence: list[uuid.UUID], by: Actor, at: datetime) -> Draft:
    if Draft.objects.visible_to(by).count() >= MOST:
        raise TooManyDrafts()
    draft = Draft(
        id=draft_id,
        by_post=by.post_id or 0,
        sealed=_seal(draft_id, content),
        evidence=evidence,
        begun_at=at,
        changed_at=at,
    )
    try:
        with transaction.atomic():
            draft.save(force_insert=True)
    except IntegrityError as taken:  # the id is another post's, which nobody is told
        raise NotFound() from taken
    _record("draft.begun", draft_id, by, at)
    return draft


def _seal(draft_id: uuid.UUID, content: str) -> bytes:
    return crypto.seal(content, context=CONTEXT, row=str(draft_id))


def _record(kind: str, draft_id: uuid.UUID, by: Actor, at: datetime) -> None:
    journal.record(
        journal.Entry(
            kind=kind,
            subject=("draft", str(draft_id)),
            code=by.division,
            unit_paths=[by.unit_path] if by.unit_path else [],
            permission=Permission.CASE_REPORT,
        ),
        by=by,
        at=at,
    )
