"""The same few people in every test: one for each role, and for each a stranger who does the same work elsewhere."""

import pickle
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import shapely
from django.db import connection
from django.db.models import Model
from django.db.models.sql import InsertQuery
from psycopg import ClientCursor

from wangge.accounts.models import Post, Role, Unit, User
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.models import Revision
from wangge.grids.models import Boundary, Division, Grid, TeamMember
from wangge.grids.rules.geometry import areas_m2
from wangge.testing import town

M = TypeVar("M", bound=Model)

SINCE = date(2020, 1, 1)
UNUSABLE = "!"  # no password fits a hash that begins so

# code, name, kind, parent, division
UNITS = [
    (town.DISTRICT, "测试区社会治理指挥中心", "centre", None, town.DISTRICT),
    (town.OTHER_DISTRICT, "邻区社会治理指挥中心", "centre", None, town.OTHER_DISTRICT),
    (town.STREET, "桃叶街道分中心", "centre", town.DISTRICT, town.STREET),
    (town.OTHER_STREET, "白鹭街道分中心", "centre", town.DISTRICT, town.OTHER_STREET),
    (town.COMMUNITY, "柳岸社区工作站", "centre", town.STREET, town.COMMUNITY),
    (town.NEIGHBOUR_COMMUNITY, "石桥社区工作站", "centre", town.STREET, town.NEIGHBOUR_COMMUNITY),
    (town.OTHER_COMMUNITY, "荷塘社区工作站", "centre", town.OTHER_STREET, town.OTHER_COMMUNITY),
    ("D-CG", "测试区城市管理局", "department", None, town.DISTRICT),
    ("D-CG-1", "城管局桃叶中队", "branch", "D-CG", town.STREET),
    ("D-CG-2", "城管局白鹭中队", "branch", "D-CG", town.OTHER_STREET),
    ("D-SW", "测试区水务局", "department", None, town.DISTRICT),
    ("D-GA", "测试区公安分局", "department", None, town.DISTRICT),
]

# key, name, role, unit, codes. The stranger does the same work in the other street, department or district.
PEOPLE = [
    ("grid_worker", "王小格", "grid_worker", town.COMMUNITY, [town.GRID]),
    ("grid_chief", "李格长", "grid_chief", town.COMMUNITY, [town.GRID]),
    ("community", "赵社区", "community", town.COMMUNITY, [town.COMMUNITY]),
    ("street_seat", "钱街道", "street_seat", town.STREET, [town.STREET]),
    ("district_seat", "孙区坐", "district_seat", town.DISTRICT, [town.DISTRICT]),
    ("commander", "周指挥", "commander", town.DISTRICT, [town.DISTRICT]),
    ("department_clerk", "吴经办", "department_clerk", "D-CG-1", []),
    ("department_leader", "郑局长", "department_leader", "D-CG", []),
    ("assessor", "冯考核", "assessor", town.DISTRICT, [town.DISTRICT]),
    ("data_clerk", "何数据", "data_clerk", town.DISTRICT, [town.DISTRICT]),
    ("wall", "大屏一号", "wall", town.DISTRICT, [town.DISTRICT]),
    ("administrator", "陈管理", "administrator", town.DISTRICT, [town.DISTRICT]),
    ("security_officer", "褚安全", "security_officer", town.DISTRICT, [town.DISTRICT]),
    ("auditor", "卫审计", "auditor", town.DISTRICT, [town.DISTRICT]),
    ("stranger_grid_worker", "蒋小格", "grid_worker", town.OTHER_COMMUNITY, [town.OTHER_GRID]),
    ("stranger_grid_chief", "沈格长", "grid_chief", town.OTHER_COMMUNITY, [town.OTHER_GRID]),
    ("stranger_community", "韩社区", "community", town.OTHER_COMMUNITY, [town.OTHER_COMMUNITY]),
    ("stranger_street_seat", "杨街道", "street_seat", town.OTHER_STREET, [town.OTHER_STREET]),
    ("stranger_district_seat", "朱区坐", "district_seat", town.OTHER_DISTRICT, [town.OTHER_DISTRICT]),
    ("stranger_commander", "秦指挥", "commander", town.OTHER_DISTRICT, [town.OTHER_DISTRICT]),
    ("stranger_department_clerk", "尤经办", "department_clerk", "D-SW", []),
    ("stranger_department_leader", "许局长", "department_leader", "D-SW", []),
    ("stranger_assessor", "何考核", "assessor", town.OTHER_DISTRICT, [town.OTHER_DISTRICT]),
    ("stranger_data_clerk", "吕数据", "data_clerk", town.OTHER_DISTRICT, [town.OTHER_DISTRICT]),
    ("stranger_wall", "邻区大屏", "wall", town.OTHER_DISTRICT, [town.OTHER_DISTRICT]),
    ("stranger_administrator", "吕管理", "administrator", town.OTHER_DISTRICT, [town.OTHER_DISTRICT]),
    ("stranger_security_officer", "施安全", "security_officer", town.OTHER_DISTRICT, [town.OTHER_DISTRICT]),
    ("stranger_auditor", "张审计", "auditor", town.OTHER_DISTRICT, [town.OTHER_DISTRICT]),
    ("police_clerk", "孔警官", "department_clerk", "D-GA", []),
]


