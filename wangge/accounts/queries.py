"""Reads that deserve a name: who I am, who works where, who signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from wangge.accounts import auth, lockout
from wangge.accounts.access import access_account, visible_accounts
from wangge.accounts.actions.partners import is_in_area
from wangge.accounts.actions.sign_in import posts_to_choose
from wangge.accounts.models import PartnerSystem, Post, PostQuerySet, Role, Session, Unit, User
from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.departments import NAMES
from wangge.core.errors import NotAllowed, NotFound
from wangge.core.importing.importer import kinds_of
from wangge.core.paging import LARGEST_SIZE
from wangge.core.ranges import within


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where a person stands in signing in, and as whom they act once they are in."""

    stage: str
    user: User
    post: Post | None
    posts: list[Post]
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Person:
    """An account as its administrators see it."""

    user: User
    posts: list[Post]
    locked_until: datetime | None


@dataclass(frozen=True, kw_only=True)
class AccountFilter:
    q: str = ""
    unit_id: int | None = None
    role: str = ""
    active: bool | None = None
    has_password: bool | None = None


@dataclass(frozen=True, kw_only=True)
class UnitFilter:
    q: str = ""
    kind: str = ""
    division: str = ""
    parent_id: int | None = None
    ended: bool = False


def standing(session: Session, *, at: datetime) -> Standing:
    """`session` with its user, post, unit and role, as the steps of signing in return it."""
    posts = posts_to_choose(session.user, at=at)
    permissions = session.post.role.permissions if session.post else ()
    over = auth.ends_at(session.started_at, permissions)
    return Standing(stage=session.stage, user=session.user, post=session.post, posts=posts, ends_at=over)


def my_standing(*, by: Actor, at: datetime) -> Standing:
    session = Session.objects.select_related("user", "post__unit", "post__role").get(pk=by.session_id or 0)
    return standing(session, at=at)


def sessions_of(*, by: Actor, account_id: int | None) -> QuerySet[Session]:
    """One's own; another person's for the security officer. Raises NotFound, NotAllowed."""
    if account_id is not None and account_id != by.user_id:
        access_account(by, account_id, to=Permission.SECURITY_EDIT)
    whose = by.user_id if account_id is None else account_id
    rows = Session.objects.select_related("post__unit", "post__role")
    return rows.filter(user_id=whose or 0, ended_at=None).order_by("-seen_at", "-pk")


def units(chosen: UnitFilter, *, at: datetime) -> QuerySet[Unit]:
    """Units are published; whoever is signed in sees all of them, in the order of their paths."""
    rows = Unit.objects.select_related("parent").order_by("path", "pk")
    if not chosen.ended:
        rows = rows.filter(Q(valid_to=None) | Q(valid_to__gt=clock.day_of(at)))
    if chosen.q:
        rows = rows.filter(
            Q(name__icontains=chosen.q) | Q(short_name__icontains=chosen.q) | Q(code__startswith=chosen.q)
        )
    if chosen.kind:
        rows = rows.filter(kind=chosen.kind)
    if chosen.division:
        rows = rows.filter(within("division", (chosen.division,)))
    if chosen.parent_id is not None:
        rows = rows.filter(parent_id=chosen.parent_id)
    return rows


def unit(unit_id: int) -> Unit:
    found = Unit.objects.select_related("parent").filter(pk=unit_id).first()
    if found is None:
        raise NotFound()
    return found


def accounts(chosen: AccountFilter, *, by: Actor, at: datetime, offset: int, limit: int) -> dict[str, Any]:
    """One page of those in the actor's area, by username. Four queries, however many."""
    by.require(Permission.ACCOUNT_READ)
    rows = visible_accounts(by).order_by("username", "pk")
    if chosen.q:
        rows = rows.filter(Q(username__startswith=chosen.q.lower()) | Q(name__contains=chosen.q))
    if chosen.active is not None:
        rows = rows.filter(is_active=chosen.active)
    if chosen.has_password is not None:
        unusable = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        rows = rows.filter(~unusable if chosen.has_password else unusable)
    held = _posts_on(at).filter(user=OuterRef("pk"))
    if chosen.unit_id is not None:
        rows = rows.filter(Exists(held.filter(unit_id=chosen.unit_id)))
    if chosen.role:
        rows = rows.filter(Exists(held.filter(role__code=chosen.role)))
    page = rows[offset : offset + min(max(limit, 1), LARGEST_SIZE)]
    return {"items": _people(page, at), "count": rows.count()}


