"""Homes that rows of people name by the code of a house, and who of them gets one."""

from collections.abc import Sequence

import uuid_utils
from django.db.models import TextField
from django.db.models.functions import Cast

from wangge.core.actor import Actor, acting
from wangge.core.importing.importer import ImportContext
from wangge.registry.importers.copying import as_text, insert_lines
from wangge.registry.importers.incoming import Incoming
from wangge.registry.importers.settling import Tally, hold
from wangge.registry.models import LIVING, Dwelling, Residence
from wangge.registry.models.among import Among

Houses = dict[tuple[str, str], str]  # ids by house code and grid


def houses_of(wanted: set[str]) -> Houses:
    """Dwellings by house code and grid, the oldest where there are two; as the house."""
    if not wanted:
        return {}
    with acting(Actor.system("registry")):
        rows = Dwelling.objects.filter(Among("house_no", wanted), ended_at=None).exclude(house_no="")
        told = rows.order_by("-made_at", "-id").values_list("house_no", "code", Cast("pk", TextField()))
        return {(house, code): pk for house, code, pk in told}


def tie(incoming: Sequence[Incoming], context: ImportContext, tally: Tally) -> None:
    """Who names a house of their own grid, and has no home yet, lives there. Raises ChangedSinceCheck."""
    moving = [row for row in incoming if row.home]
    houses = houses_of({row.home for row in moving})
    housed = _housed([row for row in moving if row.known is not None])
    loose = [row for row in moving if row.id not in housed and (row.home, _grid(row)) in houses]
    if known := [row for row in loose if row.known is not None]:
        hold("person", known, context.by)  # nobody moves, or ends, in between
        housed = _housed(known)
    at, lines = as_text(context.at), []
    for row in loose:
        code = _grid(row)  # of who was held, as it is now
        house = houses.get((row.home, code))
        if house is not None and row.id not in housed:
            housed.add(row.id)
            tally.grids.add(code)
            lines.append(f"{uuid_utils.uuid7()}\t{row.id}\t{house}\tlives\t{code}\t{at}\n")
    if lines:
        columns = ("id", "person_id", "dwelling_id", "tie", "code", "at")
        insert_lines("registry_residence", columns, "".join(lines))


def _housed(rows: Sequence[Incoming]) -> set[str]:
    """Those of known people who live somewhere."""
    if not rows:
        return set()
    homes = Residence.objects.filter(Among("person", [row.known.pk for row in rows]), to_date=None, tie__in=LIVING)
    return {str(person) for person in homes.values_list("person_id", flat=True)}


def _grid(row: Incoming) -> str:
    return str(row.known.code) if row.known is not None else row.code
