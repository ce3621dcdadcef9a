"""Who is asking: the session cookie, in one statement that also sets the actor in the database."""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.http import HttpRequest
from ninja.security import APIKeyCookie

from wangge.accounts.models import Session
from wangge.accounts.permissions import Permission
from wangge.core import actor, clock
from wangge.core.actor import Actor
from wangge.core.errors import NotSignedIn
from wangge.core.pipeline import prepared

# A request that this house makes to itself, in the name of somebody found by other means, carries the Actor here.
# Headers come to META as text under HTTP_…, so nobody outside can.
KNOWN = "wangge.actor"
TOUCH_AFTER_S = 60  # a session's last use is written this often, not with every request

COLUMNS = """
s.id, s.stage, s.seen_at, s.started_at, u.id, u.name, p.id, n.id, n.name, n.kind, n.path, n.division, r.code,
r.permissions, p.codes"""
STANDING = """
  from accounts_session s
  join accounts_user u on u.id = s.user_id and u.is_active and (%(demo)s or not u.is_demo)
  left join accounts_post p on p.id = s.post_id and p.revoked_at is null
       and p.valid_from <= %(today)s and (p.valid_to is null or p.valid_to > %(today)s)
  left join accounts_unit n on n.id = p.unit_id
  left join accounts_role r on r.id = p.role_id
 where s.ended_at is null
"""
FIND = f"""
select {COLUMNS},
       set_config('wangge.kind', 'person', true), set_config('wangge.user', u.id::text, true),
       set_config('wangge.post', coalesce(p.id::text, ''), true), set_config('wangge.unit', coalesce(n.path, ''), true),
       set_config('wangge.ranges', case when p.codes is null or p.codes = '{{}}' then '-'
                                        else array_to_string(p.codes, ',') end, true),
       set_config('wangge.permissions', ',' || coalesce(array_to_string(r.permissions, ','), '') || ',', true)
{STANDING} and s.token_hash = %(token)s
"""
FIND_OPEN = f"select {COLUMNS}, s.token_hash {STANDING} and s.token_hash = any(%(tokens)s)"


class SessionExpired(NotSignedIn):
    code = "session.expired"
    zh = "登录已超时，请重新登录；已填写的内容会保留。"
    en = "Your session has ended; please sign in again. What you typed is kept."
    keeps = True


class SessionRevoked(NotSignedIn):
    """Told apart from an idle end: a phone then deletes what it kept (ADR 18)."""

    code = "session.revoked"
    zh = "您的登录已被结束，请重新登录。"
    en = "Your session was ended; please sign in again."


class StepMissing(NotSignedIn):
    code = "session.step_missing"
    zh = "登录尚未完成。"
    en = "Signing in is not complete yet."


class PostEnded(NotSignedIn):
    code = "session.post_ended"
    zh = "您所用的岗位已停用，请重新登录并选择岗位。"
    en = "The post you were acting in has ended; sign in again and choose a post."


class SessionAuth(APIKeyCookie):
    """The signed-in person in their post, as an Actor. CSRF is checked by ninja for cookie authentication."""

    param_name = settings.SESSION_COOKIE
    any_stage = False

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        known = request.META.get(KNOWN)
        if isinstance(known, Actor):
            actor.begin(known)
            return known
        if not key:
            raise NotSignedIn()
        found = find_session(key, at=clock.now(), language=language(request))
        if not self.any_stage:
            if found.stage != Session.Stage.OPEN:
                raise StepMissing(stage=found.stage)
            if found.actor.post_id is None:
                raise PostEnded()
        actor.begin(found.actor)
        return found.actor


class UnfinishedSessionAuth(SessionAuth):
    """For the steps of signing in: second factor, first password, choice of post."""

    any_stage = True


def actor_of(request: HttpRequest) -> Actor:
    """Who acts in a request that has been authenticated."""
    return cast(Actor, request.auth)  # type: ignore[attr-defined]


