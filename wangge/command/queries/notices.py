"""What a post is told: the list, the count of the bell, and who wishes to hear of what when."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q

from wangge.cases.models import Case
from wangge.cases.queries.listing import rows_of
from wangge.command.models import Notice, NoticeMark, NoticeRead, NoticeSettings
from wangge.command.models.notices import NoticeQuerySet
from wangge.command.rules import delivery
from wangge.command.rules.delivery import Way, Wishes
from wangge.command.rules.notices import GROUP_OF, Group, sentence
from wangge.core.actor import Actor
from wangge.core.errors import NotAllowed
from wangge.core.paging import LARGEST_SIZE, decode_cursor, encode_cursor

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
    rows = _mine(by).annotate(is_read=~_unread(by)).order_by("-seq")
    if unread:
        rows = rows.filter(_unread(by))
    if group is not None:
        rows = rows.filter(kind__in=[kind for kind, own in GROUP_OF.items() if own is group])
    wishes = wishes_of(by)
    never = [kind for kind, own in GROUP_OF.items() if wishes.way_of(own) is Way.NEVER]
    rows = rows.exclude(kind__in=never, urgent=False)
    if cursor:
        rows = rows.filter(seq__lt=decode_cursor(cursor, kinds=(int,))[0])
    limit = min(max(limit, 1), LARGEST_SIZE)
    found = list(rows[: limit + 1])
    more = encode_cursor([found[limit - 1].seq]) if len(found) > limit else None
    return NoticePage(_shown(found[:limit], by, wishes, at), more)


def unread(*, by: Actor, at: datetime) -> Unread:
    """At most a hundred are looked at, however many there are."""
    wishes, settings = wishes_of(by), _settings(by)
    rows = list(_mine(by).filter(_unread(by)).order_by("-seq")[:COUNTED])
    seen = _seen_cases(rows, by)
    told = urgent = held = latest = 0
    for row in rows:
        when = delivery.told_at(row.at, group=GROUP_OF.get(row.kind, ""), urgent=row.urgent, wishes=wishes)
        if when is None or not _is_seen(row, seen):
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


def _unread(by: Actor) -> Q:
    mark = NoticeMark.objects.filter(pk=by.post_id or 0).values_list("read_to", flat=True).first() or 0
    read = NoticeRead.objects.filter(post_id=by.post_id or 0, notice=OuterRef("pk"), seq__gte=OuterRef("seq"))
    return Q(seq__gt=mark) & ~Q(Exists(read))


def _shown(rows: Sequence[Notice], by: Actor, wishes: Wishes, at: datetime) -> list[dict[str, Any]]:
    cases = {str(row["id"]): row for row in rows_of(by, _case_ids(rows))} if rows else {}
    return [_line(row, cases, by, wishes, at) for row in rows if _is_seen(row, set(cases))]


def _line(row: Notice, cases: dict[str, Any], by: Actor, wishes: Wishes, at: datetime) -> dict[str, Any]:
    case = cases.get(row.subject_id) if row.subject_type == "case" else None
    group = GROUP_OF.get(row.kind, Group.HOUSE)
    when = delivery.told_at(row.at, group=group, urgent=row.urgent, wishes=wishes)
    return {
        "id": row.pk,
        "seq": row.seq,
        "kind": row.kind,
        "group": group,
        "urgent": row.urgent,
        "text": sentence(row.kind, str(row.data.get("on", "")), row.data, by.language),
        "title": case["title"] if case else str(row.data.get("title", "")),
        "number": case["number"] if case else str(row.data.get("number", "")),
        "subject_type": row.subject_type,
        "subject_id": row.subject_id,
        "by_name": row.by_name,
        "times": row.times,
        "at": row.at,
        "read": row.is_read,  # type: ignore[attr-defined]  # annotated above
        "held": when is not None and when > at,
    }


def _seen_cases(rows: Sequence[Notice], by: Actor) -> set[str]:
    ids = _case_ids(rows)
    return (
        {str(one) for one in Case.objects.visible_to(by).filter(pk__in=ids).values_list("pk", flat=True)}
        if ids
        else set()
    )


def _case_ids(rows: Sequence[Notice]) -> list[uuid.UUID]:
    return list({uuid.UUID(row.subject_id) for row in rows if row.subject_type == "case"})


def _is_seen(row: Notice, cases: set[str]) -> bool:
    return row.subject_type != "case" or row.subject_id in cases


def newest() -> int:
    return Notice.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def said_since(seq: int, *, limit: int) -> list[Notice]:
    """For the feed: to whom something was said after a number; one query."""
    return list(Notice.objects.filter(seq__gt=seq).order_by(F("seq"))[:limit])
