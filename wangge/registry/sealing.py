"""How the dictionary's sealed fields lie in their rows: `…_sealed` bound to the row, `…_hash` to find by, `…_masked`.

Hashes are the registry's own: nobody can match a resident's telephone here with that of somebody who reported a case.
"""

from datetime import date
from typing import Any

from wangge.core import crypto
from wangge.core.masking import mask_email, mask_id_number, mask_phone
from wangge.core.phone_numbers import normalise_phone
from wangge.registry.dictionary import Field, Sensitivity, Type

PURPOSES = {Type.IDENTITY: "registry.identity", Type.PHONE: "registry.phone"}
NAME_PURPOSE = "registry.name"
PART_PHONE = "registry_organisationperson.phone"


def context(kind: str, field: str) -> str:
    return f"registry_{kind}.{field}"


def found_by(field: Field, value: str) -> bytes:
    """The hash a value is found by; it must be in its one form (values.py)."""
    return crypto.keyed_hash(comparable(field, value), purpose=PURPOSES[field.type])


def comparable(field: Field, value: str) -> str:
    return (normalise_phone(value) or value) if field.type is Type.PHONE else value


def masked(field: Field, value: Any) -> str:
    """What everybody may see of a value of a masked or sealed field."""
    if value in (None, ""):
        return ""
    if field.sensitivity is Sensitivity.OPEN:
        return str(value)
    if isinstance(value, date):
        return f"{value.year}-**-**"
    match field.type:
        case Type.IDENTITY:
            return mask_id_number(value)
        case Type.PHONE:
            return mask_phone(value)
        case Type.CODE:
            return "*"
        case Type.SECRET if "@" in value:
            return mask_email(value)
    text = str(value)
    return text[: len(text) // 3] + "*" * 4
