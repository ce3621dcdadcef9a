"""公告: dated, to everyone under a division or to some roles of it; no receipt."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from wangge.accounts.models import Role
from wangge.accounts.permissions import Permission
from wangge.command.models import Announcement
from wangge.core import journal
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotAllowed, NotFound, invalid
from wangge.core.ids import new_id


class AnnouncementOver(Conflict):
    code = "announcement.over"
    zh = "这条公告已撤下或已到期。"
    en = "This announcement was taken down or has run out."


class OutsideArea(NotAllowed):
    code = "announcement.outside"
    zh = "只能向自己管辖范围内的区域发布。"
    en = "You publish within your own area only."


def publish(
    *,
    title: str,
    text: str,
    codes: Sequence[str],
    roles: Sequence[str],
    from_at: datetime | None,
    to_at: datetime,
    is_pinned: bool,
    by: Actor,
    at: datetime,
) -> Announcement:
    """Raises NotAllowed, OutsideArea, Invalid."""
    by.require(Permission.NOTICE_PUBLISH)
    if not title.strip() or not text.strip():
        raise invalid("text" if title.strip() else "title", "请填写标题和内容。", "Give a title and a text.")
    if to_at <= max(from_at or at, at):
        raise invalid(
            "to_at", "结束时间应晚于开始时间和现在。", "The end must lie after the beginning and ahead of now."
        )
    wanted = list(dict.fromkeys(codes)) or [by.division]
    if not all(by.covers(code) for code in wanted):
        raise OutsideArea()
    if set(roles) - set(Role.objects.values_list("code", flat=True)):
        raise invalid("roles", "没有这个角色。", "There is no such role.")
    row = Announcement.objects.create(
        id=new_id(),
        title=title.strip(),
        text=text.strip(),
        is_pinned=is_pinned,
        from_unit_id=by.unit_id or 0,
        from_path=by.unit_path,
        code=by.division,
        by_name=by.name,
        codes=wanted,
        roles=sorted(set(roles)),
        from_at=from_at or at,
        to_at=to_at,
        published_at=at,
    )
    _record("announcement.published", row, by=by, at=at)
    return row


def take_down(*, announcement_id: uuid.UUID, by: Actor, at: datetime) -> Announcement:
    by.require(Permission.NOTICE_PUBLISH)
    row = Announcement.objects.managed_by(by).select_for_update(no_key=True).filter(pk=announcement_id).first()
    if row is None:
        raise NotFound()
    if row.withdrawn_at is not None or row.to_at <= at:
        raise AnnouncementOver()
    row.withdrawn_at = at
    row.save(update_fields=["withdrawn_at"])
    _record("announcement.taken_down", row, by=by, at=at)
    return row


def _record(kind: str, row: Announcement, *, by: Actor, at: datetime) -> None:
    entry = journal.Entry(
        kind=kind,
        subject=("announcement", str(row.pk)),
        code=row.code,
        unit_paths=[row.from_path],
        permission=Permission.NOTICE_PUBLISH,
        changed=["text"] if kind.endswith("published") else ["withdrawn_at"],
        data={"codes": row.codes, "roles": row.roles},
    )
    journal.record(entry, by=by, at=at)
