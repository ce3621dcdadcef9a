"""Whom and what an actor may reach: the only way to a row for code that answers a person.

Absent and out of area give the same 404; seen but not allowed is 403. Units are published: everybody signed in sees
them. An account is in an area when one of its posts is in a unit there, and to change it all of its posts must be.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from wangge.accounts import rules
from wangge.accounts.models import Post, Unit, User
from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import NotAllowed, NotFound
from wangge.core.ranges import within


class UnitOutOfArea(NotAllowed):
    code = "unit.out_of_area"
    zh = "这个单位不在您的管理范围内。"
    en = "This unit is outside the area you administer."


class OwnAccount(NotAllowed):
    code = "account.own"
    zh = "不能管理自己的账号和岗位，请由另一位管理人员办理。"
    en = "Nobody administers their own account or posts; ask another officer."


class OtherPower(NotAllowed):
    code = "account.other_power"
    zh = "三权分立：这个账号的岗位不由您的岗位管理。"
    en = "The three powers are kept apart: this account is not in your post's hands."


class PartlyOutOfArea(NotAllowed):
    code = "account.partly_out_of_area"
    zh = "此人在您的管理范围之外还有岗位，请由上级管理员办理。"
    en = "This person also holds a post outside your area; ask an administrator above you."


def is_mine(actor: Actor, user_id: int) -> bool:
    return actor.user_id == user_id


def administers(actor: Actor, unit: Unit) -> bool:
    return actor.is_system or actor.covers(unit.division)


def access_unit(actor: Actor, unit_id: int, *, to: Permission, lock: bool = False) -> Unit:
    actor.require(to)
    rows = Unit.objects.select_for_update(no_key=True, of=("self",)) if lock else Unit.objects.all()
    unit = rows.filter(pk=unit_id).first()
    if unit is None:
        raise NotFound()
    if not administers(actor, unit):
        raise UnitOutOfArea()
    return unit


def visible_accounts(actor: Actor) -> QuerySet[User]:
    """Who has, or had, a post in the actor's area; and who has none anywhere yet."""
    rows = User.objects.all()
    if actor.is_system or "" in actor.ranges:
        return rows
    posts = Post.objects.filter(user=OuterRef("pk"))
    in_area = posts.filter(within("unit__division", actor.ranges))
    return rows.filter(Q(Exists(in_area)) | ~Q(Exists(posts)))


def access_account(actor: Actor, user_id: int, *, to: Permission, lock: bool = False) -> User:
    """To see one, or with another permission than `account.read` to change one."""
    actor.require(to)
    rows = visible_accounts(actor)
    user = (rows.select_for_update(no_key=True, of=("self",)) if lock else rows).filter(pk=user_id).first()
    if user is None:
        raise NotFound()
    return user


def access_account_to_change(
    actor: Actor, user_id: int, *, at: datetime, to: Permission | None = None
) -> tuple[User, list[Unit]]:
    """Locked; with the units of its open posts. `to` is for what two kinds of officers may do; otherwise powers decide.

    Raises NotFound, NotAllowed, OwnAccount, OtherPower, PartlyOutOfArea.
    """
    if not (actor.may(Permission.ACCOUNT_EDIT) or actor.may(Permission.SECURITY_EDIT)):
        raise NotAllowed(permission=Permission.ACCOUNT_EDIT)
    user = visible_accounts(actor).select_for_update(no_key=True, of=("self",)).filter(pk=user_id).first()
    if user is None:
        raise NotFound()
    if is_mine(actor, user.pk):
        raise OwnAccount()
    held = open_posts(user, at=at)
    if not (to is not None and actor.may(to)) and not rules.is_in_hands_of(actor, {post.role.power for post in held}):
        raise OtherPower()
    if not all(administers(actor, post.unit) for post in held):
        raise PartlyOutOfArea()
    return user, [post.unit for post in held]


def open_posts(user: User, *, at: datetime) -> list[Post]:
    """Those not revoked and not over, also those that begin later."""
    rows = Post.objects.select_related("unit", "role").filter(user=user, revoked_at=None)
    return list(rows.filter(Q(valid_to=None) | Q(valid_to__gt=clock.day_of(at))).order_by("pk"))
