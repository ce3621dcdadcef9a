"""After a rotation: what older keys sealed is sealed anew with the current one, so that they can be dropped.

The columns are those of the models (sealed.py); what rooms keep sealed elsewhere they register. A few hundred rows at a
time, each batch a transaction: a run that was killed is begun again and finds only what is left. Rows that somebody
holds just then are passed over, and come in the next round.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

import structlog
from django.apps import apps
from django.db import connection, models
from django.db.models import F, Func, Q
from psycopg import sql

from wangge.core import crypto
from wangge.core.actor import Actor, acting
from wangge.core.keyring import CryptoError
from wangge.core.sealed import SealedField

log = structlog.get_logger()

BY = Actor.system("reseal")
BATCH = 500
BYTES = sql.SQL("bytea")
ROUNDS = 5
USED = """
select substring({column} from 4 for get_byte({column}, 2)), count(*) from {table}
 where {column} is not null group by 1
"""
Told = Callable[[str, int], None]  # table, rows of the batch


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a room keeps sealed outside the database. `reseal` gives how many; `used` the keys of all."""

    name: str
    reseal: Callable[[], int]
    used: Callable[[], Counter[str]]


@dataclass(slots=True)
class Outcome:
    """`unreadable`: table and key of each row with a value that no key of the ring opens; it stays as it is."""

    resealed: Counter[str] = field(default_factory=Counter)
    unreadable: set[tuple[str, str]] = field(default_factory=set)


_elsewhere: dict[str, Elsewhere] = {}


def register(place: Elsewhere) -> None:
    _elsewhere[place.name] = place


def reseal(told: Told = lambda table, rows: None) -> Outcome:
    """Rests as long as it works, so that others do not wait for it."""
    crypto.reload_keys()
    outcome = Outcome()
    for model, columns in sealed_models():
        for _ in range(ROUNDS):
            if not _round(model, columns, outcome, told):
                break
    for place in _elsewhere.values():
        outcome.resealed[place.name] += place.reseal()
    return outcome


def keys_used() -> Counter[str]:
    """The keys that values are sealed with now, and how many. Reads every sealed column."""
    found: Counter[str] = Counter()
    for model, columns in sealed_models():
        for column in columns:
            found += _used(model, column)
    for place in _elsewhere.values():
        found += place.used()
    return found


def sealed_models() -> list[tuple[type[models.Model], list[SealedField]]]:
    found = []
    for model in apps.get_models():
        columns = [one for one in model._meta.local_concrete_fields if isinstance(one, SealedField)]
        if columns and model._meta.managed:
            found.append((model, columns))
    return found


def _round(model: type[models.Model], columns: Sequence[SealedField], outcome: Outcome, told: Told) -> bool:
    """Once through the table in the order of its key; whether there was anything to do."""
    table, latest, worked = model._meta.db_table, None, False
    while True:
        began = time.monotonic()
        with acting(BY):
            rows = _due(model, columns, latest)
            ready = [row for row in rows if _resealed(row, columns, outcome)]
            _write(model, columns, ready)
        if not rows:
            return worked
        latest, worked = rows[-1].pk, worked or bool(ready)
        outcome.resealed[table] += len(ready)
        told(table, len(ready))
        time.sleep(time.monotonic() - began)


def _due(model: type[models.Model], columns: Sequence[SealedField], after: Any) -> list[models.Model]:
    header = crypto.header()
    rows = model._base_manager.alias(**{f"{one.name}_head": _beginning(one, len(header)) for one in columns})
    older = (Q(**{f"{one.name}__isnull": False}) & ~Q(**{f"{one.name}_head": header}) for one in columns)
    rows = rows.filter(reduce(or_, older))
    if after is not None:
        rows = rows.filter(pk__gt=after)
    return list(rows.select_for_update(no_key=True, skip_locked=True, of=("self",)).order_by("pk")[:BATCH])


def _beginning(column: SealedField, length: int) -> Func:
    return Func(F(column.name), 1, length, function="substring", output_field=models.BinaryField())


def _resealed(row: models.Model, columns: Sequence[SealedField], outcome: Outcome) -> bool:
    """Whether all its values opened; sets them."""
    for one in columns:
        if (blob := getattr(row, one.name)) is None:
            continue
        context, of = one.context_of(row), one.row_of(row)
        try:
            setattr(
                row, one.name, crypto.seal(crypto.unseal(bytes(blob), context=context, row=of), context=context, row=of)
            )
        except CryptoError as failure:
            where = (row._meta.db_table, str(row.pk))
            if where not in outcome.unreadable:
                log.error("reseal.unreadable", table=where[0], row=where[1], column=one.name, why=str(failure))
            outcome.unreadable.add(where)
            return False
    return True


def _write(model: type[models.Model], columns: Sequence[SealedField], rows: Sequence[models.Model]) -> None:
    if not rows:
        return
    key = model._meta.pk
    names = [str(one.column) for one in columns]
    text = sql.SQL("update {table} t set {values} from unnest({given}) v (key, {names}) where t.{key} = v.key").format(
        table=sql.Identifier(model._meta.db_table),
        key=sql.Identifier(str(key.column)),
        names=sql.SQL(", ").join(sql.Identifier(name) for name in names),
        values=sql.SQL(", ").join(sql.SQL("{0} = v.{0}").format(sql.Identifier(name)) for name in names),
        given=sql.SQL(", ").join(sql.SQL("%s::{}[]").format(one) for one in (_type(key), *[BYTES] * len(names))),
    )
    values = [[row.pk for row in rows], *([getattr(row, one.name) for row in rows] for one in columns)]
    with connection.cursor() as cursor:
        cursor.execute(text, values)


def _type(key: "models.Field[Any, Any]") -> sql.SQL:
    """Of the column that points to it: `bigint`, not `bigint generated by default…`."""
    return sql.SQL(key.rel_db_type(connection) or "")


def _used(model: type[models.Model], column: SealedField) -> Counter[str]:
    names = {"table": sql.Identifier(model._meta.db_table), "column": sql.Identifier(str(column.column))}
    with acting(BY), connection.cursor() as cursor:
        cursor.execute(sql.SQL(USED).format(**names))
        return Counter({bytes(key).decode("ascii", "replace"): count for key, count in cursor.fetchall()})
