"""Posts given and taken away. Taking one away ends its sessions at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import IntegrityError, transaction

from wangge.accounts import entries, rules
from wangge.accounts.access import (
    OtherPower,
    OwnAccount,
    UnitOutOfArea,
    administers,
    is_mine,
    open_posts,
    visible_accounts,
)
from wangge.accounts.actions.sessions import end_sessions
from wangge.accounts.models import Post, Role, Session, Unit, User
from wangge.accounts.permissions import Permission
from wangge.core import clock, journal
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotAllowed, NotFound, invalid


class TwoPowers(Conflict):
    code = "post.two_powers"
    zh = "三权分立：一个人不能同时担任业务、系统管理、安全、审计中两种岗位。"
    en = "The powers are kept apart: nobody holds posts of two of work, administration, security and audit."


class PostHeldAlready(Conflict):
    code = "post.held_already"
    zh = "此人在这个单位已有同样的岗位。"
    en = "This person holds the same post in this unit already."


class PostOver(Conflict):
    code = "post.over"
    zh = "这个岗位已于 {since} 到期。"
    en = "This post ended on {since}."


class RangeOutOfArea(NotAllowed):
    code = "post.range_out_of_area"
    zh = "“{range}”不在您的管理范围内，不能交给别人。"
    en = "“{range}” is outside your area; it is not yours to give."


@dataclass(frozen=True, kw_only=True)
class NewPost:
    unit_id: int
    role: str
    codes: Sequence[str] = ()  # divisions or grids it looks after; none: the unit's own cases only
    title: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


def give_post(*, user_id: int, new: NewPost, by: Actor, at: datetime) -> Post:
    """Raises NotFound, NotAllowed and its kinds, TwoPowers, PostHeldAlready, Invalid."""
    role = _role_to_give(new.role, by)
    user = access_account_for_post(by, user_id)
    unit = _unit_for_post(new.unit_id, by, at)
    begins = new.valid_from or clock.day_of(at)
    ends = _end_of_post(new, begins, unit)
    if any(held.role.power != role.power for held in open_posts(user, at=at)):
        raise TwoPowers()
    post = Post(
        user=user,
        unit=unit,
        role=role,
        title=new.title.strip(),
        codes=ranges_to_give(new.codes, by),
        valid_from=begins,
        valid_to=ends,
    )
    try:
        with transaction.atomic():
            post.save(force_insert=True)
    except IntegrityError as held_already:
        raise PostHeldAlready() from held_already
    journal.record(entries.about_post("post.given", post, permission=_permission_of(by)), by=by, at=at)
    return post


def revoke_post(*, post_id: int, by: Actor, at: datetime) -> None:
    """Raises NotFound, NotAllowed, OwnAccount, OtherPower."""
    post = _held(post_id, by)
    post.revoked_at = at
    post.save(update_fields=["revoked_at"])
    permission = _permission_of(by)
    journal.record(entries.about_post("post.revoked", post, permission=permission), by=by, at=at)
    sessions = Session.objects.select_related("post__unit").filter(post=post, ended_at=None)
    end_sessions(sessions, why="post_revoked", by=by, at=at, permission=permission)


def end_post(*, post_id: int, valid_to: date | None, by: Actor, at: datetime) -> Post:
    """The day from which nobody acts in it any more; None takes an end back that has not come.

    Raises NotFound, NotAllowed, OwnAccount, OtherPower, PostOver, Invalid.
    """
    post, today = _held(post_id, by), clock.day_of(at)
    if post.valid_to is not None and post.valid_to <= today:
        raise PostOver(since=post.valid_to)
    if valid_to is not None and valid_to <= max(today, post.valid_from):
        raise invalid(
            "valid_to", "请选今天之后的日期；立即结束请用“收回”。", "Choose a later day; to end it now, revoke it."
        )
    if post.unit.valid_to is not None and (valid_to is None or valid_to > post.unit.valid_to):
        raise invalid("valid_to", f"单位于 {post.unit.valid_to} 撤销。", f"The unit ends on {post.unit.valid_to}.")
    if valid_to != post.valid_to:
        post.valid_to = valid_to
        try:
            with transaction.atomic():
                post.save(update_fields=["valid_to"])
        except IntegrityError as held_again:
            raise PostHeldAlready() from held_again
        journal.record(entries.about_post("post.dated", post, permission=_permission_of(by)), by=by, at=at)
    return post


def move_post(*, post_id: int, new: NewPost, by: Actor, at: datetime) -> Post:
    """From one unit or role to another: the old post ends on the day the new one begins, at once when that is today,
    and on its own last day when that comes first.

    Raises what `revoke_post`, `end_post` and `give_post` raise.
    """
    post, begins = _held(post_id, by), new.valid_from or clock.day_of(at)
    if begins <= clock.day_of(at):
        revoke_post(post_id=post_id, by=by, at=at)
    elif post.valid_to is None or post.valid_to > begins:
        end_post(post_id=post_id, valid_to=begins, by=by, at=at)
    return give_post(user_id=post.user_id, new=replace(new, valid_from=begins), by=by, at=at)


def end_dated_posts(*, by: Actor, at: datetime, limit: int = 500) -> int:
    """Put on the record which posts have come to their last day, and end their sessions; how many there were."""
    rows = Post.objects.select_related("unit", "role").filter(
        valid_to__lte=clock.day_of(at), revoked_at=None, ended_at=None
    )
    over = list(rows.select_for_update(no_key=True, of=("self",), skip_locked=True).order_by("pk")[:limit])
    ids = [post.pk for post in over]
    Post.objects.filter(pk__in=ids).update(ended_at=at)
    journal.record_all((entries.about_post("post.ended", post, permission="") for post in over), by=by, at=at)
    end_sessions(
        Session.objects.select_related("post__unit").filter(post__in=ids, ended_at=None),
        why="post_ended",
        by=by,
        at=at,
    )
    return len(over)


def ranges_to_give(texts: Sequence[str], by: Actor) -> list[str]:
    """Significant digits, each once. Raises Invalid, RangeOutOfArea. "" is everywhere, for those who have it."""
    ranges = []
    for text in texts:
        prefix = "" if text == "" else rules.as_range(text)
        if prefix is None:
            raise invalid("codes", f"“{text}”不是区划或网格编码。", f"“{text}” is no division or grid code.")
        if not by.is_system and not by.covers(prefix):
            raise RangeOutOfArea(range=text)
        ranges.append(prefix)
    return sorted(set(ranges))


def access_account_for_post(by: Actor, user_id: int) -> User:
    """Locked, so that two posts given at once see each other."""
    if is_mine(by, user_id):
        raise OwnAccount()
    user = visible_accounts(by).select_for_update(no_key=True, of=("self",)).filter(pk=user_id).first()
    if user is None:
        raise NotFound()
    return user


def _held(post_id: int, by: Actor) -> Post:
    """Locked. Raises NotFound, NotAllowed, OwnAccount, OtherPower."""
    if not (by.may(Permission.ACCOUNT_EDIT) or by.may(Permission.SECURITY_EDIT)):
        raise NotAllowed(permission=Permission.ACCOUNT_EDIT)
    rows = Post.objects.select_related("unit", "role").select_for_update(no_key=True, of=("self",))
    post = rows.filter(pk=post_id, revoked_at=None).first()
    if post is None or not administers(by, post.unit):
        raise NotFound()
    if is_mine(by, post.user_id):
        raise OwnAccount()
    if not rules.is_in_hands_of(by, {post.role.power}):
        raise OtherPower()
    return post


def _permission_of(by: Actor) -> Permission:
    return Permission.SECURITY_EDIT if by.may(Permission.SECURITY_EDIT) else Permission.ACCOUNT_EDIT


def _role_to_give(code: str, by: Actor) -> Role:
    if not (by.may(Permission.ACCOUNT_EDIT) or by.may(Permission.SECURITY_EDIT)):
        raise NotAllowed(permission=Permission.ACCOUNT_EDIT)
    role = Role.objects.filter(code=code).first()
    if role is None:
        raise invalid("role", "没有这个角色。", "There is no such role.")
    if not rules.is_in_hands_of(by, {role.power}):
        raise OtherPower()
    return role


def _end_of_post(new: NewPost, begins: date, unit: Unit) -> date | None:
    """A post in a unit that ends on a coming day ends with it at the latest."""
    if new.valid_to is not None and new.valid_to <= begins:
        raise invalid("valid_to", "结束日期必须晚于开始日期。", "It must end after it begins.")
    if unit.valid_to is None:
        return new.valid_to
    if begins >= unit.valid_to:
        raise invalid("valid_from", f"单位于 {unit.valid_to} 撤销。", f"The unit ends on {unit.valid_to}.")
    if new.valid_to is not None and new.valid_to > unit.valid_to:
        raise invalid("valid_to", f"单位于 {unit.valid_to} 撤销。", f"The unit ends on {unit.valid_to}.")
    return unit.valid_to if new.valid_to is None else new.valid_to


def _unit_for_post(unit_id: int, by: Actor, at: datetime) -> Unit:
    today = clock.day_of(at)
    # Locked against being ended at the same moment.
    unit = Unit.objects.select_for_update(no_key=True, of=("self",)).filter(pk=unit_id).first()
    if unit is None or (unit.valid_to is not None and unit.valid_to <= today):
        raise invalid("unit_id", "没有这个单位，或已撤销。", "There is no such unit, or it has ended.")
    if not administers(by, unit):
        raise UnitOutOfArea()
    return unit
