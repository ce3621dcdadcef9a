"""Units, the people in them, and who serves on which grid. Sign-in names are easy to remember: qu1, jd01, sq0101."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.hashers import make_password

from wangge.accounts.models import Post, Role, Unit, User
from wangge.demo import names
from wangge.demo.ground import Ground
from wangge.demo.plan import PASSWORD, SINCE, Plan
from wangge.grids.models import TeamMember


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Somebody at their post, as a case's history names them."""

    user_id: int
    post_id: int
    name: str
    unit_id: int
    unit_name: str
    unit_path: str
    username: str
    role: str


@dataclass(frozen=True, slots=True)
class Department:
    key: str
    name: str
    branches: str  # "{street}" is filled in; "" has none
    people: int = 2


DEPARTMENTS = (
    Department("cg", "城市管理局", "{street}街道城管中队", 3),
    Department("ga", "公安分局", "{street}派出所"),
    Department("sc", "市场监督管理局", "{street}市场监管所"),
    Department("sf", "司法局", "{street}司法所"),
    Department("yj", "应急管理局", ""),
    Department("hb", "生态环境局", ""),
    Department("fc", "住房保障和房产局", ""),
    Department("js", "住房和城乡建设局", ""),
    Department("sw", "水务局", ""),
    Department("mz", "民政局", ""),
    Department("wj", "卫生健康局", ""),
    Department("rs", "人力资源和社会保障局", ""),
    Department("xf", "消防救援大队", ""),
    Department("jt", "交通运输局", ""),
)
PROFESSIONS = ("police", "city_management", "market_supervision", "emergency")
SEATS = 8  # of the district's centre
STREET_SEATS = 2


@dataclass(slots=True)
class People:
    units: dict[str, Unit] = field(default_factory=dict)
    desks: dict[str, list[Desk]] = field(default_factory=dict)  # unit code -> who works cases there
    workers: dict[str, Desk] = field(default_factory=dict)  # grid code -> its first full-time worker
    chiefs: dict[str, Desk] = field(default_factory=dict)  # grid code -> its chief
    shown: list[Desk] = field(default_factory=list)  # one or two of each role, for the sign-in page
    workers_in_all: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    username: str
    name: str
    role: str
    unit: str
    codes: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class _Service:
    grid: str
    kind: str
    username: str  # "" without an account
    name: str
    profession: str = ""


def write(ground: Ground, plan: Plan, *, at: datetime) -> People:
    rng = random.Random(plan.seed + 1)
    people = People(units=_write_units(ground))
    services, wanted = _teams(ground, plan, rng)
    wanted = [*_offices(ground, rng), *wanted]
    desks = _write_accounts(wanted, people.units, at=at)
    _write_services(services, desks)
    _seat(people, wanted, services, desks)
    people.workers_in_all = len({service.username or service.name for service in services})
    return people


def _write_units(ground: Ground) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for level in _unit_levels(ground):
        rows = [
            Unit(
                code=code,
                name=name,
                kind=kind,
                parent=units.get(parent),
                path=f"{units[parent].path if parent else ''}{code}/",
                division=division,
                phone=names.phone(int(division[-4:])),
                valid_from=SINCE,
            )
            for code, name, kind, parent, division in level
        ]
        units |= {unit.code: unit for unit in Unit.objects.bulk_create(rows)}
    return units


def _unit_levels(ground: Ground) -> Iterator[Sequence[tuple[str, str, str, str, str]]]:
    """(code, name, kind, parent, division), those above first."""
    district, called = names.DISTRICT
    centre, of = Unit.Kind.CENTRE, ground.divisions
    yield [(district, f"{called}社会治理综合指挥中心", centre, "", district)]
    yield [(street, f"{of[street]}综合指挥分中心", centre, district, street) for street in ground.streets] + [
        (f"D-{one.key.upper()}", f"{called}{one.name}", Unit.Kind.DEPARTMENT, district, district) for one in DEPARTMENTS
    ]
    yield [(code, f"{of[code]}网格工作站", centre, code[:9], code) for code in ground.communities] + [
        (
            f"D-{one.key.upper()}-{street[-2:]}",
            one.branches.format(street=of[street].removesuffix("街道")),
            Unit.Kind.BRANCH,
            f"D-{one.key.upper()}",
            street,
        )
        for one in DEPARTMENTS
        if one.branches
        for street in ground.streets
    ]


