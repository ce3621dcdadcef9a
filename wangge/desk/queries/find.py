"""One question put to every room: number, text, telephone, person, grid, division, place, unit.

Each group is the room's own query, so what may be seen is stated there and nowhere here; a group that the reader's post
has no permission for is left out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from wangge.accounts import queries as accounts
from wangge.accounts.permissions import Permission
from wangge.cases.queries.filters import CaseFilters
from wangge.cases.queries.listing import list_cases
from wangge.cases.queries.order import Sort
from wangge.command import queries as command
from wangge.core.actor import Actor
from wangge.core.clock import local
from wangge.core.codes import parent_of
from wangge.core.phone_numbers import normalise_phone
from wangge.grids import queries as grids

SHOWN = 5  # of each kind; behind "more" stands the room's own list


class Kind(StrEnum):
    CALL = "call"  # a case that was reported from this telephone
    CASE = "case"
    DUTY = "duty"  # who is on duty now
    MEMBER = "member"  # who serves on a grid
    ACCOUNT = "account"
    GRID = "grid"
    DIVISION = "division"
    PLACE = "place"
    UNIT = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """`id` opens it: a case's id, a code, a row's id. `detail` tells it from others of the same name."""

    id: str
    title: str
    detail: str = ""
    code: str = ""  # the grid or division it belongs to
    state: str = ""  # of a case
    phone: str = ""  # a duty number or an office's own, never a reporter's
    path: str = ""  # of a unit


@dataclass(frozen=True, slots=True)
class Group:
    kind: Kind
    items: list[Hit]
    more: bool


@dataclass(frozen=True, slots=True)
class Asked:
    q: str
    by: Actor
    at: datetime
    limit: int = SHOWN + 1


def find(q: str, *, by: Actor, at: datetime) -> list[Group]:
    """Groups that hold something, the likeliest kind first: a telephone is asked for callers before anything else."""
    word = q.strip()
    if not word:
        return []
    asked, groups = Asked(word, by, at), []
    for kind, (needed, look) in LOOKS.items():
        if needed is not None and not by.may(needed):
            continue
        if found := list(look(asked)):
            groups.append(Group(kind, found[:SHOWN], len(found) > SHOWN))
    return groups


Look = Callable[[Asked], Iterator[Hit]]


def _calls(asked: Asked) -> Iterator[Hit]:
    """By the whole number alone: part of one would let somebody feel their way to it."""
    return _cases(asked, CaseFilters(phone=asked.q)) if normalise_phone(asked.q) else iter(())


def _cases_by_text(asked: Asked) -> Iterator[Hit]:
    return _cases(asked, CaseFilters(q=asked.q))


def _cases(asked: Asked, filters: CaseFilters) -> Iterator[Hit]:
    page = list_cases(asked.by, filters, at=asked.at, sort=Sort.NEWEST, cursor=None, limit=asked.limit)
    for row in page.items:
        where = row["address"] or row["grid"]["name"]
        yield Hit(
            id=str(row["id"]),
            title=row["title"],
            detail=" · ".join(filter(None, (row["number"], where))),
            code=row["grid"]["code"],
            state=row["state"],
        )


def _on_duty(asked: Asked) -> Iterator[Hit]:
    for one in command.find_on_duty(asked.q, by=asked.by, at=asked.at, limit=asked.limit):
        yield Hit(
            id=str(one.unit_id),
            title=one.name,
            detail=" · ".join(filter(None, (one.unit, one.title, f"—{local(one.ends_at):%H:%M}"))),
            code=one.code,
            state=one.role,
            phone=one.phone,
        )


def _members(asked: Asked) -> Iterator[Hit]:
    page = grids.team_members(by=asked.by, q=asked.q, limit=asked.limit)
    for one in page["items"]:
        yield Hit(
            id=str(one["id"]),
            title=one["name"],
            detail=one["grid_name"],
            code=one["grid"],
            state=one["kind"],
            phone=one["phone"],
        )


def _accounts(asked: Asked) -> Iterator[Hit]:
    chosen = accounts.AccountFilter(q=asked.q)
    page = accounts.accounts(chosen, by=asked.by, at=asked.at, offset=0, limit=asked.limit)
    for person in page["items"]:
        held = "、".join(f"{post.unit.name} {_role(post.role, asked.by)}" for post in person.posts)
        yield Hit(
            id=str(person.user.pk),
            title=person.user.name,
            detail=" · ".join(filter(None, (person.user.username, held))),
        )


def _role(role: Any, by: Actor) -> str:
    return str(role.name_en if by.language == "en" else role.name_zh)


def _grids(asked: Asked) -> Iterator[Hit]:
    called = [
        one for one in grids.find_aliases(asked.q, by=asked.by, limit=asked.limit) if grids.is_grid_code(one.code)
    ]
    for one in called:
        yield Hit(id=one.code, title=one.name, detail=" · ".join((one.code, one.alias)), code=one.code)
    page = grids.find_grids(by=asked.by, q=asked.q, limit=asked.limit)
    for row in page["items"]:
        yield Hit(
            id=row["code"],
            title=row["name"],
            detail=" · ".join(filter(None, (row["code"], row["address"]))),
            code=row["code"],
            state=row["type"],
        )


def _divisions(asked: Asked) -> Iterator[Hit]:
    found = grids.find_divisions(asked.q, by=asked.by, limit=asked.limit)
    above = grids.names_of(parent for one in found if (parent := parent_of(one.code)))
    for one in found:
        yield Hit(
            id=one.code,
            title=one.name,
            detail=" · ".join(filter(None, (above.get(parent_of(one.code) or ""), one.code))),
            code=one.code,
        )


def _places(asked: Asked) -> Iterator[Hit]:
    found = grids.find_places(asked.q, by=asked.by, limit=asked.limit)
    names = grids.names_of(place.grid for place in found if place.grid)
    for place in found:
        yield Hit(id=str(place.id), title=place.name, detail=names.get(place.grid, ""), code=place.grid)


def _units(asked: Asked) -> Iterator[Hit]:
    for unit in accounts.units(accounts.UnitFilter(q=asked.q), at=asked.at)[: asked.limit]:
        above = unit.parent.name if unit.parent else ""
        yield Hit(id=str(unit.pk), title=unit.name, detail=above, code=unit.division, phone=unit.phone, path=unit.path)


P = Permission
# What each asks for, and how it looks, the likeliest kind first. Units are published to everybody signed in.
LOOKS: dict[Kind, tuple[Permission | None, Look]] = {
    Kind.CALL: (P.REPORTER_READ, _calls),
    Kind.CASE: (P.CASE_READ, _cases_by_text),
    Kind.DUTY: (P.GRID_READ, _on_duty),
    Kind.MEMBER: (P.GRID_READ, _members),
    Kind.ACCOUNT: (P.ACCOUNT_READ, _accounts),
    Kind.GRID: (P.GRID_READ, _grids),
    Kind.DIVISION: (P.GRID_READ, _divisions),
    Kind.PLACE: (P.GRID_READ, _places),
    Kind.UNIT: (None, _units),
}
