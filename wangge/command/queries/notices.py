"""What a post is told: the list, the count of the bell, and who wishes to hear of what when."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from wangge.cases.queries.listing import rows_of
from wangge.command.models import Notice, NoticeMark, NoticeRead, NoticeSettings
from wangge.command.models.notices import NoticeQuerySet
from wangge.command.queries import meetings, orders
from wangge.command.rules import delivery
from wangge.command.rules.delivery import Way, Wishes
from wangge.command.rules.notices import GROUP_OF, Group, sentence
from wangge.core.actor import Actor
from wangge.core.errors import NotAllowed
from wangge.core.paging import LARGEST_SIZE, decode_cursor, encode_cursor
from wangge.field.queries import duty, errands

ASK = {
    "order": orders.titles,
    "meeting": meetings.titles,
    "task": meetings.task_titles,
    "errand": errands.titles,
    "duty_span": duty.titles,
}
SCOPED = {"case", *ASK}
COUNTED = 100  # the bell says 99+ from there on


@dataclass(frozen=True, slots=True)
class NoticePage:
    items: list[dict[str, Any]]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """`told`: what the bell counts; `held`: what waits for a digest or the end of quiet hours."""

    told: int
    urgent: int
    held: int
    latest: int  # sequence number of the newest that was told
    sound: bool


def notices(
    *, by: Actor, at: datetime, unread: bool, group: Group | None, cursor: str | None, limit: int
) -> NoticePage:
    """Newest first; left out is what one wished not to hear of, and cases one does not see (any more)."""
    wishes = wishes_of(by)
    rows = _heard(by, wishes).annotate(is_read=~_unread(by)).order_by("-seq")
    if unread:
        rows = rows.filter(_unread(by))
    if group is not None:
        rows = rows.filter(kind__in=[kind for kind, own in GROUP_OF.items() if own is group])
    if cursor:
        rows = rows.filter(seq__lt=decode_cursor(cursor, kinds=(int,))[0])
    limit = min(max(limit, 1), LARGEST_SIZE)
    found = list(rows[: limit + 1])
    more = encode_cursor([found[limit - 1].seq]) if len(found) > limit else None
    return NoticePage(_shown(found[:limit], by, wishes, at), more)


def unread(*, by: Actor, at: datetime) -> Unread:
    """At most a hundred are looked at, however many there are, and as many urgent ones: no heap hides one of those."""
    wishes, settings = wishes_of(by), _settings(by)
    unread = _heard(by, wishes).filter(_unread(by)).order_by("-seq")
    rows = [row for urgent in (True, False) for row in unread.filter(urgent=urgent)[:COUNTED]]
    named = _named(rows, by)
    told = urgent = held = latest = 0
    for row in rows:
        when = delivery.told_at(row.at, group=GROUP_OF.get(row.kind, ""), urgent=row.urgent, wishes=wishes)
        if when is None or not _is_seen(row, named):
            continue
        if when > at:
            held += 1
            continue
        told, urgent, latest = told + 1, urgent + row.urgent, max(latest, row.seq)
    return Unread(told=told, urgent=urgent, held=held, latest=latest, sound=settings.sound)


def settings(*, by: Actor) -> dict[str, Any]:
    if by.user_id is None:
        raise NotAllowed()
    kept = _settings(by)
    return {
        "quiet_from": kept.quiet_from,
        "quiet_to": kept.quiet_to,
        "ways": {group: kept.ways.get(group, Way.AT_ONCE) for group in Group},
        "digest_at": list(kept.digest_at) or list(delivery.DIGEST_AT),
        "sound": kept.sound,
    }


def wishes_of(by: Actor) -> Wishes:
    kept = _settings(by)
    quiet = (kept.quiet_from, kept.quiet_to) if kept.quiet_from and kept.quiet_to else None
    return Wishes(quiet=quiet, ways=kept.ways, digest_at=tuple(kept.digest_at) or delivery.DIGEST_AT)


def _settings(by: Actor) -> NoticeSettings:
    return NoticeSettings.objects.filter(pk=by.user_id or 0).first() or NoticeSettings(user_id=by.user_id or 0)


def _mine(by: Actor) -> NoticeQuerySet:
    return Notice.objects.addressed_to(by)


def _heard(by: Actor, wishes: Wishes) -> NoticeQuerySet:
    """Without what one wished not to hear of."""
    never = [kind for kind, own in GROUP_OF.items() if wishes.way_of(own) is Way.NEVER]
    return _mine(by).exclude(kind__in=never, urgent=False)


def _unread(by: Actor) -> Q:
    mark = NoticeMark.objects.filter(pk=by.post_id or 0).values_list("read_to", flat=True).first() or 0
    read = NoticeRead.objects.filter(post_id=by.post_id or 0, notice=OuterRef("pk"), seq__gte=OuterRef("seq"))
    return Q(seq__gt=mark) & ~Q(Exists(read))


def _shown(rows: Sequence[Notice], by: Actor, wishes: Wishes, at: datetime) -> list[dict[str, Any]]:
    named = _named(rows, by)
    return [_line(row, named, by, wishes, at) for row in rows if _is_seen(row, named)]


Named = dict[str, dict[str, tuple[str, str]]]


def _named(rows: Sequence[Notice], by: Actor) -> Named:
    """Title and number of what the notices are about, as far as this reader sees it; a query or two for each type."""
    ids: dict[str, list[str]] = {}
    for row in rows:
        ids.setdefault(row.subject_type, []).append(row.subject_id)
    found: Named = {kind: ask(ids[kind], by) for kind, ask in ASK.items() if kind in ids}
    if "case" in ids:
        cases = rows_of(by, list({uuid.UUID(one) for one in ids["case"]}))
        found["case"] = {str(case["id"]): (case["title"], case["number"]) for case in cases}
    return found


def _is_seen(row: Notice, named: Named) -> bool:
    """What lies under a scope of its own and is not in sight (any more) is left out."""
    return row.subject_type not in SCOPED or row.subject_id in named.get(row.subject_type, {})


def _line(row: Notice, named: Named, by: Actor, wishes: Wishes, at: datetime) -> dict[str, Any]:
    title, number = named.get(row.subject_type, {}).get(row.subject_id, ("", str(row.data.get("number", ""))))
    group = GROUP_OF.get(row.kind, Group.HOUSE)
    when = delivery.told_at(row.at, group=group, urgent=row.urgent, wishes=wishes)
    return {
        "id": row.pk,
        "seq": row.seq,
        "kind": row.kind,
        "group": group,
        "urgent": row.urgent,
        "text": sentence(row.kind, str(row.data.get("on", "")), row.data, by.language),
        "title": title,
        "number": number,
        "subject_type": row.subject_type,
        "subject_id": row.subject_id,
        "by_name": row.by_name,
        "times": row.times,
        "at": row.at,
        "read": row.is_read,  # type: ignore[attr-defined]  # annotated above
        "held": when is not None and when > at,
    }


def newest() -> int:
    return Notice.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def said_since(seq: int, *, limit: int) -> list[Notice]:
    """For the feed: to whom something was said after a number; one query."""
    return list(Notice.objects.filter(seq__gt=seq).order_by(F("seq"))[:limit])
