"""Accounts made, changed, disabled; first passwords given; locks and second factors taken away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from wangge.accounts import entries, lockout, rules
from wangge.accounts.access import OtherPower, access_account_to_change
from wangge.accounts.actions.posts import NewPost, give_post
from wangge.accounts.actions.sessions import end_sessions, open_sessions_of
from wangge.accounts.contacts import set_phone
from wangge.accounts.models import Unit, User
from wangge.accounts.passwords import random_password
from wangge.accounts.permissions import Permission
from wangge.core import journal, marks
from wangge.core.actor import Actor
from wangge.core.errors import TAKEN, Conflict, NotAllowed, invalid

MANY = 50


class UsernameTaken(Conflict):
    code = "account.username_taken"
    zh = "用户名“{username}”已被使用。"
    en = "The username “{username}” is taken."


class HasPassword(Conflict):
    code = "account.has_password"
    zh = "“{username}”已有密码；忘记了请重置。"
    en = "“{username}” has a password already; reset it if it is forgotten."


@dataclass(frozen=True, kw_only=True)
class FirstPassword:
    """Shown once; the next sign-in asks for another."""

    user: User
    password: str


def create_account(
    *, username: str, name: str, by: Actor, at: datetime, phone: str = "", post: NewPost | None = None
) -> FirstPassword:
    """With a random first password, and its first post. Raises UsernameTaken, Invalid, and what give_post does."""
    if not (by.may(Permission.ACCOUNT_EDIT) or by.may(Permission.SECURITY_EDIT)):
        raise NotAllowed(permission=Permission.ACCOUNT_EDIT)
    if post is None and not rules.is_in_hands_of(by, ()):
        raise OtherPower()
    password = random_password()
    user = User(username=rules.as_username(username), name=name.strip(), created_at=at, must_change_password=True)
    check_username(user.username)
    set_phone(user, phone)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as taken:
        raise UsernameTaken(username=user.username, fields={"username": TAKEN}) from taken
    given = give_post(user_id=user.pk, new=post, by=by, at=at) if post is not None else None
    units = [given.unit] if given is not None else []
    _note("account.created", user, units, by=by, at=at)
    return FirstPassword(user=user, password=password)


def check_username(username: str) -> None:
    if not rules.USERNAME.fullmatch(username):
        raise invalid(
            "username",
            "用户名为 2 到 64 位小写字母、数字或 . _ @ -，以字母或数字开头。",
            "2 to 64 of a-z, 0-9, . _ @ -, beginning with a letter or digit.",
        )


def change_account(*, user_id: int, changes: dict[str, Any], by: Actor, at: datetime, seen: str | None = None) -> User:
    """`name`, `phone`, `is_active`. Disabling ends every session at once. Raises ChangedMeanwhile."""
    user, units = access_account_to_change(by, user_id, at=at)
    marks.check(seen, user.edited)
    changed = []
    if "name" in changes and changes["name"] != user.name:
        user.name = changes["name"]
        changed.append("name")
    if "phone" in changes:
        set_phone(user, changes["phone"])
        changed += ["phone_sealed", "phone_hash"]
    if "is_active" in changes and changes["is_active"] != user.is_active:
        user.is_active = changes["is_active"]
        changed.append("is_active")
    if changed:
        user.save(update_fields=changed)
        names = sorted({name.split("_sealed")[0].split("_hash")[0] for name in changed})
        _note("account.changed", user, units, by=by, at=at, changed=names)
    if not user.is_active:
        end_sessions(open_sessions_of(user), why="disabled", by=by, at=at, permission=_permission(by))
    return user


def disable_account(*, user_id: int, by: Actor, at: datetime) -> User:
    return change_account(user_id=user_id, changes={"is_active": False}, by=by, at=at)


def reset_password(*, user_id: int, by: Actor, at: datetime) -> FirstPassword:
    user, units = access_account_to_change(by, user_id, at=at)
    password = random_password()
    user.set_password(password)
    user.must_change_password, user.password_changed_at = True, at
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    lockout.forget_failures(user.username)
    end_sessions(open_sessions_of(user), why="password", by=by, at=at, permission=_permission(by))
    _note("account.password_reset", user, units, by=by, at=at, changed=["password"])
    return FirstPassword(user=user, password=password)


def give_first_passwords(*, user_ids: Sequence[int], by: Actor, at: datetime) -> list[FirstPassword]:
    """To accounts that have none yet (imported ones). All or nothing; at most MANY at once, for hashing is dear.

    Raises NotFound, NotAllowed and its kinds, HasPassword.
    """
    return [_first_password(user_id, by, at) for user_id in sorted(set(user_ids))]


def _first_password(user_id: int, by: Actor, at: datetime) -> FirstPassword:
    user, _ = access_account_to_change(by, user_id, at=at)
    if user.has_usable_password():
        raise HasPassword(username=user.username)
    return reset_password(user_id=user_id, by=by, at=at)


def unlock_account(*, user_id: int, by: Actor, at: datetime) -> User:
    """Also the security officer's, for everybody in the area: a lock is an alarm, and theirs to judge."""
    user, units = access_account_to_change(by, user_id, at=at, to=Permission.SECURITY_EDIT)
    if lockout.forget_failures(user.username):
        _note("account.unlocked", user, units, by=by, at=at)
    return user


def reset_totp(*, user_id: int, by: Actor, at: datetime) -> User:
    """For a lost telephone, by the security officer. Where a second factor is compulsory, the next sign-in enrols."""
    by.require(Permission.SECURITY_EDIT)
    user, units = access_account_to_change(by, user_id, at=at, to=Permission.SECURITY_EDIT)
    user.totp_sealed, user.totp_confirmed_at, user.totp_step = None, None, 0
    user.save(update_fields=["totp_sealed", "totp_confirmed_at", "totp_step"])
    end_sessions(open_sessions_of(user), why="totp", by=by, at=at, permission=Permission.SECURITY_EDIT)
    _note("account.totp_reset", user, units, by=by, at=at, changed=["totp"])
    return user


def _note(
    kind: str, user: User, units: list[Unit], *, by: Actor, at: datetime, changed: list[str] | None = None
) -> None:
    entry = entries.about_account(kind, user, units, permission=_permission(by), changed=changed or [])
    journal.record(entry, by=by, at=at)


def _permission(by: Actor) -> str:
    return Permission.ACCOUNT_EDIT if by.may(Permission.ACCOUNT_EDIT) else Permission.SECURITY_EDIT
