"""Whom a file brings twice, with a document number and without: one person, when name, birthday and home are equal.

Told when all rows are written, for either may come first and pages are made ready beside each other. Whoever was made
of the row without a number goes again: nobody saw them, and what that row says is settled on the one with the number.
"""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from wangge.core.actor import Actor
from wangge.registry.actions.settle import held_value
from wangge.registry.actions.source import Act
from wangge.registry.dictionary import PERSON
from wangge.registry.importers.chunks import in_chunks
from wangge.registry.importers.incoming import Incoming
from wangge.registry.importers.settling import Tally, settle_known
from wangge.registry.models import Person, Residence
from wangge.registry.models.among import Among

ONE = """
select g.id, min(k.id::text)::uuid
  from unnest(%s::uuid[]) as w (id) join registry_person g on g.id = w.id
  join registry_residence own on own.person_id = g.id and own.to_date is null and own.tie in ('lives', 'rents')
  join registry_residence home on home.dwelling_id = own.dwelling_id and home.to_date is null
   and home.tie in ('lives', 'rents')
  join registry_person k on k.id = home.person_id and k.code = g.code and k.name_key = g.name_key
   and k.birth_date = g.birth_date and k.id_number_hash is not null and k.ended_at is null
 group by g.id having count(*) = 1
"""


def is_to_be_told(row: Incoming) -> bool:
    """A new row that may turn out to be somebody whose number stands in another row."""
    return not row.values.get("id_number") and bool(row.home and row.values.get("birth_date"))


def fold(made: Sequence[str], *, act: Act, by: Actor, tally: Tally) -> None:
    """`made`: ids of those new rows, their tokens not yet written. As the house."""
    for ids in in_chunks(made):
        with connection.cursor() as cursor:
            cursor.execute(ONE, [ids])
            pairs: dict[UUID, UUID] = dict(cursor.fetchall())
        if not pairs:
            continue
        people = Person.objects.filter(Among("pk", [*pairs, *pairs.values()])).in_bulk()
        rows = [_said_again(people[gone], people[kept]) for gone, kept in pairs.items()]
        _unmake(list(pairs))
        tally.created -= len(pairs)
        settle_known("person", rows, act=act, by=by, tally=tally)


def _said_again(gone: Person, kept: Person) -> Incoming:
    values = {field.name: held_value("person", gone, field) for field in PERSON}
    said = {name: value for name, value in values.items() if value not in (None, "")}
    if said.get("registration") == "registered":
        del said["registration"]  # what a row has that says nothing of it
    return Incoming(number=0, values=said, code=kept.code, known=kept)


def _unmake(people: list[UUID]) -> None:
    Residence.objects.filter(Among("person", people)).delete()
    with connection.cursor() as cursor:
        cursor.execute("delete from tokens_incoming where record = any(%s)", [people])
        cursor.execute("delete from registry_person where id = any(%s)", [people])
