"""The worker's duties about people: sessions that ended, locks that passed, requests that were received."""

from datetime import datetime, timedelta

from axes.models import AccessAttempt
from django.conf import settings

from wangge.accounts.actions.partners import forget_old_keys
from wangge.accounts.actions.posts import end_dated_posts
from wangge.accounts.actions.sessions import end_sessions
from wangge.accounts.auth import over
from wangge.accounts.models import PartnerNonce, Session
from wangge.accounts.partners import WINDOW
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.duties import Duty

# 网络安全法 §21: logs of the network are kept for at least six months; after that an address is nobody's business.
KEPT = timedelta(days=184)
AT_ONCE = 500
NAME = "accounts.retention"


def end_idle() -> bool:
    """Sessions nobody came back to: refused anyway, but `live` and the list of sessions should know."""
    with acting(Actor.system(NAME)) as by:
        return end_idle_sessions(by=by, at=clock.now()) == AT_ONCE


def end_posts() -> bool:
    """From their last day on nobody acts in them (auth.py); here it is said, with the sessions that were open."""
    with acting(Actor.system("accounts.posts")) as by:
        return end_dated_posts(by=by, at=clock.now(), limit=AT_ONCE) == AT_ONCE


def forget() -> bool:
    with acting(Actor.system(NAME)):
        forget_old_keys(at=clock.now())
        return forget_old(at=clock.now()) >= AT_ONCE


def end_idle_sessions(*, by: Actor, at: datetime) -> int:
    """Oldest first, AT_ONCE in a batch."""
    rows = Session.objects.filter(over(at), ended_at=None).select_related("post__unit")
    idle = list(rows.select_for_update(no_key=True, of=("self",), skip_locked=True).order_by("pk")[:AT_ONCE])
    end_sessions(idle, why="idle", by=by, at=at)
    return len(idle)


def forget_old(*, at: datetime) -> int:
    """Ended sessions after KEPT, failures after their lock, nonces after their window. Returns the largest batch."""
    sessions = Session.objects.filter(ended_at__lt=at - KEPT)
    attempts = AccessAttempt.objects.filter(attempt_time__lt=at - settings.AXES_COOLOFF_TIME)
    nonces = PartnerNonce.objects.filter(at__lt=at - 3 * WINDOW)
    found = 0
    for rows in (sessions, attempts, nonces):
        batch = list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        rows.model._default_manager.filter(pk__in=batch).delete()
        found = max(found, len(batch))
    return found


DUTIES = (
    Duty("accounts.idle", end_idle, timedelta(minutes=1)),
    Duty("accounts.posts", end_posts, timedelta(minutes=1)),
    Duty("accounts.forget", forget, timedelta(hours=1)),
)
