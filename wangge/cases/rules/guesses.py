"""Which category a text may be about: words it shares with names and conditions, and what came up here before.

Pure and simple on purpose: every point of the score is a reason that can be read out. It proposes, a person chooses.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from wangge.cases.search import HAN, normalise

MOST = 5
NAME_WEIGHT = 3.0
CONDITION_WEIGHT = 1.0
HISTORY_WEIGHT = 1.5  # a category that makes up all of this place's history counts as half a name
_HAN_RUN = re.compile(rf"[{HAN}]+")
_WORD = re.compile(r"[a-z]{3,}")
# Pairs that stand in half of all conditions tell nothing.
COMMON_SHARE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    category_id: int
    names: tuple[str, ...]
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guess:
    category_id: int
    score: float
    name_words: tuple[str, ...]
    condition_words: tuple[str, ...]
    share: float  # of earlier cases around here, 0 to 1


def guesses(text: str, candidates: Sequence[Candidate], history: Mapping[int, float]) -> list[Guess]:
    """Best first, at most five. `history`: share of each category among earlier cases near the place."""
    asked = pairs(text)
    rare = _rarity(candidates)
    found = [guess for one in candidates if (guess := _guess(asked, one, rare, history)) is not None]
    return sorted(found, key=lambda guess: (-guess.score, guess.category_id))[:MOST]


def pairs(text: str) -> frozenset[str]:
    """Neighbouring characters of Chinese, and words of letters."""
    plain = normalise(text)
    found = {run[at : at + 2] for run in _HAN_RUN.findall(plain) for at in range(len(run) - 1)}
    return frozenset(found | set(_WORD.findall(plain)))


def merged(words: Iterable[str], text: str) -> tuple[str, ...]:
    """Pairs that follow one another in the text, as one word for reading: 井盖, 盖缺, 缺失 is 井盖缺失."""
    wanted, plain = set(words), normalise(text)
    found: list[str] = [word for word in sorted(wanted) if _WORD.fullmatch(word)]
    for run in _HAN_RUN.findall(plain):
        start = 0
        while start < len(run) - 1:
            end = start
            while run[end : end + 2] in wanted and len(run[end : end + 2]) == 2:
                end += 1
            if end > start:
                found.append(run[start : end + 1])
            start = max(end, start + 1)
    return tuple(dict.fromkeys(found))


def _guess(
    asked: frozenset[str], one: Candidate, rare: Mapping[str, float], history: Mapping[int, float]
) -> Guess | None:
    in_names = asked & _all_pairs(one.names)
    in_conditions = (asked & _all_pairs(one.conditions)) - in_names
    words = NAME_WEIGHT * sum(rare[word] for word in in_names)
    words += CONDITION_WEIGHT * sum(rare[word] for word in in_conditions)
    if words <= 0:
        return None
    share = history.get(one.category_id, 0.0)
    return Guess(
        one.category_id,
        round(words + HISTORY_WEIGHT * share, 3),
        tuple(sorted(in_names)),
        tuple(sorted(in_conditions)),
        share,
    )


def _rarity(candidates: Sequence[Candidate]) -> dict[str, float]:
    """1 for a word that only one category has, falling to 0 for one that a quarter of them share."""
    counts: dict[str, int] = {}
    for one in candidates:
        for word in _all_pairs(one.names) | _all_pairs(one.conditions):
            counts[word] = counts.get(word, 0) + 1
    limit = max(2.0, len(candidates) * COMMON_SHARE)
    return {word: max(0.0, 1 - (count - 1) / limit) for word, count in counts.items()}


def _all_pairs(texts: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(pairs(text) for text in texts)) if texts else frozenset()
