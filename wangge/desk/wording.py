"""How an answer is found by what a caller says: pairs of characters, as the text of cases."""

from collections.abc import Iterable

from wangge.cases.rules.guesses import merged, pairs
from wangge.cases.search import normalise, token_set

LONGEST_ASKED = 300  # characters of what was typed; a caller's matter is told in its beginning


def tokens(title: str, keywords: Iterable[str], text: str) -> str:
    """A tsvector literal: what names the answer weighs A, what only stands in it D."""
    named = token_set(title, *keywords)
    said = token_set(text) - named
    return " ".join([*(f"'{one}':1A" for one in sorted(named)), *(f"'{one}':1D" for one in sorted(said))])


def tsquery(asked: frozenset[str]) -> str:
    """Any of the pairs; letters and digits only, nothing to escape."""
    return " | ".join(f"'{pair}'" for pair in sorted(asked))


def asked_pairs(text: str) -> frozenset[str]:
    return pairs(text[:LONGEST_ASKED])


def keywords_in(keywords: Iterable[str], text: str) -> list[str]:
    plain = normalise(text)
    return [word for word in keywords if (found := normalise(word).strip()) and found in plain]


def words_in_common(asked: frozenset[str], title: str, text: str) -> tuple[str, ...]:
    return merged(asked & pairs(title), text)
