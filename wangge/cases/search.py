"""How case text is found, from one character on: what is kept for it, and what a question becomes.

Kept: every pair of neighbouring Chinese characters, the last character of a run alone, and each run of letters and
digits. One character is then the prefix of every pair it begins, so single characters need no tokens of their own: half
the index, half the cost of a report. Letters and digits are found by the beginning of a word. What the tokens let
through is compared with the text itself, so `ab` and `bc` far apart never pass for `abc`.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

LONGEST_WORD = 64  # characters; PostgreSQL refuses a token past 2 kB
LONGEST_QUESTION = 60  # characters
MOST_TERMS = 6
WEEK_S = 604_800

# 〇, Extension A, the unified block, compatibility, and the planes of rare characters (𠮷).
HAN = "〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_NUMBER = re.compile(r"[0-9a-z]*\d{4,}[0-9a-z-]*")


class Token(NamedTuple):
    text: str
    is_beginning: bool


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, ready for SQL: every part must stand in the text as it is, every token among its tokens."""

    parts: tuple[str, ...]
    runs: tuple[tuple[Token, ...], ...]  # tokens of neighbouring signs of one kind: 平安路38号 is three runs
    is_exact: bool  # the tokens alone decide: one character, one pair or the beginning of one word

    @property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(dict.fromkeys(token for run in self.runs for token in run))

    @property
    def query(self) -> str:
        return tsquery(self.tokens)

    @property
    def patterns(self) -> list[str]:
        return ["%" + re.sub(r"([\\%_])", r"\\\1", part) + "%" for part in self.parts]


def normalise(text: str) -> str:
    """The form both sides are compared in; PostgreSQL's `lower(normalize(…, NFKC))` gives the same."""
    return unicodedata.normalize("NFKC", text).lower()


def tokens(*texts: str) -> str:
    """The tsvector literal of a case: of its title, address and description."""
    return " ".join(f"'{token}'" for token in sorted(token_set(*texts)))


def token_set(*texts: str) -> frozenset[str]:
    found: set[str] = set()
    for text in texts:
        for run in _RUN.findall(normalise(text)):
            found.update(_pairs(run) if _is_han(run) else (run[:LONGEST_WORD],))
    return frozenset(found)


def question(text: str) -> Question | None:
    """None when nothing in it can be searched for (only spaces or signs)."""
    parts = tuple(dict.fromkeys(normalise(text[:LONGEST_QUESTION]).split()))[:MOST_TERMS]
    runs = tuple(tuple(_wanted(run)) for part in parts for run in _RUN.findall(part))
    if not runs:
        return None
    return Question(parts, runs, is_exact=[[token.text for token in run] for run in runs] == [list(parts)])


def tsquery(tokens: Iterable[Token]) -> str:
    """A tsquery literal that wants all of them. Tokens are letters, digits and characters: nothing to escape."""
    return " & ".join(f"'{token.text}':*" if token.is_beginning else f"'{token.text}'" for token in tokens)


def week(at: datetime) -> int:
    """Weeks since 1970 (UTC, from Thursday): the index of texts knows each by the week it was reported in."""
    return int(at.timestamp() // WEEK_S)


def of_weeks(query: str, weeks: Iterable[int]) -> str:
    """A tsquery literal that wants one of these weeks as well."""
    return f"({query}) & (" + " | ".join(f"'@{one}'" for one in weeks) + ")"


def looks_like_number(text: str) -> str | None:
    """The case number, or the beginning of one, that somebody may have meant; None when it is none."""
    word = normalise(text).strip().upper()
    return word if len(word) <= 40 and _NUMBER.fullmatch(word.lower()) else None


def _wanted(run: str) -> list[Token]:
    if not _is_han(run):
        return [Token(run[:LONGEST_WORD], True)]
    if len(run) == 1:
        return [Token(run, True)]
    return [Token(run[at : at + 2], False) for at in range(len(run) - 1)]


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]


def _is_han(run: str) -> bool:
    return bool(re.match(rf"[{HAN}]", run))
