"""A column that holds sealed values, and under what they are sealed: what an older key sealed is found and sealed anew.

How a value is sealed is the actions' business (crypto.seal); the field says the same once more, for whoever has to open
every value without knowing the room (resealing.py). The two are held together by a test, and by resealing itself, which
names what does not open.
"""

from typing import Any

from django.db import models


class SealedField(models.BinaryField):  # type: ignore[type-arg]
    """`context` and `row` as in crypto.seal, with the row as `{0}`; as most are, `table.column` without `_sealed`, and
    the row's key."""

    def __init__(self, *args: Any, context: str = "", row: str = "{0.pk}", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._context, self._row = context, row

    def context_of(self, row: models.Model) -> str:
        told = self._context or f"{self.model._meta.db_table}.{self.name.removesuffix('_sealed')}"
        return told.format(row)

    def row_of(self, row: models.Model) -> str:
        return self._row.format(row)

    def deconstruct(self) -> Any:
        """To the database, and so to migrations, bytes like any other."""
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs
