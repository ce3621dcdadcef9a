"""A proposal worked out: what its steps would do on its day, without writing anything.

Steps may leave the codes of new grids open; they are given here, the next free ones, and kept with the step, so that a
later step can name what an earlier one makes.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import shapely
from shapely import LineString

from wangge.core.codes import GRID_LENGTH
from wangge.core.errors import Invalid
from wangge.grids.actions.divisions import CodeUsed
from wangge.grids.actions.writing import parent_of
from wangge.grids.following import Redrawn
from wangge.grids.ground import ground_of
from wangge.grids.location import LocationIndex
from wangge.grids.models import Grid, Redraw
from wangge.grids.numbering import check_code, next_code
from wangge.grids.rules import plan, redraw
from wangge.grids.rules.plan import Net, Outcome
from wangge.grids.steps import Kept, places_of, read_step

MOST_PIECES = 20


class NothingPlanned(Invalid):
    code = "grids.nothing_planned"
    zh = "这样画与现在没有不同。"
    en = "This changes nothing."


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """`steps` with every code filled in; `grids` are those in force on the day."""

    day: date
    steps: list[Kept]
    grids: dict[str, Grid]
    outcome: Outcome

    @property
    def where(self) -> str:
        """What all of it lies in."""
        communities = sorted({code[:12] for code in (*self.outcome.shapes, *self.outcome.ended)})
        return communities[0] if len(communities) == 1 else communities[0][:9]


def worked_out(steps: Sequence[Kept], day: date) -> Worked:
    """Raises NothingPlanned, NotDrawn, CommunityNotDrawn, and what the steps raise."""
    if not steps:
        raise NothingPlanned()
    grounds = {code: ground_of(code, day) for code in sorted(communities_of(steps))}
    grids = {code: grid for ground in grounds.values() for code, grid in ground.grids.items()}
    net = {code: ground.community for code, ground in grounds.items()}
    waiting = grids.keys() - _drawn(net)
    draft, codes, named = plan.Draft(net, waiting=waiting), _Codes(steps), []
    for one in steps:
        whole = _with_codes(one, draft.net, codes)
        _check_codes(whole, _drawn(draft.net) | waiting)
        draft.take(read_step(whole))
        named.append(whole)
    outcome = draft.outcome()
    if not outcome.shapes and not outcome.ended:
        raise NothingPlanned()
    return Worked(day=day, steps=named, grids=grids, outcome=outcome)


def redrawn_by(worked: Worked, *, plan_id: UUID) -> Redrawn:
    """As `following` would tell it on the day, for who wants to know beforehand what will move."""
    outcome = worked.outcome
    successors: dict[str, list[str]] = {code: [] for code in outcome.ended}
    for one in sorted(outcome.successions, key=lambda one: -one.area_m2):
        if one.old in successors and one.new != one.old:
            successors[one.old].append(one.new)
    touched = {*outcome.shapes, *outcome.ended}
    drawn = ((code, shapely.to_wkb(shape)) for code, shape in outcome.after.items() if len(code) >= GRID_LENGTH)
    return Redrawn(
        redraw=plan_id,
        kind=Redraw.Kind.PLAN,
        community=worked.where,
        date=worked.day,
        codes=tuple(sorted({*touched, *(code[:12] for code in touched)})),
        ended=frozenset(outcome.ended),
        successors={code: tuple(found) for code, found in successors.items()},
        index=LocationIndex(drawn),
    )


def communities_of(steps: Sequence[Kept]) -> set[str]:
    found = set()
    for one in steps:
        if one["act"] == "pass_on":
            found |= {one["source"], one["to"]}
        else:
            found |= {code[:12] for code in places_of(one)}
    return found


def _drawn(net: Net) -> set[str]:
    return {code for community in net.values() for code in community.grids}


def _with_codes(one: Kept, net: Net, codes: "_Codes") -> Kept:
    match one["act"]:
        case "split" if not one.get("codes"):
            return {**one, "codes": codes.take(parent_of(one["code"]), _pieces(one, net))}
        case "merge" if not one.get("into"):
            return {**one, "into": codes.take(parent_of(one["codes"][0]), 1)[0]}
        case "found" if not one.get("code"):
            return {**one, "code": codes.take(one["under"], 1)[0]}
        case "pass_on":
            return {**one, "codes": _passed_codes(one, net, codes)}
    return one


def _check_codes(one: Kept, taken: Set[str]) -> None:
    """Each result has a code of its own, of the right form and place. Raises Invalid, CodeUsed."""
    sources = {one["code"]} if one["act"] == "split" else set(one["codes"]) if one["act"] == "merge" else set()
    seen: set[str] = set()
    for code, under in _numbered(one):
        check_code(code, Grid.Type.MICRO if len(under) == GRID_LENGTH else Grid.Type.GENERAL, under)
        if code in seen or code in taken - sources:
            raise CodeUsed(used=code)
        seen.add(code)


def _numbered(one: Kept) -> list[tuple[str, str]]:
    """The codes that a step gives, each with what it is numbered under."""
    match one["act"]:
        case "split":
            return [(code, parent_of(one["code"])) for code in one["codes"]]
        case "merge":
            return [(one["into"], parent_of(one["codes"][0]))]
        case "found":
            return [(one["code"], one["under"])]
        case "pass_on":
            given, to = one["codes"], one["to"]
            return [(new, to if len(old) == GRID_LENGTH else given[old[:GRID_LENGTH]]) for old, new in given.items()]
    return []


def _pieces(one: Kept, net: Net) -> int:
    """How many a line makes of a grid, found by trying."""
    community = net.get(one["code"][:12])
    if community is None or one["code"] not in community.grids:
        return 2
    try:
        redraw.split_grid(community, one["code"], LineString(one["line"]), ["1", "2"])
    except redraw.WrongNumberOfPieces as wrong:
        return min(int(wrong.data["pieces"]), MOST_PIECES)
    return 2


def _passed_codes(one: Kept, net: Net, codes: "_Codes") -> dict[str, str]:
    """Old → new: those chosen (all where none is) with their micro grids, in the order they have."""
    kept: dict[str, str] = one.get("codes") or {}
    source = net.get(one["source"])
    there = sorted(source.grids) if source else []
    chosen = [code for code in there if not one["grids"] or code[:GRID_LENGTH] in one["grids"]]
    found: dict[str, str] = {}
    for old in chosen:
        under = one["to"] if len(old) == GRID_LENGTH else found[old[:GRID_LENGTH]]
        found[old] = kept.get(old) or codes.take(under, 1)[0]
    return found


class _Codes:
    """The next free codes, none given twice within one proposal: not what an earlier or a later step has already."""

    def __init__(self, steps: Sequence[Kept]) -> None:
        self._next: dict[str, int] = {}
        for code in (code for one in steps for code in _given(one)):
            under = parent_of(code)
            self._next[under] = max(self._next.get(under, 0), int(code) + 1)

    def take(self, under: str, count: int) -> list[str]:
        """Raises NoCodeLeft."""
        first = max(int(next_code(under)), self._next.get(under, 0))
        self._next[under] = first + count
        return [str(first + number).zfill(len(next_code(under))) for number in range(count)]


def _given(one: Kept) -> list[str]:
    """The codes that a step gives, as far as they are filled in."""
    match one["act"]:
        case "split":
            return list(one.get("codes") or ())
        case "pass_on":
            return list((one.get("codes") or {}).values())
    return [code for code in (one.get("into"), one["act"] == "found" and one.get("code")) if code]