def _offices(ground: Ground, rng: random.Random) -> Iterator[_Wanted]:
    district = names.DISTRICT[0]

    def one(username: str, role: str, unit: str, title: str, *codes: str) -> _Wanted:
        return _Wanted(username=username, name=names.person(rng), role=role, unit=unit, codes=codes or (), title=title)

    for number in range(1, SEATS + 1):
        yield one(f"qu{number}", "district_seat", district, "坐席", district)
    yield one("zhihui1", "commander", district, "指挥长", district)
    yield one("zhihui2", "commander", district, "副指挥长", district)
    yield one("kaohe1", "assessor", district, "考核专员", district)
    yield one("shuju1", "data_clerk", district, "数据专员", district)
    yield one("daping1", "wall", district, "指挥大厅大屏", district)
    yield one("guanli1", "administrator", district, "系统管理员", district)
    yield one("anquan1", "security_officer", district, "安全管理员", district)
    yield one("shenji1", "auditor", district, "审计管理员", district)
    for street in ground.streets:
        for number in range(1, STREET_SEATS + 1):
            name = f"jd{street[-2:]}" + (f"-{number}" if number > 1 else "")
            yield one(name, "street_seat", street, "街道坐席", street)
    for code in ground.communities:
        yield one(f"sq{code[7:9]}{code[10:12]}", "community", code, "社区工作者", code)
    for department in DEPARTMENTS:
        code = f"D-{department.key.upper()}"
        for number in range(1, department.people + 1):
            name = f"bm-{department.key}" + (f"-k{number}" if number > 1 else "")
            yield one(name, "department_clerk", code, "经办")
        yield one(f"bm-{department.key}-ld", "department_leader", code, "分管负责人")
        if department.branches:
            for street in ground.streets:
                branch = f"{code}-{street[-2:]}"
                yield one(f"bm-{department.key}-{street[-2:]}", "department_clerk", branch, "经办")


def _teams(ground: Ground, plan: Plan, rng: random.Random) -> tuple[list[_Service], list[_Wanted]]:
    services: list[_Service] = []
    wanted: list[_Wanted] = []
    grids = {code: [grid.code for grid in ground.grids if grid.community == code] for code in ground.communities}
    general = [grid.code for grid in ground.grids if grid.type == "general"]
    dedicated = [grid.code for grid in ground.grids if grid.type == "dedicated"]

    def serve(prefix: str, role: str, kind: str, codes: Sequence[str], number: int = 1) -> None:
        username = f"{prefix}{_short(codes[0])}" + (f"-{number}" if number > 1 else "")
        worker = names.person(rng)
        title = TeamMember.Kind(kind).label
        wanted.append(
            _Wanted(username=username, name=worker, role=role, unit=codes[0][:12], codes=tuple(codes), title=title)
        )
        services.extend(_Service(code, kind, username, worker) for code in codes)

    for share in _chief_shares(grids, plan.chiefs):
        serve("wz", "grid_chief", "chief", share)
    for code, number in _full_time(general, plan.full_time, rng):
        serve("wg", "grid_worker", "full_time", [code], number)
    for code, number in _spread(dedicated, general, plan.part_time, rng):
        serve("jz", "grid_worker", "part_time", [code], number)
    blocks = list(grids.values())
    for index in range(plan.professionals):
        block = blocks[index % len(blocks)]
        worker = f"{names.person(rng)}"
        services.extend(_Service(c, "professional", f"!{index}", worker, PROFESSIONS[index % 4]) for c in block[:4])
    services += [
        _Service(rng.choice(general), "volunteer", f"!v{index}", names.person(rng)) for index in range(plan.volunteers)
    ]
    return services, wanted


