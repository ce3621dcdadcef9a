"""What somebody collected or corrected in the field: put like any other word, and with it where a person lives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from wangge.core.actor import Actor
from wangge.core.errors import invalid
from wangge.registry.access import access, table_of
from wangge.registry.actions.put import Where, Written, put
from wangge.registry.actions.source import Source
from wangge.registry.actions.ties import tie_person
from wangge.registry.collected import COLLECTED
from wangge.registry.dictionary import Sensitivity, field_of
from wangge.registry.models import LIVING, Dwelling, Person, Residence

FIELD = "field"
SHORTEST_WHY = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """Where a new record stands: in a building, in a dwelling, or at a point (WGS-84) or in a grid. Of one that stands
    already the point that it really is at, for kinds that are collected at a point."""

    building_id: UUID | None = None
    dwelling_id: UUID | None = None
    tie: str = ""  # of a person to their dwelling
    lon: float | None = None
    lat: float | None = None
    code: str = ""


def collect(
    *,
    kind: str,
    record_id: UUID,
    version: int | None,
    values: Mapping[str, Any],
    confirmed: Sequence[str],
    stands: Stands,
    takes_over: bool,
    why: str = "",
    said_at: datetime,
    by: Actor,
    at: datetime,
) -> Written:
    """A record as somebody found it. `version`: the one that they had before them; None makes a new record. `why`: said
    with a correction, and needed where a value that is masked or sealed is taken away.

    All of it or nothing. Raises what `put` and `tie_person` raise.
    """
    with transaction.atomic():
        if version is not None:
            # `put` would make a record of an id that nobody has.
            row = access(table_of(kind), record_id, by, standing=True)
            # A correction says of its fields when they were seen, which may be hours before the network was back; a
            # wrong clock cannot have seen them before they stood so.
            source = Source(kind=FIELD, said_at=max(said_at, row.changed_at))
            _need_why(kind, values, why)
            return put(
                kind=kind, record_id=record_id, values=values, confirmed=confirmed, where=_moved(kind, stands), why=why,
                source=source, version=version, by=by, at=at,
            )  # fmt: skip
        where = _where_lives(stands, by) if kind == "person" else _where(stands)
        written = put(
            kind=kind, record_id=record_id, values=values, where=where, source=Source(kind=FIELD),
            takes_over=takes_over, by=by, at=at,
        )  # fmt: skip
        if isinstance(written.record, Person):
            _moves_in(written.record, stands, by, at)
            written.record.refresh_from_db(fields=["version", "code"])
        return written


def _need_why(kind: str, values: Mapping[str, Any], why: str) -> None:
    """Nobody sees what they take away: it is done on purpose, and the reason stands in the history. Raises Invalid."""
    emptied = (field_of(kind, name) for name, value in values.items() if value in (None, ""))
    is_hidden = any(field is not None and field.sensitivity is not Sensitivity.OPEN for field in emptied)
    if is_hidden and len(why.strip()) < SHORTEST_WHY:
        raise invalid("registry.why", "请写明清除的原因。", "Say why this is taken away.")


def _moved(kind: str, stands: Stands) -> Where | None:
    if not COLLECTED[kind].at_point or stands.lon is None:
        return None
    return Where(lon=stands.lon, lat=stands.lat, code=stands.code)


def _where(stands: Stands) -> Where:
    if stands.building_id is not None:
        return Where(building_id=stands.building_id)
    if stands.dwelling_id is not None:
        return Where(dwelling_id=stands.dwelling_id)
    return Where(lon=stands.lon, lat=stands.lat, code=stands.code)


def _where_lives(stands: Stands, by: Actor) -> Where:
    if stands.dwelling_id is None:
        raise invalid("registry.dwelling_id", "请先选择住处。", "Choose where they live first.")
    return Where(code=access(Dwelling, stands.dwelling_id, by, standing=True).code)


def _moves_in(person: Person, stands: Stands, by: Actor, at: datetime) -> None:
    """Who is known already may live there already."""
    assert stands.dwelling_id is not None  # noqa: S101 - _where_lives
    same = LIVING if stands.tie in LIVING else (stands.tie,)
    if Residence.objects.filter(person=person, dwelling=stands.dwelling_id, to_date=None, tie__in=same).exists():
        return
    tie_person(
        person_id=person.pk, dwelling_id=stands.dwelling_id, tie=stands.tie, from_date=None, source=FIELD, by=by, at=at
    )
