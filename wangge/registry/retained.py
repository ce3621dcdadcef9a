"""How the roll-up of a grid (rollups.py) counts what retention (actions/retention.py) empties within a month, and
emptied in the last; and in which order the numbers lie in `Quality.by_retention`."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from psycopg import sql

from wangge.registry.actions.retention import KEPT, PHONE_KEPT, sooner
from wangge.registry.dictionary import Field, Type

MONTH = "interval '30 days'"


class Of(NamedTuple):
    """`field`: "" is the whole record. Of an organisation: who had a part in it."""

    kind: str
    field: str


class Counted(NamedTuple):
    of: Of
    what: str  # soon, emptied
    sql: sql.Composable


FIELDS = tuple((field, days) for days, fields in sooner().items() for field in fields)
PERSON, PART = Of("person", ""), Of("organisation", "")
PART_PHONE = Of("organisation", "phone")


def times() -> dict[Of, int]:
    """Days after the end, in the order in which they come."""
    fields = {Of("person", field.name): days for field, days in FIELDS}
    parts = {PART_PHONE: PHONE_KEPT.days, PART: KEPT.days}
    return dict(sorted((fields | {PERSON: KEPT.days} | parts).items(), key=lambda one: one[1]))


def _of_people() -> Iterator[Counted]:
    """Rows of registry_person that ended."""
    for field, days in FIELDS:
        held = sql.SQL("{} and {}").format(_ended("ended_at", days), _holds(field))
        yield Counted(Of("person", field.name), "soon", held)
    yield Counted(PERSON, "soon", _ended("ended_at", KEPT.days))
    # Not at somebody's request
    by_time = f"erased_at > %(at)s - {MONTH} and ended_at < erased_at - interval '{KEPT.days} days'"
    yield Counted(PERSON, "emptied", sql.SQL(by_time))


def _of_lines() -> Iterator[Counted]:
    """Lines of history that retention wrote within the month."""
    for field, _ in FIELDS:
        yield Counted(Of("person", field.name), "emptied", sql.SQL("field = {}").format(field.name))


def _of_parts() -> Iterator[Counted]:
    """Rows of registry_organisationperson that ended."""
    reached = sql.SQL("{} and phone_sealed is not null").format(_ended("to_date", PHONE_KEPT.days))
    yield Counted(PART_PHONE, "soon", reached)
    yield Counted(PART, "soon", _ended("to_date", KEPT.days))
    yield Counted(PART_PHONE, "emptied", sql.SQL(f"phone_emptied_at > %(at)s - {MONTH}"))
    yield Counted(PART, "emptied", sql.SQL(f"erased_at > %(at)s - {MONTH}"))


def _ended(column: str, days: int) -> sql.Composed:
    """Its time is over within a month from now, or was within the last and it still stands. Days are Beijing's."""
    due = sql.SQL("(%(at)s::timestamptz - interval {days})").format(days=f"{days} days")
    if column == "to_date":
        due = sql.SQL("({} at time zone 'Asia/Shanghai')::date").format(due)
    between = "erased_at is null and {column} >= {due} - {month} and {column} < {due} + {month}"
    return sql.SQL(between).format(column=sql.Identifier(column), due=due, month=sql.SQL(MONTH))


def _holds(field: Field) -> sql.Composed:
    column = sql.Identifier(f"{field.name}_sealed" if field.is_sealed else field.name)
    empty = field.is_sealed or field.type is Type.DATE
    return (sql.SQL("{} is not null") if empty else sql.SQL("{} <> ''")).format(column)


def _counts(counted: Iterable[Counted]) -> sql.Composed:
    one = sql.SQL("count(*) filter (where {})")
    return sql.SQL("array[{}]::integer[]").format(sql.SQL(", ").join(one.format(number.sql) for number in counted))


_PARTS = (tuple(_of_people()), tuple(_of_lines()), tuple(_of_parts()))
NUMBERS = tuple((number.of, number.what) for part in _PARTS for number in part)
# To stand beside `c (code)`; asks for `at`.
LATERAL = sql.SQL("""
 cross join lateral (
   select {people} as numbers from registry_person where code = c.code and ended_at is not null) gone
 cross join lateral (
   select {lines} as numbers from registry_change
    where code = c.code and source = 'retention' and at > %(at)s::timestamptz - {month}) lines
 cross join lateral (
   select {parts} as numbers from registry_organisationperson where code = c.code and to_date is not null) parts
""").format(people=_counts(_PARTS[0]), lines=_counts(_PARTS[1]), parts=_counts(_PARTS[2]), month=sql.SQL(MONTH))
SUM = sql.SQL("gone.numbers || lines.numbers || parts.numbers")
