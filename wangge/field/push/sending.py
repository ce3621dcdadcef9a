"""What waits is handed to its channels; tried again for an hour, then given up and said."""

from datetime import datetime, timedelta

import structlog

from wangge.accounts.models import Post
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.field.models import PushMessage
from wangge.field.push import web
from wangge.field.push.channels import Message, NotSent, forget_files, send
from wangge.grids.models import TeamMember

log = structlog.get_logger()
AGAIN_AFTER = (timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
KEPT = timedelta(days=30)


def send_waiting(*, at: datetime, limit: int) -> int:
    """How many were tried. No transaction is open while a gateway is spoken to."""
    with acting(Actor.system("push")):
        waiting = list(
            PushMessage.objects.filter(sent_at=None, given_up_at=None, next_at__lte=at).order_by("next_at", "id")[
                :limit
            ]
        )
        phones = _phones([row.post_id for row in waiting])
    for row in waiting:
        _send_one(row, phones.get(row.post_id, ""), at)
    return len(waiting)


def forget_sent(*, before: datetime) -> None:
    with acting(Actor.system("push")):
        PushMessage.objects.filter(at__lt=before).delete()
    forget_files(before=clock.day_of(before))


def _send_one(row: PushMessage, phone: str, at: datetime) -> None:
    _ring(row, at)
    try:
        send(Message(post_id=row.post_id, phone=phone, kind=row.kind, text=row.text, at=row.at))
        row.sent_at, row.problem = at, ""
    except Exception as problem:
        _put_off(row, problem, at)
    with acting(Actor.system("push")):
        row.save(update_fields=["sent_at", "problem", "tries", "next_at", "given_up_at"])


def _ring(row: PushMessage, at: datetime) -> None:
    """A browser that cannot be rung keeps nothing from the other channel, nor from those who wait behind."""
    try:
        web.ring(row.post_id, text=row.text, kind=row.kind, subject_id=row.subject_id, at=at)
    except Exception:
        log.exception("push.web_failed", kind=row.kind)


def _put_off(row: PushMessage, problem: Exception, at: datetime) -> None:
    """Whatever went wrong: what is not put off is the first again at the next turn, and nobody behind it is told."""
    row.tries, row.problem = row.tries + 1, type(problem).__name__
    if isinstance(problem, NotSent):
        row.problem = str(problem)[:200]
    else:
        log.error("push.failed", kind=row.kind, exc_info=problem)
    if row.tries > len(AGAIN_AFTER):
        row.given_up_at = at
        log.error("push.given_up", kind=row.kind, why=row.problem)
    else:
        row.next_at = at + AGAIN_AFTER[row.tries - 1]


def _phones(posts: list[int]) -> dict[int, str]:
    """Duty numbers by post."""
    users = dict(Post.objects.filter(pk__in=posts).values_list("pk", "user_id"))
    rows = TeamMember.objects.on(clock.today()).filter(user_id__in=users.values()).exclude(phone="")
    numbers = dict(rows.values_list("user_id", "phone"))
    return {post: numbers[user] for post, user in users.items() if user in numbers}