@dataclass(frozen=True, kw_only=True)
class Person:
    key: str
    user: User
    post: Post
    unit: Unit
    role: Role

    @property
    def actor(self) -> Actor:
        """For tests that call an action or query directly, without HTTP."""
        return Actor(
            name=self.user.name,
            user_id=self.user.pk,
            post_id=self.post.pk,
            unit_id=self.unit.pk,
            unit_name=self.unit.name,
            unit_kind=self.unit.kind,
            unit_path=self.unit.path,
            division=self.unit.division,
            role=self.role.code,
            permissions=frozenset(self.role.permissions),
            ranges=tuple(self.post.codes),
        )


@dataclass(frozen=True, kw_only=True)
class World:
    """`world["street_seat"]` is a person, `world.unit("D-CG")` a unit. Places and codes: `wangge.testing.town`."""

    people: dict[str, Person]
    units: dict[str, Unit]
    roles: dict[str, Role]
    grids: dict[str, Grid] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Person:
        return self.people[key]

    def stranger(self, key: str) -> Person:
        return self.people[f"stranger_{key}"]

    def unit(self, code: str) -> Unit:
        return self.units[code]

    def allow(self, role: str, permission: str) -> None:
        """As a security officer may, for who does this work in this house."""
        row = self.roles[role]
        row.permissions = sorted({*row.permissions, permission})
        row.save(update_fields=["permissions"])


def build() -> World:
    """Divisions, grids with boundaries, units and people. Nobody has a password.

    Made once in a process; after that one script says the same rows again, keys and all, in a fifth of the time. The
    sequences were moved past those keys for good, so no row of a test comes upon them.
    """
    global _made
    if _made is None:
        noted: list[str] = []
        world = _built(noted)
        _made = _Made(";\n".join(noted), pickle.dumps(world))
    else:
        with connection.cursor() as cursor:
            cursor.execute(_made.rows)
        world = pickle.loads(_made.world)  # noqa: S301 - our own
    _read_afresh()
    return world


@dataclass(frozen=True, slots=True)
class _Made:
    rows: str  # SQL
    world: bytes


_made: _Made | None = None


def _built(noted: list[str]) -> World:
    """`noted`: gets what was done as SQL."""
    grids = _ground(noted)
    units = _units(noted)
    roles = {role.code: role for role in Role.objects.all()}
    people = _people(units, roles, noted)
    _teams(people, noted)
    return World(people=people, units=units, roles=roles, grids=grids)


