"""How case text is found, from one character on: what is kept for it, and what a question becomes.

Kept: every pair of neighbouring Chinese characters, the last character of a run alone, and each run of letters and digits.
One character is then the prefix of every pair it begins, so single characters need no tokens of their own: half the index,
half the cost of a report. Letters and digits are found by the beginning of a word. What the tokens let through is
compared with the text itself, so `ab` and `bc` far apart never pass for `abc`.
"""

import re
import unicodedata
from dataclasses import dataclass

LONGEST_WORD = 64  # characters; PostgreSQL refuses a token past 2 kB
LONGEST_QUESTION = 60  # characters
MOST_TERMS = 6

# 〇, Extension A, the unified block, compatibility, and the planes of rare characters (𠮷): each a character of its own.
HAN = "〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{HAN}]+|[^\W_{HAN}]+")
_NUMBER = re.compile(r"[0-9a-z]*\d{4,}[0-9a-z-]*")


@dataclass(frozen=True, slots=True)
class Question:
    """What was typed, ready for SQL. `query` is a tsquery literal, `parts` must each stand in the text as they are."""

    query: str
    parts: tuple[str, ...]
    tokens: tuple[str, ...]  # for estimating how common it is
    is_exact: bool  # the tokens alone decide: one character, one pair or one word

    @property
    def patterns(self) -> list[str]:
        return ["%" + re.sub(r"([\\%_])", r"\\\1", part) + "%" for part in self.parts]


def normalise(text: str) -> str:
    """The form both sides are compared in; PostgreSQL's `lower(normalize(…, NFKC))` gives the same."""
    return unicodedata.normalize("NFKC", text).lower()


def tokens(*texts: str) -> str:
    """The tsvector literal of a case: of its title, address and description."""
    found: set[str] = set()
    for text in texts:
        for run in _RUN.findall(normalise(text)):
            found.update(_pairs(run) if _is_han(run) else (run[:LONGEST_WORD],))
    return " ".join(f"'{token}'" for token in sorted(found))


def question(text: str) -> Question | None:
    """None when nothing in it can be searched for (only spaces or signs)."""
    parts = tuple(dict.fromkeys(normalise(text[:LONGEST_QUESTION]).split()))[:MOST_TERMS]
    wanted: dict[str, bool] = {}
    for part in parts:
        for run in _RUN.findall(part):
            wanted.update(_wanted(run))
    if not wanted:
        return None
    query = " & ".join(f"'{token}':*" if prefix else f"'{token}'" for token, prefix in wanted.items())
    simple = len(wanted) == len(parts) == 1 and next(iter(wanted)) == parts[0]
    return Question(query, parts, tuple(wanted), simple)


def looks_like_number(text: str) -> str | None:
    """The case number, or the beginning of one, that somebody may have meant; None when it is none."""
    word = normalise(text).strip().upper()
    return word if len(word) <= 40 and _NUMBER.fullmatch(word.lower()) else None


def _wanted(run: str) -> dict[str, bool]:
    """Token -> whether it is the beginning of one."""
    if not _is_han(run):
        return {run[:LONGEST_WORD]: True}
    if len(run) == 1:
        return {run: True}
    return {run[at : at + 2]: False for at in range(len(run) - 1)}


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run))]


def _is_han(run: str) -> bool:
    return bool(re.match(rf"[{HAN}]", run))
