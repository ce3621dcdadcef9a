"""A queue that its phone could not send: opened by the centre, carried out in the name of whoever made it (ADR 18)."""

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO

from django.utils.dateparse import parse_datetime

from wangge.accounts.models import Post
from wangge.accounts.permissions import Permission
from wangge.accounts.queries import actor_of_post
from wangge.cases.parts import OtherContent
from wangge.core import clock, crypto, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, DomainError, NotFound
from wangge.core.ids import new_id
from wangge.core.importing.faults import storable
from wangge.field.actions.house_keys import books_of, key_named, post_key
from wangge.field.inside import Sent, ask
from wangge.field.models import HandedIn
from wangge.field.rules.envelopes import NotAnEnvelope, open_envelope

CONTEXT = "field_handedin.entries"
MOST_BYTES, MOST_ENTRIES = 100 * 1024 * 1024, 5000
SHOWN = ("key", "method", "path", "happened_at", "subject")
SEALED_TOGETHER = timedelta(hours=1)  # a phone seals all it has at once; a slow one takes minutes
WAITING, DONE, REFUSED = "waiting", "done", "refused"


class NotOpened(DomainError):
    code = "handed_in.not_opened"
    status = 422
    zh = "这个文件打不开：不是本系统导出的离线队列，或者已经损坏。"
    en = "This file cannot be opened: it is no queue exported for this house, or it is damaged."


class PostOver(Conflict):
    code = "handed_in.post_over"
    zh = "制作这些内容的岗位已停用，不能再以其名义补录。"
    en = "The post that made these has ended; they cannot be carried out in its name."


def hand_in(*, file: BinaryIO, by: Actor, at: datetime) -> HandedIn:
    """Opened and listed, nothing carried out yet. The same file again is the one handed in before.
    Raises NotAllowed, NotOpened, NotFound (of somebody outside one's codes)."""
    by.require(Permission.FIELD_WATCH)
    content = file.read(MOST_BYTES + 1)
    known = HandedIn.objects.visible_to(by).filter(sha256=_digest(content)).first()
    if known is not None:
        return known
    envelope = _opened(content)
    if not any(by.covers(code) for code in envelope.codes):
        raise NotFound()
    row, is_new = _kept(envelope, by, at)
    if is_new:
        _record("handed_in.opened", row, by, at, entries=len(envelope.entries))
    return row


def send_in(*, envelope_id: uuid.UUID, file: BinaryIO, by: Actor, at: datetime) -> HandedIn:
    """From a phone at its next sign-in, whoever it is of: what this post made is carried out at once, the rest waits
    for the centre. The id is the phone's; again is harmless. Raises NotAllowed, NotOpened, OtherContent."""
    right = books_of(by)
    content = file.read(MOST_BYTES + 1)
    with acting(Actor.system("field.handed_in")):  # who works in the field sees no queues, not even their own
        row = HandedIn.objects.filter(sha256=_digest(content)).select_for_update(no_key=True).first()
        if row is None:
            envelope = _opened(content)
            row, is_new = _kept(envelope, by, at, row_id=envelope_id)
            if is_new:
                _record("handed_in.sent", row, by, at, right, entries=len(envelope.entries))
        if row.worker_post == by.post_id and counts_of(row.entries)[DONE] < len(row.entries):
            counts = _carry(row, worker=by)
            _record("handed_in.carried_out", row, by, at, right, **counts)
    return row


def carry_out(*, handed_in_id: uuid.UUID, by: Actor, at: datetime) -> HandedIn:
    """What waits or was refused before, in its order, each with its own key: what had arrived is not done twice. What
    was refused holds back what waits for it. Raises NotFound, NotAllowed, PostOver."""
    by.require(Permission.FIELD_WATCH)
    HandedIn.objects.select_for_update(no_key=True).filter(pk=handed_in_id).values_list("pk").first()
    row = HandedIn.objects.visible_to(by).filter(pk=handed_in_id).first()
    if row is None:
        raise NotFound()
    counts = _carry(row, worker=actor_of_post(_post(row.worker_post, at)))
    _record("handed_in.carried_out", row, by, at, **counts)
    return row


def counts_of(lines: Sequence[dict[str, Any]]) -> dict[str, int]:
    return {state: sum(1 for line in lines if line["state"] == state) for state in (WAITING, DONE, REFUSED)}


def _carry(row: HandedIn, *, worker: Actor) -> dict[str, int]:
    """Counts by state, saved with the row."""
    opened = json.loads(crypto.unseal_text(bytes(row.sealed), context=CONTEXT, row=str(row.pk)))
    lines = [dict(line) for line in row.entries]
    stopped = _stopped_before(row)
    made = {line["key"]: line["made"] for line in lines if line.get("made")}
    for entry, line in zip(opened, lines, strict=True):
        if line["state"] == DONE:
            continue
        if stopped & {*map(str, entry.get("after") or ()), _subject(entry)}:
            line.update(state=WAITING, code="handed_in.waits", message="")
        else:
            line.update(_carried(entry, worker, made))
        if line["state"] == DONE:
            made[line["key"]] = line["made"]
        else:
            stopped |= {str(entry["key"]), _subject(entry)} - {""}
    row.entries = lines
    row.save(update_fields=["entries"])
    return counts_of(lines)


