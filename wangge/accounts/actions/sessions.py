"""Sessions themselves: made, given a new token, ended. Whose turn it is in signing in is sign_in.py."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from wangge.accounts import entries
from wangge.accounts.access import access_account, is_mine
from wangge.accounts.auth import token_hash
from wangge.accounts.lockout import Caller
from wangge.accounts.models import Session, Unit, User
from wangge.accounts.permissions import Permission
from wangge.core import journal
from wangge.core.actor import Actor
from wangge.core.codes import END
from wangge.core.errors import NotFound

TOKEN_BYTES = 32
AGENT_LENGTH = 300


def make_session(user: User, stage: str, caller: Caller, *, at: datetime) -> tuple[Session, str]:
    """The session, not saved yet, and its token, which is nowhere else."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session = Session(
        token_hash=token_hash(token),
        user=user,
        stage=stage,
        started_at=at,
        seen_at=at,
        address=caller.address,
        agent=caller.agent[:AGENT_LENGTH],
    )
    return session, token


def give_new_token(session: Session) -> str:
    """What was seen before a step of signing in is worth nothing after it. Not saved yet."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.token_hash = token_hash(token)
    return token


def revoke_session(*, session_id: int, by: Actor, at: datetime) -> None:
    """One's own on another device, or somebody's by the security officer. Absent and out of area: NotFound."""
    session = Session.objects.select_related("user", "post__unit").filter(pk=session_id, ended_at=None).first()
    if session is None:
        raise NotFound()
    if not is_mine(by, session.user_id):
        if not by.may(Permission.SECURITY_EDIT):
            raise NotFound()
        access_account(by, session.user_id, to=Permission.SECURITY_EDIT)
    end_sessions([session], why="revoked", by=by, at=at, permission=Permission.SECURITY_EDIT)


def end_sessions(sessions: Iterable[Session], *, why: str, by: Actor, at: datetime, permission: str = "") -> None:
    """At once: the next request with their token is refused, and `live` drops their feeds."""
    ending = [session for session in sessions if session.ended_at is None]
    Session.objects.filter(pk__in=[session.pk for session in ending]).update(ended_at=at, ended_by=why)
    journal.record_all(
        (entries.about_session("session.ended", session, permission=permission, why=why) for session in ending),
        by=by,
        at=at,
    )


def open_sessions_without_totp(unit: Unit) -> list[Session]:
    """Of posts in the unit and in those under it."""
    rows = Session.objects.select_related("post__unit").filter(ended_at=None, totp_at=None)
    return list(rows.filter(post__unit__path__gte=unit.path, post__unit__path__lt=unit.path + END))


def open_sessions_of(user: User) -> list[Session]:
    return list(Session.objects.select_related("post__unit").filter(user=user, ended_at=None))
