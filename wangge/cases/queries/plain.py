"""Texts as a reader may have them: who may not know who reported gets them without telephone numbers and names.

People write their own name and number into what they report; a list or a search must not tell what the case hides.
"""

import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import Q

from wangge.cases.models import Reporter
from wangge.cases.models.people import not_complained_of
from wangge.cases.rules.confidence import knows_reporter, without_names
from wangge.core.actor import Actor, acting

_LONG_NUMBER = re.compile(r"\d[\d\s-]{5,}\d")


@dataclass(frozen=True, slots=True)
class Confided:
    case_id: uuid.UUID
    current_grid: str
    complained_root: str


def plain_texts(by: Actor, cases: Iterable[Confided]) -> dict[uuid.UUID, Callable[[str], str]]:
    """No query for those who may know; otherwise one, as the house, for the names to strike out."""
    found: dict[uuid.UUID, Callable[[str], str]] = {}
    hidden = []
    for case in cases:
        if knows_reporter(case, by):
            found[case.case_id] = _as_it_is
        else:
            hidden.append(case.case_id)
    names = _names(hidden) if hidden else {}
    return found | {case_id: _without(names.get(case_id, [])) for case_id in hidden}


def searchable(by: Actor, text: str) -> Q | None:
    """Where this actor may search this text; None: nowhere. What is struck out when read is not found either."""
    if by.is_system:
        return Q()
    if not by.may("reporter.read") and _LONG_NUMBER.search(text):
        return None
    return not_complained_of(by)


def _names(ids: list[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    found: dict[uuid.UUID, list[str]] = {}
    with acting(Actor.system("strike-out")):
        for case_id, name in Reporter.objects.filter(case__in=ids).exclude(name="").values_list("case", "name"):
            found.setdefault(case_id, []).append(name)
    return found


def _as_it_is(text: str) -> str:
    return text


def _without(names: list[str]) -> Callable[[str], str]:
    return lambda text: without_names(text, names)