def _stopped_before(row: HandedIn) -> set[str]:
    """Subjects of which an envelope sealed just before this one still holds something back: what is large comes in
    several, in the order of their ids (ADR 18). Of an earlier sign-in nothing does: nobody can correct it any more,
    and it would hold back its subject for ever."""
    if row.made_at is None:
        return set()
    together = (row.made_at - SEALED_TOGETHER, row.made_at)
    with acting(Actor.system("field.handed_in")):
        earlier = HandedIn.objects.filter(worker_post=row.worker_post, made_at__range=together, id__lt=row.pk)
        lines = [line for entries in earlier.values_list("entries", flat=True) for line in entries]
    return {_subject(line) for line in lines if line["state"] != DONE} - {""}


def _subject(entry: dict[str, Any]) -> str:
    """Entries of one subject go in order; those of none wait for nobody."""
    return f"subject:{entry['subject']}" if entry.get("subject") else ""


def _carried(entry: dict[str, Any], worker: Actor, made: Mapping[str, str]) -> dict[str, str]:
    answer = ask(
        Sent(
            method=str(entry["method"]),
            path=_path(entry, made),
            body=entry.get("body"),
            body_base64=entry.get("body_base64"),
            key=str(entry["key"]),
        ),
        by=worker,
    )
    if answer.is_good:
        return {"state": DONE, "code": "", "message": "", "made": answer.made}
    return {"state": REFUSED, "code": answer.code, "message": answer.message}


def _path(entry: dict[str, Any], made: Mapping[str, str]) -> str:
    """`@` stands for the id of what the first entry waited for has made (queue.ts on the phone)."""
    first = next(iter(entry.get("after") or ()), "")
    return str(entry["path"]).replace("@", made.get(str(first), "@"), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Envelope:
    sha256: str
    worker: Post
    device: str
    made_at: datetime | None
    entries: list[dict[str, Any]]

    @property
    def codes(self) -> list[str]:
        return self.worker.codes or [self.worker.unit.division]


def _opened(content: bytes) -> _Envelope:
    """Also of a post that has ended since: it must be open only where something is done in its name."""
    try:
        if len(content) > MOST_BYTES:
            raise NotAnEnvelope
        envelope = json.loads(content)
        named = key_named(uuid.UUID(str(envelope["key_id"])))
        if named is None:
            raise NotAnEnvelope
        opened = open_envelope(envelope, post_key(*named))
        entries = opened["entries"]
        worker = Post.objects.select_related("user", "unit").filter(pk=named[1]).first()
        if opened["post_id"] != named[1] or worker is None or not _are_entries(entries):
            raise NotAnEnvelope
    except (NotAnEnvelope, KeyError, TypeError, ValueError, RecursionError) as wrong:
        raise NotOpened() from wrong
    return _Envelope(
        sha256=_digest(content),
        worker=worker,
        device=storable(str(envelope.get("device", "")))[:200],
        made_at=_instant(envelope.get("made_at")),
        entries=entries,
    )


def _kept(envelope: _Envelope, by: Actor, at: datetime, *, row_id: uuid.UUID | None = None) -> tuple[HandedIn, bool]:
    """Locked, and whether it was made here: a page that is left while it sends begins again beside the first.
    Raises OtherContent (the id is of another one)."""
    row = HandedIn(
        id=row_id or new_id(),
        sha256=envelope.sha256,
        code=envelope.codes[0],
        worker_post=envelope.worker.pk,
        worker_name=envelope.worker.user.name,
        device=envelope.device,
        made_at=envelope.made_at,
        entries=[_line(entry) for entry in envelope.entries],
        by_post=by.post_id or 0,
        by_name=by.name,
        at=at,
    )
    # In ASCII: a sign that a phone cut in two has no UTF-8, and is its own entry's fault, not the whole queue's.
    row.sealed = crypto.seal(json.dumps(envelope.entries), context=CONTEXT, row=str(row.pk))
    HandedIn.objects.bulk_create([row], ignore_conflicts=True)
    kept = HandedIn.objects.select_for_update(no_key=True).filter(sha256=envelope.sha256).first()
    if kept is None:
        raise OtherContent()
    return kept, kept.pk == row.pk


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _are_entries(entries: Any) -> bool:
    if not isinstance(entries, list) or len(entries) > MOST_ENTRIES:
        return False
    return all(isinstance(entry, dict) and _is_entry(entry) for entry in entries)


def _is_entry(entry: dict[str, Any]) -> bool:
    return {"key", "method", "path"} <= entry.keys() and isinstance(entry.get("after") or [], list)


def _line(entry: dict[str, Any]) -> dict[str, Any]:
    shown = {name: storable(str(entry.get(name) or ""))[:300] for name in SHOWN}
    return shown | {"state": WAITING, "code": "", "message": ""}


def _instant(text: Any) -> datetime | None:
    found = parse_datetime(text) if isinstance(text, str) else None
    return found if found is not None and found.tzinfo is not None else None


def _post(post_id: int, at: datetime) -> Post:
    rows = Post.objects.held_on(clock.day_of(at)).filter(pk=post_id)
    found = rows.select_related("user", "unit", "role").first()
    if found is None:
        raise PostOver()
    return found


def _record(
    kind: str, row: HandedIn, by: Actor, at: datetime, permission: Permission = Permission.FIELD_WATCH, /, **data: Any
) -> None:
    entry = journal.Entry(
        kind=kind,
        subject=("handed_in", str(row.pk)),
        code=row.code,
        permission=permission,
        data={"worker_post": row.worker_post, **data},
    )
    journal.record(entry, by=by, at=at)