def _chief_shares(grids: dict[str, list[str]], chiefs: int) -> Iterator[list[str]]:
    """Each community's grids shared among its chiefs; one grid in forty or so is left without."""
    total = sum(len(codes) for codes in grids.values())
    left = chiefs
    for codes in grids.values():
        count = min(len(codes), max(1, round(left * len(codes) / total)))
        total, left = total - len(codes), left - count
        held = codes[:-1] if len(codes) > 10 and count < len(codes) - 1 else codes
        for number in range(count):
            share = held[number::count]
            if share:
                yield share


def _full_time(general: Sequence[str], count: int, rng: random.Random) -> Iterator[tuple[str, int]]:
    """At least one on each general grid, less a few vacancies; the rest reinforce others."""
    vacant = set(rng.sample(range(len(general)), max(1, len(general) // 130)))
    staffed = [code for index, code in enumerate(general) if index not in vacant]
    yield from ((code, 1) for code in staffed)
    yield from ((code, 2) for code in rng.sample(staffed, count - len(staffed)))


def _spread(first: Sequence[str], then: Sequence[str], count: int, rng: random.Random) -> Iterator[tuple[str, int]]:
    yield from ((code, 1) for code in first[:count])
    if count > len(first):
        yield from ((code, 1) for code in rng.sample(list(then), count - len(first)))


def _short(code: str) -> str:
    """320199 001 002 003 → 0102003."""
    return f"{code[7:9]}{code[10:12]}{code[12:15]}"


def _write_accounts(wanted: Sequence[_Wanted], units: dict[str, Unit], *, at: datetime) -> dict[str, Desk]:
    """One password, hashed once: 2,000 hashes of Argon2 would take minutes and protect nothing more."""
    password = make_password(PASSWORD)
    roles = {role.code: role for role in Role.objects.all()}
    users = User.objects.bulk_create(
        (
            User(
                username=one.username,
                name=one.name,
                password=password,
                is_demo=True,
                must_change_password=False,
                password_changed_at=at,
                created_at=at,
            )
            for one in wanted
        ),
        batch_size=2000,
    )
    posts = Post.objects.bulk_create(
        (
            Post(
                user=user,
                unit=units[one.unit],
                role=roles[one.role],
                title=one.title,
                codes=list(one.codes),
                valid_from=SINCE,
            )
            for user, one in zip(users, wanted, strict=True)
        ),
        batch_size=2000,
    )
    return {
        one.username: Desk(
            user_id=user.pk,
            post_id=post.pk,
            name=one.name,
            unit_id=units[one.unit].pk,
            unit_name=units[one.unit].name,
            unit_path=units[one.unit].path,
            username=one.username,
            role=one.role,
        )
        for one, user, post in zip(wanted, users, posts, strict=True)
    }


def _write_services(services: Iterable[_Service], desks: dict[str, Desk]) -> None:
    TeamMember.objects.bulk_create(
        (
            TeamMember(
                grid=service.grid,
                kind=service.kind,
                profession=service.profession,
                name=service.name,
                user_id=desks[service.username].user_id if service.username in desks else None,
                phone=names.phone(serial),
                valid_from=SINCE,
            )
            for serial, service in enumerate(services)
        ),
        batch_size=2000,
    )


def _seat(people: People, wanted: Sequence[_Wanted], services: Sequence[_Service], desks: dict[str, Desk]) -> None:
    working = {"district_seat", "street_seat", "community", "department_clerk", "commander"}
    for one in wanted:
        if one.role in working:
            people.desks.setdefault(one.unit, []).append(desks[one.username])
    for service in services:
        if service.kind == "full_time":
            people.workers.setdefault(service.grid, desks[service.username])
        elif service.kind == "chief":
            people.chiefs[service.grid] = desks[service.username]
    seen: dict[str, int] = {}
    for one in wanted:
        if seen.setdefault(one.role, 0) < (2 if one.role in working else 1):
            seen[one.role] += 1
            people.shown.append(desks[one.username])
