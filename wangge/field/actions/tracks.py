"""Reading somebody's track: one person, one day, a stated reason, on the record (个人信息保护法 §28: 行踪轨迹)."""

from datetime import date, datetime

from wangge.accounts.permissions import Permission
from wangge.core import journal
from wangge.core.actor import Actor
from wangge.core.errors import invalid
from wangge.field.queries.tracks import Day, day_of, watched_post

SHORTEST_REASON = 4


def read_track(*, post_id: int, day: date, reason: str, by: Actor, at: datetime) -> Day:
    """Raises NotAllowed, NotFound, Invalid."""
    by.require(Permission.TRACK_READ)
    if len(reason.strip()) < SHORTEST_REASON:
        raise invalid(
            "reason", "请写明查看轨迹的理由，不少于 4 个字。", "Say why you look at it, in 4 characters or more."
        )
    post = watched_post(by, post_id, day)
    entry = journal.Entry(
        kind="track.read",
        subject=("post", str(post.pk)),
        code=next(iter(post.codes), "") or post.unit.division,
        unit_paths=[post.unit.path],
        permission=Permission.TRACK_READ,
        data={"day": day.isoformat(), "reason": reason.strip()},
    )
    journal.record(entry, by=by, at=at)
    return day_of(post=post, day=day, at=at)


def read_own_track(*, day: date, by: Actor, at: datetime) -> Day:
    """One may know what is kept of oneself (§45). Raises NotAllowed, NotFound."""
    by.require(Permission.FIELD_WORK)
    return day_of(post=watched_post(by, by.post_id or 0, day), day=day, at=at)
