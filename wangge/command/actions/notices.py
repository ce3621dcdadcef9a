"""What a post does with what it was told: reads it, and says how it wants to be told."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from django.db.models import Max

from wangge.command.models import Notice, NoticeMark, NoticeRead, NoticeSettings
from wangge.command.rules.delivery import Way
from wangge.command.rules.notices import Group
from wangge.core import journal
from wangge.core.actor import Actor
from wangge.core.errors import NotAllowed, invalid

MOST_DIGESTS = 6


def read_notices(*, ids: Sequence[int], by: Actor) -> int:
    """Those of them that are one's own; how many. Reading is nobody else's affair: no entry in the journal."""
    rows = list(Notice.objects.addressed_to(by).filter(pk__in=ids).values_list("pk", "seq"))
    NoticeRead.objects.bulk_create(
        (NoticeRead(post_id=by.post_id or 0, notice_id=notice_id, seq=seq) for notice_id, seq in rows),
        update_conflicts=True,
        unique_fields=["post_id", "notice"],
        update_fields=["seq"],
    )
    return len(rows)


def read_all(*, up_to: int, by: Actor) -> None:
    """Up to the newest that the reader has been shown: what came while they looked stays unread."""
    if by.post_id is None:
        raise NotAllowed()
    newest = Notice.objects.aggregate(newest=Max("seq"))["newest"] or 0
    mark, _ = NoticeMark.objects.select_for_update().get_or_create(post_id=by.post_id)
    mark.read_to = max(mark.read_to, min(up_to, newest))
    mark.save(update_fields=["read_to"])
    NoticeRead.objects.filter(post_id=by.post_id, seq__lte=mark.read_to).delete()


def set_wishes(
    *,
    quiet_from: time | None,
    quiet_to: time | None,
    ways: Mapping[str, str],
    digest_at: Sequence[time],
    sound: bool,
    by: Actor,
    at: datetime,
) -> None:
    """Raises Invalid."""
    if by.user_id is None:
        raise NotAllowed()
    if (quiet_from is None) != (quiet_to is None):
        raise invalid("quiet_to", "免打扰时段要有开始和结束。", "Quiet hours need a beginning and an end.")
    if not 1 <= len(set(digest_at)) <= MOST_DIGESTS:
        raise invalid("digest_at", f"摘要时间请设 1 至 {MOST_DIGESTS} 个。", f"Give 1 to {MOST_DIGESTS} times.")
    kept = {str(Group(group)): str(Way(way)) for group, way in ways.items() if way != Way.AT_ONCE}
    NoticeSettings.objects.update_or_create(
        user_id=by.user_id,
        defaults={
            "quiet_from": quiet_from,
            "quiet_to": quiet_to,
            "ways": kept,
            "digest_at": sorted(set(digest_at)),
            "sound": sound,
        },
    )
    entry = journal.Entry(kind="notices.wishes_set", subject=("account", str(by.user_id)), changed=["wishes"])
    journal.record(entry, by=by, at=at)


def forget_notices(*, before: datetime, limit: int) -> int:
    """What is long past goes, with the marks on it; the journal keeps what happened."""
    old = list(Notice.objects.filter(at__lt=before).order_by("at").values_list("pk", flat=True)[:limit])
    Notice.objects.filter(pk__in=old).delete()
    return len(old)
