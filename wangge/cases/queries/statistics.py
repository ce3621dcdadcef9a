"""How common a token is, as ANALYZE last found: what decides between walking a scope and asking the index of tokens."""

import math
import threading
import time

from django.db import connection

from wangge.cases.search import Question, Token

KEPT_S = 600
# A token that is not among the statistics is rarer than the rarest of them; without statistics, this.
RAREST = 0.001
# Words of letters and digits are many, so few are among the statistics: one begins with a given sign this often.
BEGINNINGS = {1: 0.3, 2: 0.05, 3: 0.01}
# Tokens this much more common than the rarest one hardly narrow what it finds, and cost reading.
NARROWS = 5

SHARES = """
select most_common_elems::text::text[], most_common_elem_freqs,
       (select greatest(reltuples, 0)::bigint from pg_class where oid = 'cases_text'::regclass)
  from pg_stats where schemaname = 'public' and tablename = 'cases_text' and attname = 'tokens'
"""


class _Statistics:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self.shares: dict[str, float] = {}
        self.rarest = RAREST
        self.total = 0

    def fresh(self) -> "_Statistics":
        with self._lock:
            if time.monotonic() - self._read_at > KEPT_S:
                self._read()
        return self

    def _read(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(SHARES)
            elements, shares, self.total = cursor.fetchone() or ((), (), 0)
        # Behind the shares stand the lowest, the highest and the share of nulls.
        self.shares = dict(zip(elements or (), shares or (), strict=False))
        self.rarest = min(self.shares.values(), default=RAREST)
        self._read_at = time.monotonic()


_statistics = _Statistics()


def total() -> int:
    """Cases that have a text, about."""
    return _statistics.fresh().total


def share(asked: Question) -> float:
    """About this share of cases can match: pairs of one word come together, a word and a number by chance."""
    return math.prod(min(_share(token) for token in run) for run in asked.runs)


def telling(asked: Question) -> list[Token]:
    """The tokens worth asking the index for."""
    most = min(_share(token) for token in asked.tokens) * NARROWS
    return [token for token in asked.tokens if _share(token) <= most]


def _share(token: Token) -> float:
    """A beginning is as common as all it begins, together."""
    known = _statistics.fresh()
    if not token.is_beginning:
        return known.shares.get(token.text, known.rarest)
    together = sum(value for text, value in known.shares.items() if text.startswith(token.text))
    guess = BEGINNINGS.get(len(token.text), 0.0) if token.text.isascii() else 0.0
    return min(1.0, max(together, guess, known.rarest))
