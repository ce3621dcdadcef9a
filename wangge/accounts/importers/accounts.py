"""Accounts from a file, one row for each post: the same username on several rows is one person with several posts.

Nobody's password is in a file, nor made here: an imported account cannot sign in until it is given a first password
(`POST /api/accounts/first-passwords`, or `wangge firstpasswords`), which is shown once and stored nowhere.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import make_password

from wangge.accounts import rules
from wangge.accounts.access import administers, visible_accounts
from wangge.accounts.contacts import set_phone
from wangge.accounts.importers.staleness import check_still_fits
from wangge.accounts.models import Post, Role, Unit, User
from wangge.accounts.permissions import ROLES, Permission
from wangge.core import clock, journal
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.importing.fields import Field, FieldType
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped
from wangge.core.phone_numbers import normalise_phone

BAD_USERNAME = FaultKind(
    "account.bad_username",
    "用户名“{username}”不合规则：2 到 64 位小写字母、数字或 . _ @ -。",
    "“{username}”: 2 to 64 of a-z, 0-9, . _ @ -.",
)
OTHER_NAME = FaultKind(
    "account.other_name",
    "“{username}”已有姓名“{name}”，与本行不同。",
    "“{username}” is “{name}”, not as this row says.",
)
NOT_YOURS = FaultKind(
    "account.not_yours",
    "“{username}”已被您管理范围之外的人使用。",
    "“{username}” belongs to somebody outside your area.",
)
OWN = FaultKind("account.own", "不能给自己导入岗位。", "Nobody imports a post for themself.")
BAD_PHONE = FaultKind("account.bad_phone", "电话不是有效的号码。", "This is not a telephone number.")
UNKNOWN_UNIT = FaultKind("account.unknown_unit", "没有单位“{code}”，或已撤销。", "There is no unit “{code}”.")
UNIT_OUT_OF_AREA = FaultKind(
    "account.unit_out_of_area", "单位“{code}”不在您的管理范围内。", "The unit “{code}” is outside your area."
)
OTHER_POWER = FaultKind(
    "account.other_power", "三权分立：“{role}”不由您的岗位管理。", "“{role}” is not in your post's hands."
)
BAD_RANGE = FaultKind("account.bad_range", "“{code}”不是区划或网格编码。", "“{code}” is no division or grid code.")
RANGE_OUT_OF_AREA = FaultKind(
    "account.range_out_of_area", "“{code}”不在您的管理范围内。", "“{code}” is outside your area."
)
TWO_POWERS = FaultKind(
    "account.two_powers", "三权分立：“{username}”会有两种岗位。", "“{username}” would hold posts of two powers."
)
POST_TWICE = FaultKind(
    "account.post_twice", "“{username}”的同一岗位在文件中出现多次。", "The same post of “{username}” appears twice."
)
UNIT_ENDS = FaultKind(
    "account.unit_ends",
    "单位“{code}”于 {day} 撤销，任职日期不能在其后。",
    "The unit “{code}” ends on {day}; a post there begins before.",
)
HELD_ALREADY = FaultKind(
    "account.post_held",
    "“{username}”已有这个岗位，本行不再添加。",
    "“{username}” holds this post already; the row adds nothing.",
    FaultLevel.WARNING,
)

ROLE_NAMES = {code: (zh, en) for code, (_, zh, en, _) in ROLES.items()}


class AccountsImporter:
    kind = "accounts"
    permission = Permission.ACCOUNT_EDIT
    zh = "账号"
    en = "Accounts"
    takes_geometry = False
    hides_numbers = True  # telephones, which lie sealed afterwards
    most_rows = 200_000  # all are held at once, to be compared with each other
    fields: tuple[Field, ...] = (
        Field(name="username", zh="用户名", en="Username", required=True, max_length=64, aliases=("账号", "登录名")),
        Field(name="name", zh="姓名", en="Name", required=True, max_length=100),
        Field(name="phone", zh="手机", en="Telephone", type=FieldType.CODE, aliases=("电话", "手机号", "联系电话")),
        Field(name="unit", zh="单位编码", en="Unit", type=FieldType.CODE, required=True, max_length=32),
        Field(name="role", zh="角色", en="Role", type=FieldType.CHOICE, required=True, choices=ROLE_NAMES),
        Field(
            name="codes",
            zh="管辖编码",
            en="Looks after",
            help_zh="区划或网格编码，多个用空格或顿号分开；空为只看本单位的",
            help_en="division or grid codes, separated by spaces; empty: the unit's own only",
            aliases=("网格编码", "管辖范围"),
        ),
        Field(name="title", zh="职务", en="Title", max_length=100),
        Field(name="valid_from", zh="任职日期", en="Since", type=FieldType.DATE),
    )

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        context.by.require(self.permission)
        read = [row for row in rows if row.values.get("username")]
        ground = _ground(_usernames(row.values for row in read), context)
        for row in read:
            for fault in _row_faults(row.values, row.number, ground, context):
                yield fault.about(row.values["username"])

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        read = list(rows)
        _keep_from_ending({row.values["unit"] for row in read})
        check_still_fits(self, read, context)
        ground = _ground(_usernames(row.values for row in read), context)
        people = _make_people(read, ground, context)
        posts = [post for row in read if (post := _post(row.values, people, ground, context)) is not None]
        Post.objects.bulk_create(posts)
        made = len(people) - len(ground.people)
        entry = journal.Entry(
            kind="accounts.imported",
            subject=("import", str(batch_id)),
            code=context.by.division,
            permission=Permission.ACCOUNT_EDIT,
            data={"accounts": made, "posts": len(posts)},
        )
        journal.record(entry, by=context.by, at=context.at)
        return Counts(created=made, changed=len(posts) - made, unchanged=len(read) - len(posts))


def _keep_from_ending(codes: set[str]) -> None:
    """Locked in one order until the import is through: a unit does not end while posts are made in it."""
    rows = Unit.objects.select_for_update(no_key=True, of=("self",)).filter(code__in=codes).order_by("pk")
    list(rows.values_list("pk", flat=True))


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """What the rows are compared with, read once."""

    units: dict[str, Unit]
    roles: dict[str, Role]
    people: dict[str, User]
    mine: set[int]
    held: dict[str, list[tuple[int, str]]]  # username -> (unit, role)
    powers: dict[str, set[str]]
    names: dict[str, str] = field(default_factory=dict)
    rows_seen: set[tuple[str, str, str]] = field(default_factory=set)


def _ground(usernames: set[str], context: ImportContext) -> _Ground:
    people = {user.username: user for user in User.objects.filter(username__in=usernames)}
    ids = [user.pk for user in people.values()]
    held: dict[str, list[tuple[int, str]]] = {}
    powers: dict[str, set[str]] = {}
    today = clock.day_of(context.at)
    for post in Post.objects.select_related("user", "role").filter(user__in=ids, revoked_at=None):
        if post.valid_to is None or post.valid_to > today:
            held.setdefault(post.user.username, []).append((post.unit_id, post.role.code))
            powers.setdefault(post.user.username, set()).add(post.role.power)
    return _Ground(
        units={unit.code: unit for unit in Unit.objects.all() if unit.valid_to is None or unit.valid_to > today},
        roles={role.code: role for role in Role.objects.all()},
        people=people,
        mine=set(visible_accounts(context.by).filter(pk__in=ids).values_list("pk", flat=True)),
        held=held,
        powers=powers,
    )


def _usernames(rows: Iterable[dict[str, str]]) -> set[str]:
    return {rules.as_username(values["username"]) for values in rows}


def _row_faults(values: dict[str, str], row: int, ground: _Ground, context: ImportContext) -> Iterator[Fault]:
    username = rules.as_username(values["username"])
    yield from _person_faults(username, values, row, ground, context)
    unit, role = ground.units.get(values.get("unit", "")), ground.roles.get(values.get("role", ""))
    if values.get("unit") and unit is None:
        yield UNKNOWN_UNIT(row=row, column="unit", code=values["unit"])
    elif unit is not None and not administers(context.by, unit):
        yield UNIT_OUT_OF_AREA(row=row, column="unit", code=unit.code)
    elif unit is not None and unit.valid_to is not None and _begins(values, context) >= unit.valid_to:
        yield UNIT_ENDS(row=row, column="valid_from", code=unit.code, day=unit.valid_to)
    for code in _codes(values):
        prefix = rules.as_range(code)
        if prefix is None:
            yield BAD_RANGE(row=row, column="codes", code=code)
        elif not (context.by.is_system or context.by.covers(prefix)):
            yield RANGE_OUT_OF_AREA(row=row, column="codes", code=code)
    if role is not None:
        yield from _post_faults(username, unit, role, row, ground, context)


def _person_faults(
    username: str, values: dict[str, str], row: int, ground: _Ground, context: ImportContext
) -> Iterator[Fault]:
    if not rules.USERNAME.fullmatch(username):
        yield BAD_USERNAME(row=row, column="username", username=username)
    user = ground.people.get(username)
    if user is not None and user.pk not in ground.mine:
        yield NOT_YOURS(row=row, column="username", username=username)
        return
    if user is not None and user.pk == context.by.user_id:
        yield OWN(row=row, column="username")
    name = ground.names.setdefault(username, user.name if user is not None else values.get("name", ""))
    if values.get("name") and values["name"] != name:
        yield OTHER_NAME(row=row, column="name", username=username, name=name)
    if values.get("phone") and normalise_phone(values["phone"]) is None:
        yield BAD_PHONE(row=row, column="phone")


def _post_faults(
    username: str, unit: Unit | None, role: Role, row: int, ground: _Ground, context: ImportContext
) -> Iterator[Fault]:
    if not rules.is_in_hands_of(context.by, {role.power}):
        yield OTHER_POWER(row=row, column="role", role=role.name_zh)
    powers = ground.powers.setdefault(username, set())
    if powers - {role.power}:
        yield TWO_POWERS(row=row, column="role", username=username)
    powers.add(role.power)
    if unit is None:
        return
    post = (username, unit.code, role.code)
    if post in ground.rows_seen:
        yield POST_TWICE(row=row, column="username", username=username)
    elif (unit.pk, role.code) in ground.held.get(username, []):
        yield HELD_ALREADY(row=row, column="username", username=username)
    ground.rows_seen.add(post)


def _make_people(rows: list[StagedRow], ground: _Ground, context: ImportContext) -> dict[str, User]:
    """Every person of the file by username; those who are new are made, without a password."""
    new: dict[str, User] = {}
    for row in rows:
        username = rules.as_username(row.values["username"])
        if username in ground.people or username in new:
            continue
        user = User(username=username, name=row.values["name"], created_at=context.at)
        user.password = make_password(None)
        set_phone(user, row.values.get("phone", ""))
        new[username] = user
    User.objects.bulk_create(new.values())
    return ground.people | new


def _post(values: dict[str, str], people: dict[str, User], ground: _Ground, context: ImportContext) -> Post | None:
    username = rules.as_username(values["username"])
    unit, role = ground.units[values["unit"]], ground.roles[values["role"]]
    if (unit.pk, role.code) in ground.held.get(username, []):
        return None
    return Post(
        user=people[username],
        unit=unit,
        role=role,
        title=values.get("title", ""),
        codes=sorted({rules.as_range(code) or code for code in _codes(values)}),
        valid_from=_begins(values, context),
        valid_to=unit.valid_to,  # a post does not outlast its unit
    )


def _begins(values: dict[str, str], context: ImportContext) -> date:
    day = values.get("valid_from", "")
    return date.fromisoformat(day) if day else clock.day_of(context.at)


def _codes(values: dict[str, str]) -> list[str]:
    return [code for code in re.split(r"[\s,，、;；|]+", values.get("codes", "")) if code]
