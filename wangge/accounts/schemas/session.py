"""Signing in, and sessions."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.accounts import totp
from wangge.accounts.models import Session
from wangge.accounts.queries import Standing
from wangge.accounts.schemas.common import Password
from wangge.accounts.schemas.posts import PostOut, UserOut, role_name
from wangge.core.actor import Actor
from wangge.core.schemas import Id


class SignInIn(Schema):
    username: Annotated[str, StringConstraints(min_length=1, max_length=150)]
    password: Password


class TotpIn(Schema):
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$", max_length=6)]


class PostIn(Schema):
    post_id: Id


class PasswordIn(Schema):
    old: Password
    new: Password


class TotpOut(Schema):
    """For the authenticator application: scan the picture, or type the secret."""

    secret: str
    uri: str
    qr_svg: str

    @classmethod
    def of(cls, enrolment: totp.Enrolment) -> "TotpOut":
        return cls(secret=enrolment.secret, uri=enrolment.uri, qr_svg=enrolment.qr_svg)


class MeOut(Schema):
    user: UserOut
    post: PostOut
    permissions: list[str]
    ranges: list[str]
    posts: list[PostOut]
    language: str
    ends_at: datetime = Field(description="when the session is over however busy it is; a phone's key ends with it")

    @classmethod
    def of(cls, standing: Standing, language: str) -> "MeOut | None":
        post = standing.post
        if post is None or standing.stage != Session.Stage.OPEN:
            return None
        return cls(
            user=UserOut.of(standing.user),
            post=PostOut.of(post, language),
            permissions=sorted(post.role.permissions),
            ranges=list(post.codes),
            posts=[PostOut.of(one, language) for one in standing.posts],
            language=language,
            ends_at=standing.ends_at,
        )


class SignInOut(Schema):
    """`status` says which step comes next; `posts` to choose from come with `choose_post`, `me` with `signed_in`."""

    status: Literal["totp_required", "change_password", "choose_post", "signed_in"]
    enrolling: bool = False
    me: MeOut | None = None
    posts: list[PostOut] | None = None

    @classmethod
    def of(cls, standing: Standing, language: str) -> "SignInOut":
        choosing = standing.stage == Session.Stage.POST
        return cls(
            status=standing.stage,  # type: ignore[arg-type]
            enrolling=standing.stage == Session.Stage.TOTP and standing.user.totp_confirmed_at is None,
            me=MeOut.of(standing, language),
            posts=[PostOut.of(post, language) for post in standing.posts] if choosing else None,
        )


class SessionOut(Schema):
    id: int
    created_at: datetime
    seen_at: datetime
    address: str
    agent: str
    status: str
    unit_name: str
    role_name: str
    current: bool

    @classmethod
    def of(cls, session: Session, by: Actor) -> "SessionOut":
        post = session.post
        return cls(
            id=session.pk,
            created_at=session.started_at,
            seen_at=session.seen_at,
            address=session.address or "",
            agent=session.agent,
            status=session.stage,
            unit_name=post.unit.name if post else "",
            role_name=role_name(post.role, by.language) if post else "",
            current=session.pk == by.session_id,
        )
