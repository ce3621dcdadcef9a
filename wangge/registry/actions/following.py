"""Whoever lives in a dwelling goes with it: grids of dwellings, ties, people, households and what is known of them.

Set-wise, in the transaction of what moved; as the house, because those who moved may leave the mover's own grids.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Greatest

from wangge.registry.models import LIVING, Residence

OF_BUILDINGS = """
update registry_dwelling d set code = b.code from registry_building b
 where d.building_id = b.id and d.code <> b.code and b.id = any(%s)
"""

OF_ORGANISATIONS = (
    "update registry_organisation o set code = b.code from registry_building b "
    "where o.building_id = b.id and o.lon is null and o.code <> b.code and b.id = any(%s)",
    "update registry_organisationperson p set code = o.code from registry_organisation o "
    "where p.organisation_id = o.id and p.code <> o.code and o.building_id = any(%s)",
)

OF_DWELLINGS = (
    "update registry_residence r set code = d.code from registry_dwelling d "
    "where r.dwelling_id = d.id and r.code <> d.code and d.id = any(%s)",
    "update registry_person p set code = d.code from registry_residence r, registry_dwelling d "
    "where r.dwelling_id = d.id and r.person_id = p.id and r.to_date is null and r.tie in ('lives', 'rents') "
    "and p.code <> d.code and d.id = any(%s)",
    "update registry_household h set code = d.code from registry_dwelling d "
    "where h.dwelling_id = d.id and h.code <> d.code and d.id = any(%s)",
    "update registry_member m set code = h.code from registry_household h "
    "where m.household_id = h.id and m.code <> h.code and h.dwelling_id = any(%s)",
)
LIVING_THERE = """
select person_id from registry_residence
 where to_date is null and tie in ('lives', 'rents') and dwelling_id = any(%s)
"""

OF_PEOPLE = (
    "update registry_token t set code = p.code from registry_person p "
    "where t.record = p.id and t.code <> p.code and p.id = any(%s)",
    "update registry_change c set code = p.code from registry_person p "
    "where c.record = p.id and c.code <> p.code and p.id = any(%s)",
    "update registry_difference d set code = p.code from registry_person p "
    "where d.record = p.id and d.code <> p.code and p.id = any(%s)",
    "update registry_merge m set code = p.code from registry_person p "
    "where m.kept = p.id and m.code <> p.code and p.id = any(%s)",
    "update registry_care c set code = p.code from registry_person p "
    "where c.person_id = p.id and c.code <> p.code and p.id = any(%s)",
)


def buildings_moved(ids: Sequence[UUID]) -> int:
    """How many people went with them."""
    with connection.cursor() as cursor:
        for statement in (OF_BUILDINGS, *OF_ORGANISATIONS):
            cursor.execute(statement, [list(ids)])
        cursor.execute("select id from registry_dwelling where building_id = any(%s)", [list(ids)])
        dwellings = [row[0] for row in cursor.fetchall()]
    return dwellings_moved(dwellings)


def dwellings_moved(ids: Sequence[UUID]) -> int:
    """How many people went with them."""
    if not ids:
        return 0
    with connection.cursor() as cursor:
        for statement in OF_DWELLINGS:
            cursor.execute(statement, [list(ids)])
        cursor.execute(LIVING_THERE, [list(ids)])
        people = [row[0] for row in cursor.fetchall()]
    people_moved(people)
    return len(people)


def leave_home(person_id: UUID, day: date) -> None:
    """Their home ends that day; what they own stays theirs."""
    Residence.objects.filter(person_id=person_id, to_date=None, tie__in=LIVING).update(
        to_date=Greatest(Value(day), F("from_date"))
    )


def people_moved(ids: Sequence[UUID]) -> None:
    """Their code is set; what is found and known of them follows."""
    if not ids:
        return
    with connection.cursor() as cursor:
        for statement in OF_PEOPLE:
            cursor.execute(statement, [list(ids)])