class Found:
    __slots__ = ("actor", "stage")

    def __init__(self, actor: Actor, stage: str) -> None:
        self.actor = actor
        self.stage = stage


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def find_session(token: str, *, at: datetime, language: str) -> Found:
    """Raises NotSignedIn when there is none, SessionExpired when it was idle or open too long (it is ended then)."""
    with prepared() as cursor:
        cursor.execute(FIND, {"token": token_hash(token), **standing_on(at)})
        row = cursor.fetchone()
    if row is None:
        raise _why_none(token)
    session_id, stage, seen_at, started_at = row[:4]
    if is_over(at, seen_at, started_at, row[13]):
        Session.objects.filter(pk=session_id).update(ended_at=at, ended_by="idle")
        raise SessionExpired()
    if (at - seen_at).total_seconds() > TOUCH_AFTER_S:
        Session.objects.filter(pk=session_id).update(seen_at=at)
    return Found(_actor(row, language), stage)


def _why_none(token: str) -> NotSignedIn:
    """Ended by the clock, by the person, or by somebody else; all is the same to whoever has no such token."""
    ended_by = Session.objects.filter(token_hash=token_hash(token)).values_list("ended_by", flat=True).first()
    if ended_by == "idle":
        return SessionExpired()
    return SessionRevoked() if ended_by and ended_by != "signed_out" else NotSignedIn()


def open_sessions(hashes: Collection[bytes], *, at: datetime) -> dict[bytes, Actor]:
    """Which of these sessions (token_hash) are signed in to a post that stands, as they are now; one query.

    Looking is no use of a session: a page left open and listening does not keep it from going idle.
    """
    with connection.cursor() as cursor:
        cursor.execute(FIND_OPEN, {"tokens": list(hashes), **standing_on(at)})
        rows = cursor.fetchall()
    return {
        bytes(row[-1]): _actor(row, "zh")
        for row in rows
        if row[1] == Session.Stage.OPEN and row[6] is not None and not is_over(at, row[2], row[3], row[13])
    }


def is_over(at: datetime, seen_at: datetime, started_at: datetime, permissions: Collection[str] | None) -> bool:
    """Idle or open too long. A wall, which may only look, stands for weeks (ADR 12)."""
    idle = settings.STANDING_IDLE if _stands(permissions) else settings.SESSION_IDLE
    return at - seen_at > idle or at > ends_at(started_at, permissions)


def ends_at(started_at: datetime, permissions: Collection[str] | None) -> datetime:
    """When a session is over however busy it is."""
    longest: timedelta = settings.STANDING_LONGEST if _stands(permissions) else settings.SESSION_LONGEST
    return started_at + longest


def _stands(permissions: Collection[str] | None) -> bool:
    return Permission.SESSION_STANDING in (permissions or ())


def over(at: datetime) -> Q:
    """Sessions that `_is_over` refuses, for the duty that ends them."""
    standing = Q(post__role__permissions__contains=[Permission.SESSION_STANDING])
    return (standing & _older(at, settings.STANDING_IDLE, settings.STANDING_LONGEST)) | (
        ~standing & _older(at, settings.SESSION_IDLE, settings.SESSION_LONGEST)
    )


def _older(at: datetime, idle: timedelta, longest: timedelta) -> Q:
    return Q(seen_at__lt=at - idle) | Q(started_at__lt=at - longest)


def language(request: HttpRequest) -> str:
    """zh unless the browser asks for English first."""
    wanted = request.META.get("HTTP_ACCEPT_LANGUAGE", "").lower()
    english, chinese = wanted.find("en"), wanted.find("zh")
    return "en" if english >= 0 and (chinese < 0 or english < chinese) else "zh"


def standing_on(at: datetime) -> dict[str, Any]:
    """What STANDING compares with: demonstration accounts stand only where there is a demonstration."""
    return {"today": clock.day_of(at), "demo": settings.DEMO}


def _actor(row: tuple[Any, ...], language: str) -> Actor:
    session_id, _, _, _, user_id, name, post_id, *unit, role, permissions, codes = row[:15]
    unit_id, unit_name, unit_kind, path, division = unit
    return Actor(
        name=name,
        user_id=user_id,
        post_id=post_id,
        session_id=session_id,
        unit_id=unit_id,
        unit_name=unit_name or "",
        unit_kind=unit_kind or "",
        unit_path=path or "",
        division=division or "",
        role=role or "",
        permissions=frozenset(permissions or ()),
        ranges=tuple(codes or ()),
        language=language,
    )