def _insert(rows: Iterable[M], noted: list[str]) -> list[M]:
    made = list(rows)
    model = type(made[0])
    model._default_manager.bulk_create(made)
    query = InsertQuery(model)
    query.insert_values(model._meta.concrete_fields, list[Model](made))
    connection.ensure_connection()
    with ClientCursor(connection.connection) as cursor:
        noted += [cursor.mogrify(text, values) for text, values in query.get_compiler(connection=connection).as_sql()]
    return made


def _read_afresh() -> None:
    """Earlier tests' revisions were rolled back; a number never used before makes every process read afresh."""
    number = time.monotonic_ns()
    rows = [Revision(name=name, number=number) for name in ("grids", "units", "cases")]
    Revision.objects.bulk_create(rows, update_conflicts=True, unique_fields=["name"], update_fields=["number"])


def _ground(noted: list[str]) -> dict[str, Grid]:
    divisions = town.DIVISIONS.items()
    _insert((Division(code=code, name=name, level=len(code), valid_from=SINCE) for code, name in divisions), noted)
    made = (
        Grid(
            code=code,
            name=f"{town.DIVISIONS[code[:12]]}第{int(code[12:15])}网格" + (f"微网格{code[15:]}" if code[15:] else ""),
            type=town.grid_type(code),
            community=code[:12],
            valid_from=SINCE,
        )
        for code in town.GRIDS
    )
    grids = _insert(made, noted)
    areas = areas_m2(list(town.SHAPES.values()))
    shapes = zip(town.SHAPES.items(), areas, strict=True)
    _insert((_boundary(code, shape, area) for (code, shape), area in shapes), noted)
    return {grid.code: grid for grid in grids}


def _boundary(code: str, shape: shapely.Polygon | shapely.MultiPolygon, area_m2: float) -> Boundary:
    west, south, east, north = shape.bounds
    return Boundary(
        code=code,
        geometry=shapely.to_wkb(shape),
        west=west,
        south=south,
        east=east,
        north=north,
        area_m2=area_m2,
        source="test",
        valid_from=SINCE,
    )


def _units(noted: list[str]) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    paths: dict[str, str] = {}
    for code, _, _, parent, _ in UNITS:
        paths[code] = f"{paths[parent] if parent else ''}{code}/"
    for depth in sorted({path.count("/") for path in paths.values()}):
        made = (
            Unit(
                code=code,
                name=name,
                kind=kind,
                parent=units[parent] if parent else None,
                path=paths[code],
                division=division,
                valid_from=SINCE,
            )
            for code, name, kind, parent, division in UNITS
            if paths[code].count("/") == depth
        )
        units |= {unit.code: unit for unit in _insert(made, noted)}
    return units


def _people(units: dict[str, Unit], roles: dict[str, Role], noted: list[str]) -> dict[str, Person]:
    at = clock.day_start(SINCE)
    users = _insert(
        (
            User(username=key, name=name, password=UNUSABLE, must_change_password=False, created_at=at)
            for key, name, _, _, _ in PEOPLE
        ),
        noted,
    )
    posts = _insert(
        (
            Post(user=user, unit=units[unit], role=roles[role], codes=codes, valid_from=SINCE)
            for user, (_, _, role, unit, codes) in zip(users, PEOPLE, strict=True)
        ),
        noted,
    )
    return {
        key: Person(key=key, user=user, post=post, unit=units[unit], role=roles[role])
        for user, post, (key, _, role, unit, _) in zip(users, posts, PEOPLE, strict=True)
    }


def _teams(people: dict[str, Person], noted: list[str]) -> None:
    """A chief and a full-time worker on two grids: one in scope, one elsewhere. The other grids are vacant."""
    members = (
        (town.GRID, "chief", "grid_chief"),
        (town.GRID, "full_time", "grid_worker"),
        (town.OTHER_GRID, "chief", "stranger_grid_chief"),
        (town.OTHER_GRID, "full_time", "stranger_grid_worker"),
    )
    _insert(
        (
            TeamMember(grid=grid, kind=kind, name=people[key].user.name, user=people[key].user, valid_from=SINCE)
            for grid, kind, key in members
        ),
        noted,
    )
