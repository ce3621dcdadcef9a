"""Texts as a reader may have them: who may not know who reported gets them without telephone numbers and names.

People write their own name and number into what they report; a list or a search must not tell what the case hides.
"""

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Q

from wangge.accounts.permissions import Permission
from wangge.cases.models import Case, Reporter
from wangge.cases.models.case import in_codes
from wangge.cases.models.people import not_complained_of
from wangge.cases.rules.confidence import knows_reporter, without_names
from wangge.cases.search import Question, normalise
from wangge.core.actor import Actor, acting

Plain = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Confided:
    case_id: uuid.UUID
    current_grid: str
    complained_root: str


class CaseLike(Protocol):
    pk: uuid.UUID
    current_grid: str
    complained_root: str


def confided(case: CaseLike) -> Confided:
    return Confided(case.pk, case.current_grid, case.complained_root)


def plain_text(by: Actor, case: CaseLike) -> Plain:
    return plain_texts(by, [confided(case)])[case.pk]


def plain_texts(by: Actor, cases: Iterable[Confided]) -> dict[uuid.UUID, Plain]:
    """No query for those who may know; otherwise one, as the house, for the names to strike out."""
    found: dict[uuid.UUID, Plain] = {}
    hidden = []
    for case in cases:
        if knows_reporter(case, by):
            found[case.case_id] = _as_it_is
        else:
            hidden.append(case.case_id)
    names = _names(hidden) if hidden else {}
    return found | {case_id: _without(names.get(case_id, [])) for case_id in hidden}


def searchable(by: Actor) -> Q:
    """Where this actor may search texts at all."""
    return Q() if by.is_system else not_complained_of(by)


def uncertain(by: Actor) -> Q:
    """Cases whose reporter this actor may not know, among those whose texts they may search."""
    if by.is_system:
        return Q(pk__in=[])
    return ~in_codes(by) if by.may(Permission.REPORTER_READ) else Q()


def shown_hits(by: Actor, asked: Question, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Of cases that hold what was asked, those that still do as this actor reads them.

    What is struck out when read is not found either: otherwise one could guess names and numbers.
    """
    hidden = [case for case in _confided(ids) if not knows_reporter(case, by)]
    if not hidden:
        return set(ids)
    plain = plain_texts(by, hidden)
    texts = Case.objects.filter(pk__in=plain).values_list("pk", "title", "address", "text__description")
    kept = {row[0] for row in texts if _holds(asked, *(plain[row[0]](text or "") for text in row[1:]))}
    return set(ids) - plain.keys() | kept


def _confided(ids: Collection[uuid.UUID]) -> list[Confided]:
    rows = Case.objects.filter(pk__in=ids).values_list("pk", "current_grid", "complained_root")
    return [Confided(*row) for row in rows]


def _holds(asked: Question, *texts: str) -> bool:
    text = normalise("\n".join(texts))
    return all(part in text for part in asked.parts)


def _names(ids: list[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = {}
    with acting(Actor.system("strike-out")):
        for case_id, name in Reporter.objects.filter(case__in=ids).exclude(name="").values_list("case", "name"):
            found.setdefault(case_id, []).append(name)
    return found


def _as_it_is(text: str) -> str:
    return text


def _without(names: list[str]) -> Plain:
    return lambda text: without_names(text, names)
