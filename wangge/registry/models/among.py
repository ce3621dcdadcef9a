"""`column = any(array)`: thousands of keys are one parameter. `in (…)` makes each of them an expression of its own,
which costs more than the rows do.

Of so many keys PostgreSQL does not prove that none is empty: a partial index `where column <> ''` is used only where
the query says that too."""

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, F, Func, Value


class Among(Func):
    """Keys of one type: bytes, UUID or text."""

    template = "%(expressions)s::%(array)s)"
    arg_joiner = " = any("
    output_field = BooleanField()

    def __init__(self, column: str, keys: Iterable[Any]) -> None:
        super().__init__(F(column), Value(_array(list(keys))))

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **context: Any) -> Any:
        column = self.get_source_expressions()[0].output_field
        return super().as_sql(compiler, connection, *args, array=f"{column.db_type(connection)}[]", **context)


def _array(keys: list[Any]) -> str:
    """As PostgreSQL reads it. psycopg looks at each key for itself, which took longer than finding the rows."""
    if keys and isinstance(keys[0], bytes):
        texts = [rf'"\\x{key.hex()}"' for key in keys]
    else:
        texts = [_quoted(key) if isinstance(key, str) else str(key) for key in keys]
    return "{" + ",".join(texts) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'
