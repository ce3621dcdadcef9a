"""Posts, the people who hold them, and roles."""

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from wangge.accounts.models import Post, Role, User
from wangge.accounts.permissions import Permission
from wangge.accounts.schemas.common import Ranges, RoleCode, Short
from wangge.core.marks import Seen, mark_of
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset
from wangge.core.schemas import Id


class UserOut(Schema):
    id: int
    name: str
    username: str

    @classmethod
    def of(cls, user: User) -> "UserOut":
        return cls(id=user.pk, name=user.name, username=user.username)


class PostOut(Schema):
    id: int
    title: str
    unit_id: int
    unit_name: str
    role: str
    role_name: str

    @classmethod
    def of(cls, post: Post, language: str) -> "PostOut":
        return cls(**post_values(post, language))


class HeldPostOut(PostOut):
    """A post as its administrators see it."""

    account: UserOut
    codes: list[str]
    valid_from: date
    valid_to: date | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, post: Post, language: str) -> "HeldPostOut":
        return cls(
            **post_values(post, language),
            account=UserOut.of(post.user),
            codes=list(post.codes),
            valid_from=post.valid_from,
            valid_to=post.valid_to,
            revoked_at=post.revoked_at,
        )


class PostNew(Schema):
    unit_id: Id
    role: RoleCode
    codes: Ranges = []
    title: Short = ""
    valid_from: date | None = None
    valid_to: date | None = None


class PostFor(PostNew):
    account_id: Id


class PostEnd(Schema):
    valid_to: date | None


class PostQuery(Schema):
    account_id: Id | None = None
    unit_id: Id | None = None
    role: RoleCode = ""
    ended: bool = False
    offset: Offset = 0
    limit: Limit = DEFAULT_SIZE


class RoleOut(Schema):
    code: str
    name: str
    power: str
    permissions: list[str]
    may_hold: list[str]
    mark: str

    @classmethod
    def of(cls, role: Role, may_hold: list[str], language: str) -> "RoleOut":
        return cls(
            code=role.code,
            name=role_name(role, language),
            power=role.power,
            permissions=sorted(role.permissions),
            may_hold=may_hold,
            mark=mark_of(role.edited),
        )


class RolePatch(Schema):
    permissions: Annotated[list[RoleCode], Field(max_length=len(Permission))]
    seen: Seen | None = None


def post_values(post: Post, language: str) -> dict[str, Any]:
    return {
        "id": post.pk,
        "title": post.title,
        "unit_id": post.unit_id,
        "unit_name": post.unit.name,
        "role": post.role.code,
        "role_name": role_name(post.role, language),
    }


def role_name(role: Role, language: str) -> str:
    return role.name_en if language == "en" else role.name_zh
