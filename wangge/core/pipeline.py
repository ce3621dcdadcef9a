"""Several writes sent in one go. Each round trip costs a report about as much as the statement itself."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models


@contextmanager
def pipelined() -> Iterator[None]:
    """Statements inside are queued and sent together; a failure of any of them is raised at the end.

    Only for statements whose answer nobody reads (insert, update); reading one sends what is queued first.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def insert(row: models.Model) -> None:
    """INSERT without asking for the key that the database gives: nothing to wait for."""
    meta = type(row)._meta
    fields = [field for field in meta.local_concrete_fields if not isinstance(field, models.AutoField)]
    type(row)._base_manager._insert([row], fields=fields, using=connection.alias)  # type: ignore[attr-defined]
