"""Signing in, step by step: password, second factor, first password, post. Each needed step moves the session on."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from wangge.accounts import entries, lockout, rules, totp
from wangge.accounts.actions.sessions import end_sessions, give_new_token, make_session, open_sessions_of
from wangge.accounts.auth import StepMissing
from wangge.accounts.lockout import Caller
from wangge.accounts.models import Post, Session, Unit, User
from wangge.accounts.passwords import check_password_rules
from wangge.accounts.rules import Stage
from wangge.core import clock, journal
from wangge.core.actor import PERSON, Actor
from wangge.core.errors import Conflict, NotAllowed, NotFound, NotSignedIn, invalid


class WrongPassword(NotSignedIn):
    """Also for names that do not exist and accounts that are disabled: nobody learns which."""

    code = "session.wrong_password"
    zh = "用户名或密码不正确。"
    en = "The username or password is not right."
    keeps = True


class WrongCode(NotSignedIn):
    code = "session.wrong_code"
    zh = "动态码不正确，或已经用过；请等下一个。"
    en = "The code is not right, or was used already; wait for the next one."
    keeps = True


class WrongOldPassword(NotAllowed):
    code = "session.wrong_old_password"
    zh = "原密码不正确。"
    en = "The old password is not right."
    keeps = True


class DemoFromElsewhere(NotAllowed):
    code = "session.demo_from_elsewhere"
    zh = "演示账号只能在运行平台的这台机器上登录。"
    en = "Demonstration accounts sign in only on the machine that runs the platform."
    keeps = True


class DemoIsOff(NotAllowed):
    code = "session.demo_is_off"
    zh = "这个平台未开放演示账号。"
    en = "Demonstration accounts are not in use here."
    keeps = True


class NoPost(NotAllowed):
    code = "session.no_post"
    zh = "您目前没有在任的岗位，请联系管理员。"
    en = "You hold no post at present; ask your administrator."
    keeps = True


class NotThisStep(Conflict):
    code = "session.not_this_step"
    zh = "现在不需要这一步。"
    en = "This step is not needed now."


@dataclass(frozen=True, kw_only=True)
class Step:
    """Where signing in has come to; `token` when the cookie changes."""

    session: Session
    token: str | None = None


def sign_in(*, username: str, password: str, caller: Caller, is_loopback: bool, at: datetime) -> Step:
    """Raises Locked, WrongPassword, DemoIsOff, DemoFromElsewhere, NoPost."""
    name = rules.as_username(username)
    user = lockout.who_has(name, password, caller, at=at)
    if user is None:
        _note_refusal(name, at)
        lockout.check_not_locked(name, caller, at=at)
        raise WrongPassword()
    if user.is_demo and not settings.DEMO:
        raise DemoIsOff()
    if user.is_demo and not is_loopback:
        raise DemoFromElsewhere()
    posts = posts_to_choose(user, at=at)
    if not posts:
        raise NoPost()
    needs = _needs(user, posts)
    if not needs.totp:
        lockout.forget_own_failures(name, caller)
    session, token = make_session(user, rules.next_stage(None, needs), caller, at=at)
    return _moved(session, posts, token, at=at)


def enrolment_of(*, by: Actor) -> totp.Enrolment:
    """Raises NotThisStep when there is a second factor already."""
    session = _session(by, lock=False)
    if session.user.totp_confirmed_at is not None or session.stage not in (Stage.TOTP, Stage.OPEN):
        raise NotThisStep(stage=session.stage)
    return totp.enrolment(session.user, bytes(session.token_hash))


def confirm_totp(*, code: str, caller: Caller, by: Actor, at: datetime) -> Step:
    """The code of a known second factor, or the first code of a new one. Raises Locked, WrongCode, NotThisStep."""
    session = _session(by)
    user = session.user
    enrolling = user.totp_confirmed_at is None
    if session.stage != Stage.TOTP and not (enrolling and session.stage == Stage.OPEN):
        raise NotThisStep(stage=session.stage)
    lockout.check_code_not_locked(user.username, at=at)
    secret = totp.pending_secret(bytes(session.token_hash)) if enrolling else totp.secret_of(user)
    step = totp.accepted_step(secret, code, at=at, newest=0 if enrolling else user.totp_step)
    if step is None:
        lockout.count_wrong_code(user.username)
        raise WrongCode()
    lockout.forget_own_failures(user.username, caller)
    _keep_totp(user, secret, step, enrolling=enrolling, by=by, at=at)
    session.totp_at = at
    return _next(session, at=at)


def change_password(*, old: str, new: str, caller: Caller, by: Actor, at: datetime) -> Step:
    """The forced first change, or one's own wish. Every other session of this person ends.

    Raises Locked, WrongOldPassword, Invalid (`new`), StepMissing.
    """
    session = _session(by)
    user = session.user
    if session.stage not in (Stage.PASSWORD, Stage.OPEN):
        raise StepMissing(stage=session.stage)
    if lockout.who_has(user.username, old, caller, at=at) is None:
        raise WrongOldPassword()
    if old == new:
        raise invalid("new", "新密码不能与原密码相同。", "The new password must differ from the old one.")
    check_password_rules(new, user)
    lockout.forget_own_failures(user.username, caller)
    user.set_password(new)
    user.must_change_password, user.password_changed_at = False, at
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    entry = entries.about_account("account.password_changed", user, _units(user, at), changed=["password"])
    journal.record(entry, by=by, at=at)
    end_sessions((s for s in open_sessions_of(user) if s.pk != session.pk), why="password", by=by, at=at)
    return _next(session, at=at)


def choose_post(*, post_id: int, by: Actor, at: datetime) -> Step:
    """The last step of signing in, and later the change from one post to another. Raises NotFound, StepMissing.

    A post that asks for a second factor sends a session back that came in without one.
    """
    session = _session(by)
    if session.stage not in (Stage.POST, Stage.OPEN):
        raise StepMissing(stage=session.stage)
    post = next((post for post in posts_to_choose(session.user, at=at) if post.pk == post_id), None)
    if post is None:
        raise NotFound()
    if _lacks_totp(session, _needs(session.user, [post])):
        session.post, session.stage = None, Stage.TOTP
        session.save(update_fields=["post", "stage"])
        return Step(session=session)
    first, before = session.stage == Stage.POST, session.post_id
    session.post, session.stage = post, Stage.OPEN
    session.save(update_fields=["post", "stage"])
    kind = "session.opened" if first else "session.post_changed"
    journal.record(entries.about_session(kind, session, before=before), by=_actor(session), at=at)
    return Step(session=session)


def sign_out(*, by: Actor, at: datetime) -> None:
    end_sessions([_session(by)], why="signed_out", by=by, at=at)


def posts_to_choose(user: User, *, at: datetime) -> list[Post]:
    rows = Post.objects.select_related("unit", "role").filter(user=user, revoked_at=None)
    return list(rows.open_on(clock.day_of(at)).order_by("pk"))


def _session(by: Actor, *, lock: bool = True) -> Session:
    """With its person locked, so that one code or one old password is not used twice at once."""
    if lock:
        User.objects.select_for_update(no_key=True).get(pk=by.user_id or 0)
    rows = Session.objects.select_related("user", "post__unit", "post__role")
    session = rows.filter(pk=by.session_id or 0, ended_at=None).first()
    if session is None:
        raise NotSignedIn()
    return session


def _next(session: Session, *, at: datetime) -> Step:
    """The step the session stands at is done. An open session only gets a new token."""
    token = give_new_token(session)
    if session.stage == Stage.OPEN:
        session.save(update_fields=["token_hash", "totp_at"])
        return Step(session=session, token=token)
    posts = posts_to_choose(session.user, at=at)
    if not posts:
        raise NoPost()
    needs = _needs(session.user, posts)
    missing = _lacks_totp(session, needs)  # made compulsory, or a post given, since the password was typed
    session.stage = Stage.TOTP if missing else rules.next_stage(Stage(session.stage), needs)
    return _moved(session, posts, token, at=at)


def _moved(session: Session, posts: list[Post], token: str, *, at: datetime) -> Step:
    if session.stage == Stage.OPEN:
        session.post = posts[0]
    session.save()
    if session.stage == Stage.OPEN:
        journal.record(entries.about_session("session.opened", session), by=_actor(session), at=at)
    return Step(session=session, token=token)


def _needs(user: User, posts: list[Post]) -> rules.Needs:
    totp_needed = user.totp_confirmed_at is not None or _is_compulsory(posts)
    return rules.Needs(totp=totp_needed, new_password=user.must_change_password, post=len(posts) > 1)


def _lacks_totp(session: Session, needs: rules.Needs) -> bool:
    return needs.totp and session.totp_at is None


def _is_compulsory(posts: list[Post]) -> bool:
    """Whether one of the units, or a unit above it, asks for a second factor."""
    above = {path for post in posts for path in post.unit.paths_above}
    return Unit.objects.filter(Q(path__in=above), totp_required=True).exists()


def _keep_totp(user: User, secret: str, step: int, *, enrolling: bool, by: Actor, at: datetime) -> None:
    user.totp_step = step
    if not enrolling:
        user.save(update_fields=["totp_step"])
        return
    user.totp_sealed, user.totp_confirmed_at = totp.seal_secret(user, secret), at
    user.save(update_fields=["totp_step", "totp_sealed", "totp_confirmed_at"])
    entry = entries.about_account("account.totp_confirmed", user, _units(user, at), changed=["totp"])
    journal.record(entry, by=by, at=at)


def _units(user: User, at: datetime) -> list[Unit]:
    return [post.unit for post in posts_to_choose(user, at=at)]


def _actor(session: Session) -> Actor:
    return Actor(
        kind=PERSON,
        name=session.user.name,
        user_id=session.user_id,
        post_id=session.post_id,
        session_id=session.pk,
    )


def _note_refusal(username: str, at: datetime) -> None:
    """For accounts that exist; what was typed for others may be a password in the wrong box."""
    user = User.objects.filter(username=username).first()
    if user is not None:
        entry = entries.about_account("session.refused", user, _units(user, at))
        journal.record(entry, by=Actor(kind="nobody"), at=at)
