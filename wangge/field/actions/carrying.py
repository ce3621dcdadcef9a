"""From a sheet into the registry (ADR 19, 20): the one write path with the field as source, in the sheet's transaction.

The sheet keeps which fields were said and not what: a value stands once, where it is corrected, kept and erased.
"""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import Invalid, invalid
from wangge.field.actions.given import RecordGiven, RegistryGiven
from wangge.field.models import Record
from wangge.field.rules import registry_forms as rules
from wangge.field.rules.forms import Answers, Schema
from wangge.registry.actions import Stands, collect
from wangge.registry.queries.words import dwelling_words

# A phone that sends what was written longer ago has opened the record anew, or is told of the change in between.
LOOKED_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """`said`: Record.registry. `left`: the answers that are the sheet's own. `address`: of what is no person."""

    said: dict[str, Any]
    left: Answers
    code: str
    address: str


def carry(*, given: RecordGiven, schema: Schema, answers: Answers, by: Actor, at: datetime) -> Carried | None:
    """None for a sheet that stays one. Raises what `collect` raises, its faults by field of the sheet."""
    kind, about = rules.kind_of(schema), given.registry
    if kind is None or about is None:
        if kind is not None or about is not None:
            raise invalid("registry", "请先选择要登记或核对的对象。", "Choose first what the sheet is about.")
        return None
    asked = rules.asked_of(schema)
    by_field = {field: name for name, field in asked.items()}
    meant = _meant(about, by, at)
    try:
        written = collect(
            kind=kind,
            record_id=meant.id,
            version=meant.version,
            values={asked[name]: value for name, value in answers.items() if name in asked},
            confirmed=[asked[name] for name in about.confirmed if name in asked],
            stands=_stands(meant, given, rules.tie_in(schema, answers)),
            takes_over=about.moved_in,
            why=about.why,
            said_at=clock.happened(given.happened_at, received=at),
            by=by,
            at=at,
        )
    except Invalid as wrong:
        raise Invalid(fields={_where(name, by_field): fault for name, fault in wrong.fields.items()}) from wrong
    became = {
        "kind": kind,
        "id": str(written.record.pk),
        "asked": str(about.id),
        "opened": about.version,
        "version": written.record.version,
        "fields": sorted(asked[name] for name in answers if name in asked),
    }
    left = {name: value for name, value in answers.items() if name not in asked and value is not None}
    return Carried(said=became, left=left, code=written.record.code, address=_address(kind, written.record))


def _address(kind: str, record: Any) -> str:
    """Where somebody lives stands with them alone."""
    if kind == "dwelling":
        return dwelling_words(record)
    return "" if kind == "person" else str(getattr(record, "address", ""))


def _meant(about: RegistryGiven, by: Actor, at: datetime) -> RegistryGiven:
    """With the ids that records made on this phone got here, and the version that one's own earlier sheets left."""
    became = {asked: _became(asked, by, at) for asked in (about.id, about.building_id, about.dwelling_id) if asked}
    meant = replace(
        about,
        building_id=became.get(about.building_id) if about.building_id else None,
        dwelling_id=became.get(about.dwelling_id) if about.dwelling_id else None,
    )
    if about.version is None:
        return meant
    meant = replace(meant, id=became[about.id])
    # Corrected twice before the network came back: the second was written over the first, and over nobody else's.
    own = _own(by, at).filter(registry__id=str(meant.id), registry__opened=about.version)
    newest = own.order_by("-received_at", "-id").values_list("registry__version", flat=True).first()
    return meant if newest is None else replace(meant, version=newest)


def _became(asked: uuid.UUID, by: Actor, at: datetime) -> uuid.UUID:
    """A room or number that was known already led to that record."""
    found = _own(by, at).filter(registry__asked=str(asked)).values_list("registry__id", flat=True).first()
    return uuid.UUID(found) if found else asked


def _own(by: Actor, at: datetime) -> Any:
    return Record.objects.filter(by_post=by.post_id or 0, happened_at__gte=at - LOOKED_BACK, registry__isnull=False)


def _stands(meant: RegistryGiven, given: RecordGiven, tie: str) -> Stands:
    if (given.lon is None) != (given.lat is None):
        raise invalid("lat", "经度和纬度要同时给出。", "Give longitude and latitude together.")
    return Stands(
        building_id=meant.building_id,
        dwelling_id=meant.dwelling_id,
        tie=tie,
        lon=given.lon,
        lat=given.lat,
        code=given.grid,
    )


def _where(name: str, by_field: dict[str, str]) -> str:
    return f"answers.{by_field[name]}" if name in by_field else name
