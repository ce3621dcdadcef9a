"""Whoever lives in a dwelling goes with it: grids of dwellings, ties, people, households and what is known of them.

Set-wise, in the transaction of what moved; as the house, because those who moved may leave the mover's own grids.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Greatest

from wangge.registry.access import TABLES
from wangge.registry.models import LIVING, Residence

# What is known of a record stands in the record's own grid.
OF_RECORDS = (
    "update registry_change c set code = r.code from {table} r "
    "where c.record = r.id and c.code <> r.code and r.id = any(%s)",
    "update registry_difference d set code = r.code from {table} r "
    "where d.record = r.id and d.code <> r.code and r.id = any(%s)",
)
OF_BUILDINGS = (
    "update registry_dwelling d set code = b.code from registry_building b "
    "where d.building_id = b.id and d.code <> b.code and b.id = any(%s)",
    "update registry_organisation o set code = b.code from registry_building b "
    "where o.building_id = b.id and o.lon is null and o.code <> b.code and b.id = any(%s)",
)
OF_ORGANISATIONS = (
    "update registry_organisationperson p set code = o.code from registry_organisation o "
    "where p.organisation_id = o.id and p.code <> o.code and o.id = any(%s)",
)
OF_DWELLINGS = (
    "update registry_residence r set code = d.code from registry_dwelling d "
    "where r.dwelling_id = d.id and r.code <> d.code and d.id = any(%s)",
    "update registry_person p set code = d.code from registry_residence r, registry_dwelling d "
    "where r.dwelling_id = d.id and r.person_id = p.id and r.to_date is null and r.tie in ('lives', 'rents') "
    "and p.code <> d.code and d.id = any(%s)",
    "update registry_household h set code = d.code from registry_dwelling d "
    "where h.dwelling_id = d.id and h.code <> d.code and d.id = any(%s)",
)
OF_HOUSEHOLDS = (
    "update registry_member m set code = h.code from registry_household h "
    "where m.household_id = h.id and m.code <> h.code and h.id = any(%s)",
)
LIVING_THERE = """
select person_id from registry_residence
 where to_date is null and tie in ('lives', 'rents') and dwelling_id = any(%s)
"""

OF_PEOPLE = (
    "update registry_token t set code = p.code from registry_person p "
    "where t.record = p.id and t.code <> p.code and p.id = any(%s)",
    "update registry_merge m set code = p.code from registry_person p "
    "where m.kept = p.id and m.code <> p.code and p.id = any(%s)",
    "update registry_apart a set code = p.code from registry_person p "
    "where a.one = p.id and a.code <> p.code and p.id = any(%s)",
    "update registry_care c set code = p.code from registry_person p "
    "where c.person_id = p.id and c.code <> p.code and p.id = any(%s)",
)


def records_moved(kind: str, ids: Sequence[UUID]) -> int:
    """Their code is set; what stands in them, and what is known of them, follows. How many people went along."""
    if not ids:
        return 0
    table = TABLES[kind]._meta.db_table
    _run([statement.format(table=table) for statement in OF_RECORDS], ids)
    match kind:
        case "building":
            return _buildings_moved(ids)
        case "dwelling":
            return _dwellings_moved(ids)
        case "organisation":
            _run(OF_ORGANISATIONS, ids)
        case "household":
            _run(OF_HOUSEHOLDS, ids)
        case "person":
            _run(OF_PEOPLE, ids)
    return 0


def leave_home(person_id: UUID, day: date) -> None:
    """Their home ends that day; what they own stays theirs."""
    Residence.objects.filter(person_id=person_id, to_date=None, tie__in=LIVING).update(
        to_date=Greatest(Value(day), F("from_date"))
    )


def _buildings_moved(ids: Sequence[UUID]) -> int:
    _run(OF_BUILDINGS, ids)
    records_moved("organisation", _ids("select id from registry_organisation where building_id = any(%s)", ids))
    return records_moved("dwelling", _ids("select id from registry_dwelling where building_id = any(%s)", ids))


def _dwellings_moved(ids: Sequence[UUID]) -> int:
    _run(OF_DWELLINGS, ids)
    records_moved("household", _ids("select id from registry_household where dwelling_id = any(%s)", ids))
    people = _ids(LIVING_THERE, ids)
    records_moved("person", people)
    return len(people)


def _run(statements: Iterable[str], ids: Sequence[UUID]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, [list(ids)])


def _ids(statement: str, ids: Sequence[UUID]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return [row[0] for row in cursor.fetchall()]
