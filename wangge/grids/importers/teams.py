"""Who serves on which grid. A service that runs already is brought up to date; nobody is ended by a file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from wangge.accounts.models import User
from wangge.accounts.permissions import Permission
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.importing.fields import Field, FieldType
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped
from wangge.grids.importers.common import (
    OUT_OF_AREA,
    UNKNOWN_CODE,
    VALID_FROM,
    day_in,
    in_chunks,
    record_batch,
    together,
)
from wangge.grids.models import Grid, TeamMember, open_on

CHIEF = TeamMember.Kind.CHIEF
PROFESSION_MISSING = FaultKind(
    "team.profession", "专业力量要写明专业，其他类别不写。", "Professionals state their profession, nobody else does."
)
TWO_CHIEFS = FaultKind(
    "team.two_chiefs", "网格 {grid} 已有网格长 {chief}。", "Grid {grid} has the chief {chief} already."
)
UNKNOWN_ACCOUNT = FaultKind("team.unknown_account", "没有账号“{username}”。", "There is no account “{username}”.")
ENDS_FIRST = FaultKind("team.ends_first", "结束日不在开始日之后。", "The last day is not after the first.")
REPEATED = FaultKind(
    "team.repeated", "与第 {first} 行相同，只取一次。", "The same as row {first}; taken once.", FaultLevel.WARNING
)
Key = tuple[str, str, str]


class TeamsImporter:
    kind = "teams"
    permission = Permission.TEAM_EDIT
    zh = "网格队伍"
    en = "Teams"
    takes_geometry = False
    fields: tuple[Field, ...] = (
        Field(name="grid", zh="网格编码", en="Grid", type=FieldType.CODE, required=True, max_length=40),
        Field(
            name="kind",
            zh="人员类别",
            en="Kind",
            type=FieldType.CHOICE,
            required=True,
            aliases=("类别", "岗位", "身份"),
            choices={
                "chief": ("网格长", "Chief"),
                "full_time": ("专职网格员", "专职", "网格员", "Full-time"),
                "part_time": ("兼职网格员", "兼职", "Part-time"),
                "professional": ("专业力量", "专业网格员", "Professional"),
                "volunteer": ("志愿者", "Volunteer"),
            },
        ),
        Field(name="name", zh="姓名", en="Name", required=True, max_length=100),
        Field(name="profession", zh="专业", en="Profession", max_length=100, aliases=("所属部门",)),
        Field(name="username", zh="账号", en="Username", max_length=64, aliases=("用户名",)),
        Field(name="phone", zh="公示电话", en="Duty telephone", max_length=40, aliases=("联系电话", "电话")),
        VALID_FROM,
        Field(name="valid_to", zh="结束日期", en="Until", type=FieldType.DATE),
    )

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        context.by.require(self.permission)
        seen: dict[Key, int] = {}
        chiefs: dict[str, str] = {}
        for chunk in in_chunks(rows):
            house = _house([row.values for row in chunk], context)
            for row in chunk:
                yield from _faults(row, house, seen, chiefs, context)

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        context.by.require(self.permission)
        created = changed = unchanged = 0
        touched: set[str] = set()
        made: set[Key] = set()
        for chunk in in_chunks(rows):
            house = _house([row.values for row in chunk], context)
            new = []
            for row in chunk:
                key, member = _key(row.values), house.serving.get(_key(row.values))
                if member is None and key not in made:
                    made.add(key)
                    new.append(_member(row.values, house, context))
                elif member is not None and _update(member, row.values, house):
                    changed += 1
                else:
                    unchanged += 1
            TeamMember.objects.bulk_create(new)
            created += len(new)
            touched.update(row.values["grid"] for row in chunk)
        counts = Counts(created=created, changed=changed, unchanged=unchanged)
        record_batch("teams", together(touched), counts, context, batch_id)
        return counts


@dataclass(frozen=True, slots=True)
class _House:
    grids: dict[str, Grid]
    users: dict[str, User]
    serving: dict[Key, TeamMember]
    chiefs: dict[str, str] = field(default_factory=dict)


def _house(rows: list[dict[str, str]], context: ImportContext) -> _House:
    wanted = {values.get("grid", "") for values in rows}
    names = {values["username"] for values in rows if values.get("username")}
    day = day_in({}, context)
    serving = list(TeamMember.objects.filter(grid__in=wanted, valid_to__isnull=True))
    return _House(
        grids={grid.code: grid for grid in Grid.objects.filter(open_on(day), code__in=wanted)},
        users={user.username: user for user in User.objects.filter(username__in=names, is_active=True)},
        serving={(one.grid, one.kind, one.name): one for one in serving},
        chiefs={one.grid: one.name for one in serving if one.kind == CHIEF},
    )


def _faults(
    row: Mapped, house: _House, seen: dict[Key, int], chiefs: dict[str, str], context: ImportContext
) -> Iterator[Fault]:
    grid, kind, name = key = _key(row.values)
    about: dict[str, Any] = {"row": row.number, "subject": grid}
    if grid and grid not in house.grids:
        yield UNKNOWN_CODE(**about, code=grid)
    elif grid and not context.by.covers(grid):
        yield OUT_OF_AREA(**about, code=grid)
    if kind and (kind == TeamMember.Kind.PROFESSIONAL) != bool(row.values.get("profession")):
        yield PROFESSION_MISSING(**about)
    username = row.values.get("username", "")
    if username and username not in house.users:
        yield UNKNOWN_ACCOUNT(**about, username=username)
    until = row.values.get("valid_to")
    if until and date.fromisoformat(until) <= day_in(row.values, context):
        yield ENDS_FIRST(**about)
    if key in seen:
        yield REPEATED(**about, first=seen[key])
        return
    seen[key] = row.number
    if kind == CHIEF and grid:
        chief = chiefs.setdefault(grid, house.chiefs.get(grid, name))
        if chief != name:
            yield TWO_CHIEFS(**about, grid=grid, chief=chief)


def _key(values: dict[str, str]) -> Key:
    return values.get("grid", ""), values.get("kind", ""), values.get("name", "")


def _member(values: dict[str, str], house: _House, context: ImportContext) -> TeamMember:
    until = values.get("valid_to")
    return TeamMember(
        grid=values["grid"],
        kind=values["kind"],
        name=values["name"],
        profession=values.get("profession", ""),
        user=house.users.get(values.get("username", "")),
        phone=values.get("phone", ""),
        valid_from=day_in(values, context),
        valid_to=date.fromisoformat(until) if until else None,
    )


def _update(member: TeamMember, values: dict[str, str], house: _House) -> bool:
    before = (member.phone, member.user_id, member.profession, member.valid_to)
    member.phone = values.get("phone") or member.phone
    member.user = house.users.get(values.get("username", ""), member.user)
    member.profession = values.get("profession") or member.profession
    if values.get("valid_to"):
        member.valid_to = date.fromisoformat(values["valid_to"])
    if before == (member.phone, member.user_id, member.profession, member.valid_to):
        return False
    member.save(update_fields=["phone", "user", "profession", "valid_to"])
    return True
