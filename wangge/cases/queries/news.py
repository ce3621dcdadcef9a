"""Who may hear of a case, for the feed: the words of `visible_to` about one row that is at hand, without a query."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases.models import Assignment, Case
from wangge.cases.queries.listing import rows_of
from wangge.cases.rules.confidence import is_complained_of, knows_reporter
from wangge.cases.rules.scope import is_seen
from wangge.core.actor import SYSTEM, Actor


class View(StrEnum):
    """How much of a case is told."""

    WHOLE = "whole"
    PLAIN = "plain"  # to who may not know who reported: names and numbers are struck out of the texts
    WITHHELD = "withheld"  # to the unit complained of: plain, and not even what kind of move it was


@dataclass(frozen=True, slots=True)
class Audience:
    current_grid: str
    holder_path: str
    charged: tuple[str, ...]  # unit paths, of ended charges too
    complained_root: str

    def has(self, actor: Actor) -> bool:
        if not (actor.may(Permission.CASE_READ) or actor.may(Permission.WALL_READ)):
            return False
        return is_seen(self, self.charged, actor)

    def view_of(self, actor: Actor) -> View:
        if is_complained_of(self, actor):
            return View.WITHHELD
        return View.WHOLE if knows_reporter(self, actor) else View.PLAIN


def audiences(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Audience]:
    """Two queries, whatever the number. As the house itself: the caller filters by `has`."""
    charged: dict[uuid.UUID, list[str]] = {}
    for case_id, path in Assignment.objects.filter(case__in=ids).values_list("case_id", "unit_path"):
        charged.setdefault(case_id, []).append(path)
    rows = Case.objects.filter(pk__in=ids).values_list("pk", "current_grid", "holder_path", "complained_root")
    return {
        case_id: Audience(code, holder, tuple(sorted(set(charged.get(case_id, ())))), root)
        for case_id, code, holder, root in rows
    }


Lines = dict[tuple[View, str], dict[str, Any]]


def lines(ids: Collection[uuid.UUID], languages: Iterable[str]) -> dict[uuid.UUID, Lines]:
    """The line of the queue of each case, as each view and language has it: what whoever hears of it would read."""
    found: dict[uuid.UUID, Lines] = {}
    for view in (View.WHOLE, View.PLAIN):
        for language in languages:
            for row in rows_of(_reader(view, language), ids):
                found.setdefault(row["id"], {})[view, language] = row
    return found


def _reader(view: View, language: str) -> Actor:
    """Somebody who sees every case, and knows reporters or does not."""
    if view is View.WHOLE:
        return Actor(kind=SYSTEM, name="live", permissions=frozenset({"*"}), ranges=("",), language=language)
    return Actor(name="live", permissions=frozenset({Permission.CASE_READ}), ranges=("",), language=language)


def plain_rows(ids: Collection[uuid.UUID], language: str) -> list[dict[str, Any]]:
    """Lines as they may hang on a wall, whoever stands before it: names and numbers of reporters are struck out, and
    nobody is named who is at work."""
    return [row | {"claim": None} for row in rows_of(_reader(View.PLAIN, language), ids)]
