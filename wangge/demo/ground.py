"""The ground of the demonstration: divisions, grids whose boundaries pass the rule of 一张网, and places with names."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import Polygon

from wangge.demo import names
from wangge.demo.plan import SINCE, Plan
from wangge.grids.models import Boundary, Division, Grid, Place
from wangge.grids.rules.coverage import Cell, check_coverage
from wangge.grids.rules.geometry import Area, areas_m2
from wangge.grids.rules.partition import CommunityCells, StreetCells, partition, partition_district

CENTRE = (118.80, 32.00)  # lon, lat of the made-up outline; it is no real district's
FULL_REACH_DEG = (0.042, 0.034)  # gives about 48 km² for twelve sub-districts
CORNERS = 48
SPOTS = 12  # points kept for each grid, where its cases lie
INSIDE_DEG = 2e-5  # about 2 m from the border, so that no rounding moves a spot into the next grid


@dataclass(frozen=True, slots=True)
class Spot:
    lon: float
    lat: float
    address: str
    place: str  # the short name people use
    is_home: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GridGround:
    code: str
    name: str
    type: str
    shape: Polygon
    spots: tuple[Spot, ...]
    places: tuple[Place, ...]

    @property
    def community(self) -> str:
        return self.code[:12]


@dataclass(slots=True)
class Ground:
    divisions: dict[str, str]
    shapes: dict[str, Area] = field(default_factory=dict)  # of divisions
    grids: list[GridGround] = field(default_factory=list)  # general and dedicated
    micros: list[tuple[str, str, Polygon]] = field(default_factory=list)

    @property
    def communities(self) -> list[str]:
        return [code for code in self.divisions if len(code) == 12]

    @property
    def streets(self) -> list[str]:
        return [code for code in self.divisions if len(code) == 9]


class RuleBroken(Exception):
    """The generator made boundaries that do not cover their community: a bug of ours, never written."""


def make(plan: Plan) -> Ground:
    rng, words = np.random.default_rng(plan.seed), random.Random(plan.seed)
    streets = partition_district(_outline(plan, rng), _counts(plan, words), rng)
    ground = Ground(divisions=dict((names.PROVINCE, names.CITY, names.DISTRICT)))
    known = names.communities(words)
    roads, compounds = names.roads(words), names.compounds(words)
    for number, (name, street) in enumerate(zip(names.STREETS, streets, strict=False), start=1):
        code = f"{names.DISTRICT[0]}{number:03d}"
        ground.divisions[code] = f"{name}街道"
        ground.shapes[code] = street.boundary
        own_roads = [next(roads) for _ in range(8)]
        _lay_street(ground, code, street, known, own_roads, compounds, rng, words)
    ground.shapes[names.DISTRICT[0]] = _together(streets)
    _divide(ground, plan, rng)
    check(ground)
    return ground


def check(ground: Ground) -> None:
    """Raises RuleBroken with the first breach of 一张网."""
    cells: dict[str, list[Cell]] = {}
    for grid in ground.grids:
        cells.setdefault(grid.community, []).append(Cell(grid.code, grid.shape))
    for code, _, shape in ground.micros:
        cells[code[:12]].append(Cell(code, shape))
    for community in ground.communities:
        for finding in check_coverage(ground.shapes[community], cells[community]):
            raise RuleBroken(f"{finding.kind} {finding.codes} {finding.area_m2:.1f} m² at {finding.place}")


def write(ground: Ground) -> None:
    Division.objects.bulk_create(
        Division(
            code=code,
            name=name,
            short_name=name.removesuffix("街道").removesuffix("社区"),
            level=len(code),
            urban_rural="111" if len(code) == 12 else "",
            valid_from=SINCE,
        )
        for code, name in ground.divisions.items()
    )
    rng = random.Random(len(ground.grids))
    Grid.objects.bulk_create(_grid_rows(ground, rng), batch_size=2000)
    shapes: dict[str, Area] = dict(ground.shapes)
    shapes |= {grid.code: grid.shape for grid in ground.grids}
    shapes |= {code: shape for code, _, shape in ground.micros}
    areas = areas_m2(list(shapes.values()))
    Boundary.objects.bulk_create(
        (_boundary(code, shape, area) for (code, shape), area in zip(shapes.items(), areas, strict=True)),
        batch_size=2000,
    )
    Place.objects.bulk_create([place for grid in ground.grids for place in grid.places], batch_size=5000)


def _outline(plan: Plan, rng: np.random.Generator) -> Polygon:
    """A closed line that wanders like the rivers and railways that bound real districts."""
    share = np.sqrt(plan.streets / 12)
    turns = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False) + rng.uniform(-0.03, 0.03, CORNERS)
    waves = (0.18 * np.sin(2 * turns + 1), 0.12 * np.sin(3 * turns + 0.4), 0.05 * np.sin(7 * turns))
    reach = (1 + sum(waves) + rng.normal(0, 0.02, CORNERS)) * share
    lon = CENTRE[0] + np.cos(turns) * reach * FULL_REACH_DEG[0]
    lat = CENTRE[1] + np.sin(turns) * reach * FULL_REACH_DEG[1]
    return Polygon(np.column_stack([lon, lat]))


def _counts(plan: Plan, rng: random.Random) -> list[list[tuple[int, int]]]:
    """(general, dedicated) of each community of each street: uneven, with the plan's totals."""
    general = _shares(plan.general, plan.communities, rng, at_least=3)
    dedicated = _shares(plan.dedicated, plan.communities, rng, at_least=0)
    of_street = _shares(plan.communities, plan.streets, rng, at_least=2)
    pairs = iter(zip(general, dedicated, strict=True))
    return [[next(pairs) for _ in range(count)] for count in of_street]


