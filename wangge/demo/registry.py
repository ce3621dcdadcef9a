"""The registry of the demonstration, brought as a district brings its own: by files, through the importers. Around the
first workers every home and facility is listed, elsewhere a few; with what registries have: homes let or empty,
families with their heads, mistyped numbers, somebody twice, a name the police know differently, elderly people under
care.

Nobody is meant: the numbers begin with a code that no district has, and so belong to nobody."""

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.importing.importer import ImportContext, StagedRow, importer_for
from wangge.demo import names
from wangge.demo.field import ALIVE, actor_at
from wangge.demo.ground import GridGround, Ground, Spot
from wangge.demo.people import Desk, People
from wangge.demo.plan import Plan
from wangge.registry.actions.care import CareGiven, begin_care, record_visit
from wangge.registry.rules.identity import credit_check, identity_check

LISTED, ELSEWHERE = 36, 3  # homes of a grid
DAY, YEAR = timedelta(days=1), 365.25
BROUGHT_DAYS_AGO, ASKED_DAYS_AGO = 40, 6
OLD_AGE = 80
CARED_FOR = 2  # of a grid
WRONG_NUMBER, TWICE, TOLD_DIFFERENTLY = 0.012, 0.006, 0.01
OCCUPANCY = (("owner", 62), ("rented", 24), ("vacant", 9), ("unknown", 5))
EDUCATION = ("20", "30", "40", "60", "70", "80")
ELSEWHERE_FROM = ("341200", "411700", "421100", "360700", "510900")  # regions people come from
TRADES = (("便民超市", "individual"), ("早餐店", "individual"), ("快递驿站", "individual"), ("美发店", "individual"),
          ("商贸有限公司", "enterprise"), ("装饰工程有限公司", "enterprise"), ("老年协会", "association"))  # fmt: skip
# Who lives in a home of one's own: age, and how they stand to the head (GB/T 4761; a child is 20 or 30 by sex).
HEAD, SPOUSE, CHILD, PARENT = "02", "10", "20", "50"
FAMILIES = (
    ((82, HEAD),),
    ((78, HEAD), (80, SPOUSE)),
    ((36, HEAD), (38, SPOUSE), (8, CHILD)),
    ((45, HEAD), (47, SPOUSE), (16, CHILD)),
    ((29, HEAD),),
    ((33, HEAD), (35, SPOUSE), (4, CHILD), (66, PARENT)),
    ((61, HEAD), (63, SPOUSE)),
)
# Class, kind of it (GB/T 30428.2), name, who answers for it.
FACILITIES = (
    ("01", "03", "雨水井盖", "排水管理所"),
    ("01", "13", "消火栓", "消防救援大队"),
    ("01", "18", "路灯", "城市照明管理所"),
    ("02", "03", "公交候车亭", "公交公司"),
    ("03", "05", "垃圾分类箱", "环卫所"),
    ("04", "02", "行道树", "绿化园林所"),
)
FACILITY_STATES = (("01", 92), ("02", 6), ("03", 2))
# What the map calls the place of a dedicated grid, and the registry.
PLACE_KINDS = {"school": "school", "hospital": "hospital", "market": "market", "station": "station", "park": "park"}
Cells = dict[str, str]


def write(ground: Ground, people: People, plan: Plan, *, by: Actor, at: datetime) -> None:
    """Raises what the importers raise; the demonstration is whole or not at all."""
    listed = _Town(ground, people, random.Random(plan.seed + 41), clock.day_of(at)).listed()
    brought = at - BROUGHT_DAYS_AGO * DAY
    _bring("dwellings", listed.homes, by=by, at=brought)
    _bring("people", listed.people, by=by, at=brought, owner="police")
    _bring("households", listed.families, by=by, at=brought)
    _bring("organisations", listed.firms, by=by, at=brought)
    _bring("public_places", listed.places, by=by, at=brought)
    _bring("facilities", listed.facilities, by=by, at=brought)
    _bring("people", listed.told_differently, by=by, at=at - ASKED_DAYS_AGO * DAY)
    _care(listed.old, people, at)


def _bring(kind: str, rows: Sequence[Cells], *, by: Actor, at: datetime, **options: str) -> None:
    staged = (StagedRow(number, cells) for number, cells in enumerate(rows, start=2))
    importer_for(kind).apply(staged, ImportContext(by, at, {"valid_from": "", **options}), new_id())


@dataclass(slots=True)
class Listed:
    """Rows as a file gives them. `old`: identity numbers by the grid whose worker looks in."""

    homes: list[Cells] = field(default_factory=list)
    people: list[Cells] = field(default_factory=list)
    families: list[Cells] = field(default_factory=list)
    firms: list[Cells] = field(default_factory=list)
    places: list[Cells] = field(default_factory=list)
    facilities: list[Cells] = field(default_factory=list)
    told_differently: list[Cells] = field(default_factory=list)
    old: dict[str, list[str]] = field(default_factory=dict)


