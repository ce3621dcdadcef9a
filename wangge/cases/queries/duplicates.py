"""What may be the same matter reported before: near in place and time, or told in much the same words.

Names of places stand for many cases at one point: the gate of an estate. What is of another class there, and shares no
words, is another matter.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import configuration
from wangge.cases.models import Case
from wangge.cases.queries.nearby import around, metres_between
from wangge.cases.queries.plain import Confided, plain_texts
from wangge.cases.queries.scope import visible
from wangge.cases.rules.states import State
from wangge.cases.search import token_set
from wangge.core.actor import Actor

NEAR_M = 50.0
SIMILAR_NEAR_M = 500.0  # told alike, one may be this far off
WITHIN = timedelta(hours=24)
ALIKE = 0.5  # share of common tokens
ALIKE_NEARBY = 0.3  # within SIMILAR_NEAR_M
ALIKE_OF_ANOTHER_CLASS = 0.1  # within NEAR_M: the place's name alone is about as much
LOOKED_AT = 300
SHOWN = 8
LOOKED_FOR = (
    *("number", "category_id", "title", "address", "state", "lon", "lat"),
    *("current_grid", "complained_root", "reported_at"),
)


def duplicates(
    by: Actor,
    *,
    lon: float | None,
    lat: float | None,
    text: str,
    category_id: int | None,
    at: datetime,
    but: uuid.UUID | None = None,
) -> list[dict[str, Any]]:
    """Likeliest first. Raises NotAllowed. One query (two for who may not know reporters)."""
    by.require(Permission.CASE_READ)
    rows = visible(by).filter(reported_at__gt=at - WITHIN, reported_at__lt=at + WITHIN)
    rows = rows.exclude(state__in=[State.JOINED, State.REFUSED])
    if but is not None:
        rows = rows.exclude(pk=but)
    if lon is not None and lat is not None:
        rows = rows.filter(around(lon, lat, SIMILAR_NEAR_M))
    candidates = list(rows.order_by("-reported_at", "-pk").only(*LOOKED_FOR)[:LOOKED_AT])
    plain = plain_texts(by, [Confided(row.pk, row.current_grid, row.complained_root) for row in candidates])
    wanted, found = token_set(text), []
    for row in candidates:
        title, address = plain[row.pk](row.title), plain[row.pk](row.address)
        distance = metres_between(lon, lat, row)
        alike = _alike(wanted, token_set(title, address))
        if score := _score(distance, alike, category_id, row.category_id):
            found.append((score, _line(row, title, address, distance, _why(distance, alike, by.language))))
    found.sort(key=lambda one: -one[0])
    return [line for _, line in found[:SHOWN]]


def _score(distance: float | None, alike: float, category: int | None, other: int | None) -> float:
    """0: not a possible duplicate."""
    apart = _of_other_classes(category, other)
    near = distance is not None and distance <= NEAR_M and (not apart or alike > ALIKE_OF_ANOTHER_CLASS)
    nearby = distance is not None and distance <= SIMILAR_NEAR_M
    if not near and not (alike >= ALIKE and distance is None) and not (nearby and alike >= ALIKE_NEARBY):
        return 0.0
    same = category is not None and category == other
    return (1.0 if near else 0.0) + alike + (0.3 if same else 0.0)


def _of_other_classes(one: int | None, other: int | None) -> bool:
    """Whether two categories are of different classes (大类) of one scheme. Two schemes may call one matter by two
    names; what is not known is not told apart."""
    known = configuration().categories
    this, that = known.get(one or 0), known.get(other or 0)
    if this is None or that is None or this.scheme_id != that.scheme_id:
        return False
    return this.path.split("/")[0] != that.path.split("/")[0]


def _why(distance: float | None, alike: float, language: str) -> str:
    words = []
    if distance is not None:
        words.append(f"{distance:.0f} m away" if language == "en" else f"相距 {distance:.0f} 米")
    if alike >= ALIKE_NEARBY:
        words.append("told alike" if language == "en" else "描述相近")
    return (", " if language == "en" else "，").join(words)


def _line(row: Case, title: str, address: str, distance: float | None, why: str) -> dict[str, Any]:
    return {
        "id": row.pk,
        "number": row.number,
        "title": title,
        "address": address,
        "state": row.state,
        "reported_at": row.reported_at,
        "distance_m": None if distance is None else round(distance, 1),
        "why": why,
    }


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0
