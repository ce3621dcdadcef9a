"""Records in words, and their fields as this reader may see them: masked where the dictionary says so."""

from typing import Any

from wangge.registry.dictionary import KINDS, Sensitivity, Type
from wangge.registry.models import Dwelling
from wangge.registry.models.base import Record
from wangge.registry.sealing import masked


def dwelling_words(dwelling: Dwelling) -> str:
    """Its own address, or its building's with staircase and room. `building` must be fetched."""
    if dwelling.address:
        return dwelling.address
    above = dwelling.building.address if dwelling.building else ""
    unit = dwelling.unit + ("单元" if dwelling.unit and dwelling.unit[-1].isdigit() else "")
    room = dwelling.room + ("室" if dwelling.room and dwelling.room[-1].isdigit() else "")
    return above + unit + room


def shown_fields(kind: str, record: Record) -> dict[str, Any]:
    """Values by field as everybody in scope may see them; nothing is unsealed."""
    shown: dict[str, Any] = {}
    for field in KINDS[kind]:
        if field.is_sealed:
            shown[field.name] = getattr(record, f"{field.name}_masked")
        elif field.sensitivity is Sensitivity.MASKED:
            shown[field.name] = masked(field, getattr(record, field.name))
        else:
            shown[field.name] = getattr(record, field.name)
    return shown


def shown_text(kind: str, field_name: str, text: str) -> str:
    """A value of a line of history, as `shown_fields` shows it: of a code the code."""
    field = next((one for one in KINDS.get(kind, ()) if one.name == field_name), None)
    if field is None or not text:
        return text
    if field.sensitivity is Sensitivity.MASKED:
        return text[:4] + "-**-**" if field.type is Type.DATE else masked(field, text)
    return text
