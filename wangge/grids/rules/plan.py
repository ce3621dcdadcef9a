"""Several changes to the net as one: each is worked out on what the one before left. Pure, shapes in and out.

What comes out is the difference between the first state and the last, so that a grid which one step makes and another
takes away again never was. Geometries are lon, lat degrees.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace

import shapely
from shapely import LineString

from wangge.core.codes import GRID_LENGTH, MICRO_LENGTH
from wangge.core.errors import Invalid
from wangge.grids.rules import redraw as rules
from wangge.grids.rules.coverage import Cell, Finding, check_coverage
from wangge.grids.rules.geometry import Area, area_m2


class StepOnNothing(Invalid):
    code = "grids.step_on_nothing"
    zh = "第 {number} 步用到的 {code} 那时不在图上（可能已被前面的步骤合并或拆分）。"
    en = "Step {number} names {code}, which is not on the map by then (an earlier step merged or split it)."


class OtherSubdistrict(Invalid):
    code = "grids.other_subdistrict"
    zh = "只能在同一街道的社区之间划转。"
    en = "Grids pass only between communities of one sub-district."


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    code: str
    line: LineString
    codes: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    codes: tuple[str, ...]
    into: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveBorder:
    one: str
    other: str
    line: LineString


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshape:
    """A new outline of one grid, neighbours follow; or of a division, taken as it is."""

    code: str
    shape: Area


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """Corners of shared borders moved: each neighbour comes with its own new shape."""

    shapes: Mapping[str, Area]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    code: str
    name: str
    type: str
    shape: Area


@dataclass(frozen=True, slots=True, kw_only=True)
class PassOn:
    """Grids go from one community to another, under new codes; `ends` when nothing of the old one is left (合并)."""

    source: str
    to: str
    codes: Mapping[str, str]  # old → new, micro grids among them
    ends: bool = False


Step = Split | Merge | MoveBorder | Reshape | Shift | Found | PassOn
Net = Mapping[str, rules.Community]  # by code of the community


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A grid that begins. `like`: the old grid it is made from, empty for one founded on free ground."""

    code: str
    like: str = ""
    name: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    before: Mapping[str, Area]  # of everything below that stood there
    after: Mapping[str, Area]  # of every community and grid there afterwards
    shapes: Mapping[str, Area]  # of what begins or has another boundary, communities too
    ended: tuple[str, ...]
    newcomers: tuple[Newcomer, ...]
    successions: tuple[rules.Succession, ...]
    findings: tuple[Finding, ...]
    found_before: tuple[Finding, ...]  # what was wrong already


class Draft:
    """The net as the steps so far leave it; `net` may be read between them. `waiting`: grids there without a shape."""

    def __init__(self, net: Net, *, waiting: Set[str] = frozenset()) -> None:
        self._before = dict(net)
        self._waiting = waiting
        self.net = dict(net)
        self._told = _Told()
        self._number = 0

    def take(self, step: Step) -> None:
        """Raises StepOnNothing, OtherSubdistrict, and what the rule of the step raises."""
        self._number += 1
        _check_there(self.net, step, self._waiting, self._number)
        _take_step(self.net, step, self._told)

    def outcome(self) -> "Outcome":
        return _difference(self._before, self.net, self._told, self._waiting)


def places_of(step: Step) -> tuple[str, ...]:
    """The codes a step names that must be there."""
    match step:
        case Split():
            return (step.code,)
        case Merge():
            return step.codes
        case MoveBorder():
            return (step.one, step.other)
        case Reshape():
            return (step.code,)
        case Shift():
            return tuple(step.shapes)
        case Found():
            return (step.code[:12],)
        case PassOn():
            return (step.source, step.to, *step.codes)