def account(user_id: int, *, by: Actor, at: datetime) -> Person:
    user = access_account(by, user_id, to=Permission.ACCOUNT_READ)
    return person(user, at=at)


def person(user: User, *, at: datetime) -> Person:
    return _people(User.objects.filter(pk=user.pk), at)[0]


def posts(
    *, by: Actor, at: datetime, account_id: int | None, unit_id: int | None, role: str, all_of_them: bool
) -> QuerySet[Post]:
    """Those in units of the actor's area; open ones unless all are asked for."""
    by.require(Permission.ACCOUNT_READ)
    rows = Post.objects.all() if all_of_them else _posts_on(at)
    if not by.is_system:
        rows = rows.filter(within("unit__division", by.ranges))
    if account_id is not None:
        rows = rows.filter(user_id=account_id)
    if unit_id is not None:
        rows = rows.filter(unit_id=unit_id)
    if role:
        rows = rows.filter(role__code=role)
    return rows.select_related("unit", "role", "user").order_by("unit__path", "pk")


def post(post_id: int) -> Post:
    return Post.objects.select_related("unit", "role", "user").get(pk=post_id)


def roles() -> list[Role]:
    return list(Role.objects.order_by("pk"))


def partners(*, by: Actor) -> list[PartnerSystem]:
    by.require(Permission.ACCOUNT_EDIT)
    return [partner for partner in PartnerSystem.objects.order_by("code") if is_in_area(by, partner)]


def sending_departments(*, by: Actor) -> list[dict[str, Any]]:
    """Each department with the kinds of records that its system may send."""
    by.require(Permission.ACCOUNT_EDIT)
    word = int(by.language == "en")
    return [
        {
            "code": str(department),
            "name": names[word],
            "kinds": [{"kind": one.kind, "name": (one.zh, one.en)[word]} for one in kinds_of(department)],
        }
        for department, names in NAMES.items()
    ]


def demo_accounts(*, at: datetime) -> list[Post]:
    """One for each role, the first of them."""
    if not settings.DEMO:
        return []
    rows = _posts_on(at).filter(user__is_demo=True, user__is_active=True).order_by("role_id", "pk")
    return list(rows.distinct("role_id").select_related("user", "role", "unit"))


def _posts_on(at: datetime) -> PostQuerySet:
    return Post.objects.filter(revoked_at=None).open_on(clock.day_of(at))


def _people(users: QuerySet[User], at: datetime) -> list[Person]:
    held: Prefetch[str, QuerySet[Post], str] = Prefetch(
        "posts", queryset=_posts_on(at).select_related("unit", "role").order_by("pk"), to_attr="held"
    )
    found: Sequence[Any] = list(users.prefetch_related(held))
    locks = lockout.locked_until([user.username for user in found], at=at)
    return [Person(user=user, posts=user.held, locked_until=locks.get(user.username)) for user in found]


def actor_in_post(*, user_id: int, post_id: int, day: date, language: str) -> Actor:
    """For the worker, which does something later that a person asked for: with what the post may do that day.

    Raises NotAllowed when the person or the post is no longer in office.
    """
    post = Post.objects.select_related("user", "unit", "role").filter(pk=post_id, user=user_id).first()
    if post is None or post.revoked_at is not None or not post.user.is_active:
        raise NotAllowed()
    if post.valid_from > day or (post.valid_to is not None and post.valid_to <= day):
        raise NotAllowed()
    return actor_of_post(post, language=language)


def actor_of_post(post: Post, *, language: str = "zh") -> Actor:
    """What its holder is when they act in it. `user`, `unit` and `role` are read with it, or one by one."""
    return Actor(
        name=post.user.name,
        user_id=post.user_id,
        post_id=post.pk,
        unit_id=post.unit_id,
        unit_name=post.unit.name,
        unit_kind=post.unit.kind,
        unit_path=post.unit.path,
        division=post.unit.division,
        role=post.role.code,
        permissions=frozenset(post.role.permissions),
        ranges=tuple(post.codes),
        language=language,
    )