def _shares(total: int, parts: int, rng: random.Random, *, at_least: int) -> list[int]:
    found = [at_least] * parts
    weights = [rng.uniform(0.6, 1.4) for _ in range(parts)]
    for index in rng.choices(range(parts), weights, k=total - at_least * parts):
        found[index] += 1
    return found


def _lay_street(
    ground: Ground,
    street: str,
    cells: StreetCells,
    known: Iterator[str],
    roads: Sequence[str],
    compounds: Iterator[str],
    rng: np.random.Generator,
    words: random.Random,
) -> None:
    for number, community in enumerate(cells.communities, start=1):
        code = f"{street}{number:03d}"
        ground.divisions[code] = f"{next(known)}社区"
        ground.shapes[code] = community.boundary
        own_roads = words.sample(list(roads), 3)
        for grid in _grids_of(code, ground.divisions[code], community):
            ground.grids.append(_furnish(*grid, own_roads, compounds, rng, words))


def _grids_of(code: str, name: str, cells: CommunityCells) -> Iterator[tuple[str, str, str, Polygon]]:
    for number, shape in enumerate(cells.general, start=1):
        yield f"{code}{number:03d}", f"{name}第{number}网格", "general", shape
    for number, shape in enumerate(cells.dedicated, start=len(cells.general) + 1):
        yield f"{code}{number:03d}", "", "dedicated", shape


