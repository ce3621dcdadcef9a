"""Accounts as their administrators see them. Telephones leave masked, passwords once."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.accounts.actions.people import MANY, FirstPassword
from wangge.accounts.contacts import masked_phone
from wangge.accounts.queries import Person
from wangge.accounts.schemas.common import Name, RoleCode, Short
from wangge.accounts.schemas.posts import PostNew, PostOut, UserOut
from wangge.core.marks import Seen, mark_of
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset
from wangge.core.schemas import Id


class AccountOut(Schema):
    id: int
    username: str
    name: str
    phone: str  # masked
    is_active: bool
    is_demo: bool
    must_change_password: bool
    has_password: bool
    has_totp: bool
    locked_until: datetime | None
    posts: list[PostOut]
    mark: str = Field(description="of its name and telephone")

    @classmethod
    def of(cls, person: Person, language: str) -> "AccountOut":
        user = person.user
        return cls(
            id=user.pk,
            username=user.username,
            name=user.name,
            phone=masked_phone(user),
            is_active=user.is_active,
            is_demo=user.is_demo,
            must_change_password=user.must_change_password,
            has_password=user.has_usable_password(),
            has_totp=user.totp_confirmed_at is not None,
            locked_until=person.locked_until,
            posts=[PostOut.of(post, language) for post in person.posts],
            mark=mark_of(user.edited),
        )


class AccountIn(Schema):
    username: Annotated[str, StringConstraints(min_length=2, max_length=64)]
    name: Name
    phone: Short = ""
    post: PostNew | None = None


class AccountPatch(Schema):
    name: Name | None = None
    phone: Short | None = None
    is_active: bool | None = None
    seen: Seen | None = None


class AccountQuery(Schema):
    q: Short = ""
    unit_id: Id | None = None
    role: RoleCode = ""
    active: bool | None = None
    has_password: bool | None = None
    offset: Offset = 0
    limit: Limit = DEFAULT_SIZE


class FirstPasswordOut(Schema):
    """The password is shown this once; the first sign-in asks for another."""

    account: UserOut
    password: str

    @classmethod
    def of(cls, first: FirstPassword) -> "FirstPasswordOut":
        return cls(account=UserOut.of(first.user), password=first.password)


class FirstPasswordsIn(Schema):
    account_ids: Annotated[list[Id], Field(min_length=1, max_length=MANY)]