class _Told:
    """What steps say about grids beside their ground."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.types: dict[str, str] = {}
        self.gone: dict[str, str] = {}  # community → who took over


def _check_there(net: Net, step: Step, waiting: Set[str], number: int) -> None:
    first = waiting if isinstance(step, Reshape) else frozenset()
    for code in places_of(step):
        community = net.get(code[:12])
        if community is None or (len(code) >= GRID_LENGTH and code not in community.grids and code not in first):
            raise StepOnNothing(number=number, code=code)
    if isinstance(step, Merge | MoveBorder):
        rules.check_together(places_of(step))


def _take_step(net: dict[str, rules.Community], step: Step, told: _Told) -> None:
    if isinstance(step, PassOn):
        _pass_on(net, step, told)
        return
    place = places_of(step)[0][:12]
    community = net[place]
    match step:
        case Split():
            done = rules.split_grid(community, step.code, step.line, step.codes)
            told.names |= {code: name for code, name in zip(step.codes, step.names, strict=False) if name}
        case Merge():
            done = rules.merge_grids(community, step.codes, step.into)
            told.names |= {step.into: step.name} if step.name else {}
        case MoveBorder():
            done = rules.move_border(community, step.one, step.other, step.line)
        case Reshape() if len(step.code) < GRID_LENGTH:
            net[place] = replace(community, boundary=step.shape)
            return
        case Reshape() if len(step.code) > GRID_LENGTH:
            done = rules.draw_micro(community, step.code, step.shape)
        case Reshape():
            done = rules.reshape_grid(_with_room_for(community, step.code), step.code, step.shape)
        case Shift():
            for code, shape in step.shapes.items():
                there = net[code[:12]]
                net[code[:12]] = replace(there, grids={**there.grids, code: shape})
            return
        case Found():
            told.names[step.code], told.types[step.code] = step.name, step.type
            if step.type == "dedicated":
                community = replace(community, dedicated=community.dedicated | {step.code})
            done = rules.reshape_grid(_with_room_for(community, step.code), step.code, step.shape)
    kept = {code: grid for code, grid in community.grids.items() if code not in done.ended}
    net[place] = replace(community, grids={**kept, **done.shapes})


def _with_room_for(community: rules.Community, code: str) -> rules.Community:
    return replace(community, grids={code: shapely.Polygon(), **community.grids})


def _pass_on(net: dict[str, rules.Community], step: PassOn, told: _Told) -> None:
    if step.source[:9] != step.to[:9]:
        raise OtherSubdistrict()
    source, to = net[step.source], net[step.to]
    passed = {new: source.grids[old] for old, new in step.codes.items()}
    ground = shapely.union_all([grid for new, grid in passed.items() if len(new) == GRID_LENGTH])
    if step.ends:
        ground = shapely.union(ground, source.boundary)
        told.gone[step.source] = step.to
    net[step.to] = replace(
        to,
        boundary=rules.solid(shapely.union(to.boundary, ground)),
        grids={**to.grids, **passed},
        dedicated=to.dedicated | {new for old, new in step.codes.items() if old in source.dedicated},
    )
    if step.ends:
        del net[step.source]
        return
    net[step.source] = replace(
        source,
        boundary=rules.solid(shapely.difference(source.boundary, ground)),
        grids={code: grid for code, grid in source.grids.items() if code not in step.codes},
    )


def _difference(net: Net, after: Net, told: _Told, waiting: Set[str]) -> Outcome:
    old = {code: grid for place, one in net.items() for code, grid in ((place, one.boundary), *one.grids.items())}
    new = {code: grid for place, one in after.items() for code, grid in ((place, one.boundary), *one.grids.items())}
    shapes = {code: grid for code, grid in new.items() if code not in old or _differs(old[code], grid)}
    ended = tuple(sorted(set(old) - set(new)))
    touched = {code: old[code] for code in (*ended, *shapes) if code in old}
    successions = _successions(touched, shapes, told)
    created = sorted(code for code in shapes if code not in old and code not in waiting)
    return Outcome(
        before=touched,
        after=new,
        shapes=shapes,
        ended=ended,
        newcomers=tuple(_newcomer(code, successions, told) for code in created),
        successions=successions,
        findings=_findings(after),
        found_before=_findings(net),
    )


def _successions(before: Mapping[str, Area], after: Mapping[str, Area], told: _Told) -> tuple[rules.Succession, ...]:
    """Level by level: a grid's ground passes to grids, a micro grid's to micro grids, a community's to a community."""
    found: list[rules.Succession] = []
    for length in (GRID_LENGTH, MICRO_LENGTH):
        found += rules.successions(
            {code: grid for code, grid in before.items() if len(code) == length},
            {code: grid for code, grid in after.items() if len(code) == length},
        )
    found += [rules.Succession(old, new, area_m2(before[old])) for old, new in told.gone.items() if old in before]
    return tuple(found)


def _newcomer(code: str, successions: Sequence[rules.Succession], told: _Told) -> Newcomer:
    shares = [one for one in successions if one.new == code and code not in told.types]
    like = max(shares, key=lambda one: one.area_m2).old if shares else ""
    return Newcomer(code, like, told.names.get(code, ""), told.types.get(code, ""))


def _findings(net: Net) -> tuple[Finding, ...]:
    found: list[Finding] = []
    for place in sorted(net):
        cells = [Cell(*pair) for pair in net[place].grids.items()]
        found += check_coverage(net[place].boundary, cells, tolerance_m2=net[place].tolerance_m2)
    return tuple(found)


def _differs(old: Area, new: Area) -> bool:
    return old is not new and area_m2(shapely.symmetric_difference(old, new)) > 1e-4