def _furnish(
    code: str,
    name: str,
    type: str,
    shape: Polygon,
    roads: Sequence[str],
    compounds: Iterator[str],
    rng: np.random.Generator,
    words: random.Random,
) -> GridGround:
    points = _points_in(shape, rng)
    road = words.choice(roads) + words.choice("路路路街巷")
    number = words.randrange(2, 398)
    if type == "dedicated":
        kind, ending = words.choice(names.INSTITUTIONS)
        own = next(compounds)[:2] + ending
        places = [_place(own, kind, points[0], code)]
        spots = [_spot(point, f"{road}{number}号{own}", own) for point in points]
        return GridGround(
            code=code, name=f"{own}专属网格", type=type, shape=shape, spots=tuple(spots), places=tuple(places)
        )
    homes = [next(compounds) for _ in range(words.choice((1, 1, 2)))]
    places = [_place(home, "compound", points[index], code) for index, home in enumerate(homes)]
    if words.random() < 0.3:
        corner = f"{road}与{words.choice([one for one in roads if not road.startswith(one)])}路路口"
        places.append(_place(corner, "crossing", points[-1], code))
    spots = [_home_spot(point, road, number, homes, words) for point in points[:-3]]
    spots += [_spot(point, f"{road}{words.randrange(1, 400)}号附近", road) for point in points[-3:]]
    return GridGround(code=code, name=name, type=type, shape=shape, spots=tuple(spots), places=tuple(places))


def _points_in(shape: Polygon, rng: np.random.Generator) -> list[tuple[float, float]]:
    inner = shapely.buffer(shape, -INSIDE_DEG)
    area = shape if inner.is_empty else inner
    shapely.prepare(area)
    west, south, east, north = area.bounds
    found = np.empty((0, 2))
    while len(found) < SPOTS:
        tries = rng.uniform((west, south), (east, north), (8 * SPOTS, 2))
        found = np.vstack([found, tries[shapely.contains_xy(area, tries[:, 0], tries[:, 1])]])
    return [(round(float(lon), 6), round(float(lat), 6)) for lon, lat in found[:SPOTS]]


def _home_spot(point: tuple[float, float], road: str, number: int, homes: Sequence[str], words: random.Random) -> Spot:
    home = words.choice(homes)
    return Spot(point[0], point[1], f"{road}{number}号{home}", home, is_home=True)


def _spot(point: tuple[float, float], address: str, place: str) -> Spot:
    return Spot(point[0], point[1], address, place)


def _place(name: str, kind: str, point: tuple[float, float], code: str) -> Place:
    return Place(name=name, key=name, kind=kind, lon=point[0], lat=point[1], grid=code)


def _together(streets: Sequence[StreetCells]) -> Area:
    """The outline bends a little where cells were cut: the district is the union of its pieces."""
    union = shapely.coverage_union_all([street.boundary for street in streets])
    if not isinstance(union, shapely.Polygon | shapely.MultiPolygon):
        raise RuleBroken("the pieces of the district make no area")
    return union


def _divide(ground: Ground, plan: Plan, rng: np.random.Generator) -> None:
    """Micro grids in the largest general grids, two or three in each."""
    general = sorted((one for one in ground.grids if one.type == "general"), key=lambda one: -one.shape.area)
    for grid in general[: plan.micro_divided]:
        for number, shape in enumerate(partition(grid.shape, 2 + number_of(grid.code) % 2, rng), start=1):
            ground.micros.append((f"{grid.code}{number:02d}", f"{grid.name}微网格{number}", shape))


def number_of(code: str) -> int:
    return int(code[-3:])


def _grid_rows(ground: Ground, rng: random.Random) -> Iterator[Grid]:
    for serial, grid in enumerate(ground.grids):
        households = rng.randrange(220, 480) if grid.type == "general" else None
        yield Grid(
            code=grid.code,
            name=grid.name,
            type=grid.type,
            community=grid.community,
            address=grid.spots[0].address,
            households=households,
            residents=int(households * rng.uniform(2.1, 2.9)) if households else None,
            supervision_phone=names.phone(serial // 12),
            valid_from=SINCE,
        )
    for code, name, _ in ground.micros:
        yield Grid(code=code, name=name, type="micro", community=code[:12], valid_from=SINCE)


def _boundary(code: str, shape: Area, area_m2: float) -> Boundary:
    west, south, east, north = shape.bounds
    return Boundary(
        code=code,
        geometry=shapely.to_wkb(shape),
        west=west,
        south=south,
        east=east,
        north=north,
        area_m2=area_m2,
        source="演示数据",
        valid_from=SINCE,
    )