class _Town:
    def __init__(self, ground: Ground, people: People, rng: random.Random, today: date) -> None:
        self.rng, self.today, self.found = rng, today, Listed()
        self.grids = [grid for grid in ground.grids if grid.type == "general"]
        self.alive = {grid.code for grid in [one for one in self.grids if one.code in people.workers][:ALIVE]}
        self.dedicated = [grid for grid in ground.grids if grid.type == "dedicated"]
        self.serial, self.born, self.numbered = 0, Counter[tuple[date, bool]](), Counter[str]()

    def listed(self) -> Listed:
        self.found.places += [cells for grid in self.dedicated for cells in self._institutions(grid)]
        for grid in self.grids:
            self._homes(grid)
            if grid.code in self.alive:
                self.found.firms += [self._firm(grid) for _ in range(self.rng.randint(4, 9))]
                self.found.places += self._open_places(grid)
                self.found.facilities += [self._facility(grid) for _ in range(self.rng.randint(10, 18))]
        return self.found

    def _homes(self, grid: GridGround) -> None:
        spots = [spot for spot in grid.spots if spot.is_home]
        if not spots:
            return
        for number in range(LISTED if grid.code in self.alive else ELSEWHERE):
            spot = spots[number // 12 % len(spots)]
            home = self._home(grid, spot, number)
            self.found.homes.append(home)
            self.found.people += self._living_in(home, is_looked_after=grid.code in self.alive)

    def _home(self, grid: GridGround, spot: Spot, number: int) -> Cells:
        block, floor, door = number // 12 + 1, number % 6 + 1, number // 6 % 2 + 1
        building, room = f"{spot.address}{block}幢", f"{floor}0{door}"
        occupancy = self.rng.choices([one for one, _ in OCCUPANCY], [share for _, share in OCCUPANCY])[0]
        home = {
            "code": grid.code,
            "building": building,
            "address": f"{building}1单元{room}室",
            "unit": "1",
            "floor": str(floor),
            "room": room,
            "house_no": f"{grid.code}{number + 1:04}",
            "use": "01",
            "area_m2": str(self.rng.randint(48, 142)),
            "owner_kind": "private",
            "occupancy": occupancy,
            "lon": f"{spot.lon:.6f}",
            "lat": f"{spot.lat:.6f}",
        }
        if occupancy == "rented":
            checked = self.today - self.rng.randint(BROUGHT_DAYS_AGO + 5, 160) * DAY
            home |= {
                "rental_use": "02",
                "hazard": self.rng.choice(("00", "00", "00", "01")),
                "hazard_checked": str(checked),
            }
        return home

    # -- who lives there -----------------------------------------------------------------------------------------------
    def _living_in(self, home: Cells, *, is_looked_after: bool) -> Iterator[Cells]:
        match home["occupancy"]:
            case "owner":
                people = self._family(home)
            case "rented":
                people = [self._tenant(home) for _ in range(self.rng.randint(1, 3))]
            case _:
                people = []
        for one in people:
            yield from self._as_files_have_it(one, told_twice=is_looked_after)
        if is_looked_after and len(people) == 1 and self._age(people[0]) >= OLD_AGE:
            self.found.old.setdefault(home["code"], []).append(people[0]["id_number"])

    def _family(self, home: Cells) -> list[Cells]:
        name, man = names.person(self.rng)[0], self.rng.random() < 0.7
        people, row = [], {}
        for age, relation in self.rng.choice(FAMILIES):
            is_man = {HEAD: man, SPOUSE: not man}.get(relation, self.rng.random() < 0.5)
            one = self._person(home, age, "" if relation == SPOUSE else name, is_man=is_man)
            people.append(one)
            if relation == HEAD:
                row = {"number": home["house_no"][6:], "registration": "registered", "house_no": home["house_no"]}
                row |= {"code": home["code"], "head": one["id_number"]}
            else:
                stands = "30" if relation == CHILD and not is_man else relation
                row["members"] = "；".join(filter(None, (row.get("members"), f"{one['id_number']} {stands}")))
        self.found.families.append(row)
        return people

    def _person(self, home: Cells, age: int, family: str, *, is_man: bool) -> Cells:
        born = self.today - timedelta(days=int((age + self.rng.random()) * YEAR))
        self.serial += 1
        name = names.person(self.rng)
        return {
            "code": home["code"],
            "house_no": home["house_no"],
            "name": (family or name[0]) + name[1:],
            "id_number": self._number(born, is_man=is_man),
            "birth_date": born.isoformat(),
            "phone": names.phone(self.serial) if age >= 12 else "",
            "registration": "registered",
            "education": self.rng.choice(EDUCATION) if age >= 18 else "",
            "household_region": names.DISTRICT[0],
        }

    def _tenant(self, home: Cells) -> Cells:
        coming = {
            "registration": "floating",
            "inflow_reason": "01",
            "household_region": self.rng.choice(ELSEWHERE_FROM),
        }
        return self._person(home, self.rng.randint(20, 52), "", is_man=self.rng.random() < 0.55) | coming

    def _as_files_have_it(self, one: Cells, *, told_twice: bool) -> Iterator[Cells]:
        chance = self.rng.random()
        if chance < WRONG_NUMBER:
            one["id_number"] = one["id_number"][:17] + ("0" if one["id_number"][17] != "0" else "1")
        yield one
        if not told_twice or not one["phone"]:
            return
        if chance > 1 - TWICE:  # by a form of its own, without the number, with another day of birth
            born = date.fromisoformat(one["birth_date"])
            written = born.replace(day=born.day - 10 if born.day > 10 else born.day + 10)
            yield one | {"id_number": "", "house_no": "", "birth_date": written.isoformat()}
        elif chance > 1 - TWICE - TOLD_DIFFERENTLY:
            self.serial += 1  # at the door: a telephone that is newer, a name that only the police can settle
            asked = {"name": one["name"][:-1] + names.person(self.rng)[-1], "phone": names.phone(self.serial)}
            self.found.told_differently.append({key: one[key] for key in ("code", "id_number")} | asked)

    def _age(self, one: Cells) -> float:
        return (self.today - date.fromisoformat(one["birth_date"])).days / YEAR

    def _number(self, born: date, *, is_man: bool) -> str:
        """The serial is odd for a man (GB 11643)."""
        self.born[born, is_man] += 1
        digits = f"{names.DISTRICT[0]}{born:%Y%m%d}{2 * self.born[born, is_man] - is_man:03}"
        return digits + identity_check(digits + "0")

    def _firm(self, grid: GridGround) -> Cells:
        spot, (trade, kind) = self.rng.choice(grid.spots), self.rng.choice(TRADES)
        self.serial += 1
        code = f"92{names.DISTRICT[0]}{self.serial:09}"
        return {
            "code": grid.code,
            "name": f"{names.DISTRICT[1]}{spot.place}{names.person(self.rng)}{trade}",
            "credit_code": code + credit_check(code + "0"),
            "kind": kind,
            "address": spot.address,
            "staff": str(self.rng.randint(1, 30)),
            "lon": f"{spot.lon:.6f}",
            "lat": f"{spot.lat:.6f}",
        }

    # -- what stands there ---------------------------------------------------------------------------------------------
    def _institutions(self, grid: GridGround) -> Iterator[Cells]:
        for place in grid.places:
            if (kind := PLACE_KINDS.get(place.kind)) and not place.name.endswith("产业园"):
                yield self._place(grid, place.name, kind, place.lon, place.lat, self.rng.randint(3, 30) * 100)

    def _open_places(self, grid: GridGround) -> Iterator[Cells]:
        spot = self.rng.choice(grid.spots)
        yield self._place(grid, f"{spot.place}健身广场", "square", spot.lon, spot.lat, self.rng.randint(4, 20) * 50)
        if self.rng.random() < 0.4:
            yield self._place(grid, f"{spot.place}应急避难场所", "shelter", spot.lon, spot.lat, 800)

    def _place(self, grid: GridGround, name: str, kind: str, lon: float, lat: float, capacity: int) -> Cells:
        return {
            "code": grid.code,
            "name": name,
            "kind": kind,
            "capacity": str(capacity),
            "lon": f"{lon:.6f}",
            "lat": f"{lat:.6f}",
        }

    def _facility(self, grid: GridGround) -> Cells:
        spot, (major, minor, name, manager) = self.rng.choice(grid.spots), self.rng.choice(FACILITIES)
        self.numbered[major + minor] += 1
        return {
            "code": grid.code,
            "number": f"{names.DISTRICT[0]}{major}{minor}{self.numbered[major + minor]:06}",
            "kind": major,
            "name": name,
            "address": f"{spot.address}旁",
            "state": self.rng.choices([one for one, _ in FACILITY_STATES], [share for _, share in FACILITY_STATES])[0],
            "manager": f"{names.DISTRICT[1]}{manager}",
            "lon": f"{spot.lon:.6f}",
            "lat": f"{spot.lat:.6f}",
        }


# -- 关爱 ------------------------------------------------------------------------------------------------------------
def _care(old: dict[str, list[str]], people: People, at: datetime) -> None:
    leader = actor_at(people.desks["D-MZ"][-1])
    since = clock.day_of(at) - 60 * DAY
    for place, (grid, numbers) in enumerate(sorted(old.items())):
        worker = people.workers[grid]
        for number in numbers[:CARED_FOR]:
            given = CareGiven(
                id_number=number,
                category="elderly_alone",
                basis=f"听澜民政〔{since.year}〕{place + 11}号",
                start_date=since,
                worker_post=worker.post_id,
            )
            with acting(leader):
                care = begin_care(given=given, by=leader, at=at - 20 * DAY)
            if place % 3:  # the others are overdue
                _visited(care.pk, worker, at - (place % 9 + 1) * DAY)


def _visited(care_id: UUID, worker: Desk, at: datetime) -> None:
    by = actor_at(worker)
    with acting(by):
        record_visit(
            care_id=care_id,
            visit_id=new_id(),
            visited_on=clock.day_of(at),
            findings="身体平稳，家中整洁，已提醒添衣保暖。",
            by=by,
            at=at,
        )
