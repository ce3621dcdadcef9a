"""`column = any(array)`: thousands of keys are one parameter. `in (…)` makes each of them an expression of its own,
which costs more than the rows do."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, F, Func, Value


class Among(Func):
    template = "%(expressions)s)"
    arg_joiner = " = any("
    output_field = BooleanField()

    def __init__(self, column: str, keys: Iterable[Any]) -> None:
        super().__init__(F(column), Value(list(keys)))
