"""Text with each character twice, which is how words of two characters are found by trigrams.

A trigram index knows nothing of a word of two characters, and most Chinese words have two: 平安 → 平平安安 has two.
"""

from typing import Any, TypeVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db.models import F, Func, QuerySet, TextField, Value

Q = TypeVar("Q", bound=QuerySet[Any, Any])


def doubled(column: str) -> Func:
    twice = (Value("(.)"), Value(r"\1\1"), Value("g"))
    return Func(F(column), *twice, function="regexp_replace", output_field=TextField())


def doubled_index(column: str, *, name: str) -> GinIndex:
    return GinIndex(OpClass(doubled(column), name="gin_trgm_ops"), name=name)


def holding(rows: Q, column: str, word: str) -> Q:
    """The rows whose column holds the word, by a `doubled_index`."""
    twice = "".join(sign * 2 for sign in word)
    found: Q = rows.alias(**{f"{column}_doubled": doubled(column)}).filter(**{f"{column}_doubled__contains": twice})
    return found
