"""What crosses HTTP about people. Telephones leave masked; passwords and keys leave once."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.accounts import totp
from wangge.accounts.actions.partners import NewKey
from wangge.accounts.actions.people import MANY, FirstPassword
from wangge.accounts.contacts import masked_phone
from wangge.accounts.models import PartnerSystem, Post, Role, Session, Unit, User
from wangge.accounts.permissions import Permission
from wangge.accounts.queries import Person, Standing
from wangge.core.actor import Actor
from wangge.core.models import JournalEntry
from wangge.core.paging import DEFAULT_SIZE, LARGEST_SIZE
from wangge.core.schemas import Id, Instant

Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Short = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Range = Annotated[str, StringConstraints(pattern=r"^[0-9]{0,17}$", max_length=17)]
Ranges = Annotated[list[Range], Field(max_length=200)]
DivisionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{2,12}$", max_length=12)]
RoleCode = Annotated[str, StringConstraints(max_length=64)]
UnitKind = Literal["centre", "department", "branch"]
Offset = Annotated[int, Field(ge=0, le=10_000_000)]
Limit = Annotated[int, Field(ge=1, le=LARGEST_SIZE)]


# -- signing in ----------------------------------------------------------------------------------------------------


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
        return cls(**_post(post, language))


class MeOut(Schema):
    user: UserOut
    post: PostOut
    permissions: list[str]
    ranges: list[str]
    posts: list[PostOut]
    language: str

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
            role_name=_role_name(post.role, by.language) if post else "",
            current=session.pk == by.session_id,
        )


# -- what a browser is told before anybody signs in ----------------------------------------------------------------


class BaseMapOut(Schema):
    kind: str
    url: str
    attribution: str
    approval_no: str


class DemoAccountOut(Schema):
    username: str
    role: str
    name: str
    unit: str


class ConfigOut(Schema):
    live_url: str
    demo: bool
    product: str
    version: str
    base_map: BaseMapOut
    area: Annotated[
        list[float] | None,
        Field(description="west, south, east, north of the area served, WGS-84; null while nothing is drawn"),
    ] = None
    demo_accounts: list[DemoAccountOut]


# -- administration ------------------------------------------------------------------------------------------------


class UnitOut(Schema):
    id: int
    code: str
    name: str
    short_name: str
    kind: str
    parent_id: int | None
    path: str
    division: str
    phone: str
    totp_required: bool
    valid_from: date
    valid_to: date | None

    @classmethod
    def of(cls, unit: Unit) -> "UnitOut":
        return cls(
            id=unit.pk,
            code=unit.code,
            name=unit.name,
            short_name=unit.short_name,
            kind=unit.kind,
            parent_id=unit.parent_id,
            path=unit.path,
            division=unit.division,
            phone=unit.phone,
            totp_required=unit.totp_required,
            valid_from=unit.valid_from,
            valid_to=unit.valid_to,
        )


class UnitIn(Schema):
    code: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    name: Name
    kind: UnitKind
    division: DivisionCode
    parent_id: Id | None = None
    short_name: Short = ""
    phone: Short = ""
    valid_from: date | None = None


class UnitPatch(Schema):
    name: Name | None = None
    short_name: Short | None = None
    phone: Short | None = None
    valid_to: date | None = None
    totp_required: bool | None = None


class UnitQuery(Schema):
    q: Short = ""
    kind: UnitKind | None = None
    division: DivisionCode | None = None
    parent_id: Id | None = None
    ended: bool = False
    offset: Offset = 0
    limit: Limit = DEFAULT_SIZE


class PostNew(Schema):
    unit_id: Id
    role: RoleCode
    codes: Ranges = []
    title: Short = ""
    valid_from: date | None = None
    valid_to: date | None = None


class PostFor(PostNew):
    account_id: Id


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
            **_post(post, language),
            account=UserOut.of(post.user),
            codes=list(post.codes),
            valid_from=post.valid_from,
            valid_to=post.valid_to,
            revoked_at=post.revoked_at,
        )


class PostQuery(Schema):
    account_id: Id | None = None
    unit_id: Id | None = None
    role: RoleCode = ""
    ended: bool = False
    offset: Offset = 0
    limit: Limit = DEFAULT_SIZE


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


class RoleOut(Schema):
    code: str
    name: str
    power: str
    permissions: list[str]
    may_hold: list[str]

    @classmethod
    def of(cls, role: Role, may_hold: list[str], language: str) -> "RoleOut":
        return cls(
            code=role.code,
            name=_role_name(role, language),
            power=role.power,
            permissions=sorted(role.permissions),
            may_hold=may_hold,
        )


class RolePatch(Schema):
    permissions: Annotated[list[RoleCode], Field(max_length=len(Permission))]


class PartnerOut(Schema):
    id: int
    code: str
    name: str
    codes: list[str]
    permissions: list[str]
    is_active: bool
    created_at: datetime
    old_key_until: datetime | None = Field(description="the key before the newest is good until then")
    old_key_used_at: datetime | None = Field(description="when it was last used, to the minute")

    @classmethod
    def of(cls, partner: PartnerSystem) -> "PartnerOut":
        return cls(
            id=partner.pk,
            code=partner.code,
            name=partner.name,
            codes=list(partner.codes),
            permissions=list(partner.permissions),
            is_active=partner.is_active,
            created_at=partner.created_at,
            old_key_until=partner.old_key_until,
            old_key_used_at=partner.old_key_used_at,
        )


class PartnerIn(Schema):
    code: Annotated[str, StringConstraints(min_length=1, max_length=32)]
    name: Name
    codes: Ranges
    permissions: Annotated[list[RoleCode], Field(max_length=20)] = [Permission.CASE_REPORT]


class PartnerPatch(Schema):
    name: Name | None = None
    codes: Ranges | None = None
    permissions: Annotated[list[RoleCode], Field(max_length=20)] | None = None
    is_active: bool | None = None


class RotateIn(Schema):
    """`overlap_hours`: how long the old key stays good beside the new one; 0 for a key that leaked."""

    overlap_hours: Annotated[int, Field(ge=0, le=30 * 24)] = 0


class PartnerKeyOut(Schema):
    """The key is shown this once."""

    partner: PartnerOut
    key: str

    @classmethod
    def of(cls, new: NewKey) -> "PartnerKeyOut":
        return cls(partner=PartnerOut.of(new.partner), key=new.key)


class JournalOut(Schema):
    id: int
    at: datetime
    kind: str
    subject_type: str
    subject_id: str
    code: str
    unit_paths: list[str]
    actor_kind: str
    actor_user: int | None
    actor_post: int | None
    actor_name: str
    permission: str
    changed: list[str]
    data: dict[str, Any]

    @classmethod
    def of(cls, entry: JournalEntry) -> "JournalOut":
        return cls(**{name: getattr(entry, name) for name in cls.model_fields})


class JournalQuery(Schema):
    actor: Id | None = None
    subject: Short = ""
    kind: Short = ""
    code: Range = ""
    since: Annotated[Instant | None, Field(alias="from")] = None
    until: Annotated[Instant | None, Field(alias="to")] = None
    cursor: Annotated[str, StringConstraints(max_length=200)] = ""
    limit: Limit = DEFAULT_SIZE


def _post(post: Post, language: str) -> dict[str, Any]:
    return {
        "id": post.pk,
        "title": post.title,
        "unit_id": post.unit_id,
        "unit_name": post.unit.name,
        "role": post.role.code,
        "role_name": _role_name(post.role, language),
    }


def _role_name(role: Role, language: str) -> str:
    return role.name_en if language == "en" else role.name_zh
