"""Looking at what is sealed: one record, stated fields, one purpose, on the record before anything is shown."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import crypto, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import DomainError, NotFound, invalid
from wangge.core.models import JournalEntry
from wangge.registry.access import access, table_of
from wangge.registry.actions.settle import as_text, held_value
from wangge.registry.dictionary import KINDS, Sensitivity
from wangge.registry.models import OrganisationPerson
from wangge.registry.rules.looking import REVEALED
from wangge.registry.rules.purposes import MOST_REVEALED, WITHIN, RevealPurpose
from wangge.registry.sealing import PART_PHONE

AT_ONCE = timedelta(minutes=5)


class TooManyRevealed(DomainError):
    code = "registry.too_many_revealed"
    status = 429
    zh = "一小时内查看敏感信息已达上限（{most} 次），请稍后再试。"
    en = "You have seen {most} sealed records within the hour, which is the limit; try again later."


def reveal(
    *, kind: str, record_id: UUID, fields: Sequence[str], purpose: RevealPurpose, by: Actor, at: datetime
) -> dict[str, str]:
    """Whole values by field. Raises NotFound, NotAllowed, Invalid, TooManyRevealed."""
    record: Any = access(table_of(kind), record_id, by, to=Permission.REGISTRY_REVEAL)
    known = {field.name: field for field in KINDS[kind] if field.sensitivity is not Sensitivity.OPEN}
    wanted = list(dict.fromkeys(fields))
    if not wanted or not set(wanted) <= set(known):
        raise invalid("fields", "请选择要查看的项。", "Choose what to look at.")
    refuse_too_many(by, at)
    entry = journal.Entry(
        kind=f"{kind}.revealed",
        subject=(kind, str(record.pk)),
        code=record.code,
        permission=Permission.REGISTRY_REVEAL,
        data={"fields": wanted, "purpose": purpose},
    )
    journal.record(entry, by=by, at=at)
    return {name: as_text(held_value(kind, record, known[name])) for name in wanted}


def reveal_part(*, part_id: UUID, purpose: RevealPurpose, by: Actor, at: datetime) -> dict[str, str]:
    """The telephone of who has a part in an organisation. Raises NotFound, NotAllowed, TooManyRevealed."""
    part = OrganisationPerson.objects.visible_to(by).filter(pk=part_id).first()
    if part is None:
        raise NotFound()
    by.require(Permission.REGISTRY_REVEAL)
    refuse_too_many(by, at)
    entry = journal.Entry(
        kind="organisation.revealed",
        subject=("organisation", str(part.organisation_id)),
        code=part.code,
        permission=Permission.REGISTRY_REVEAL,
        data={"fields": ["phone"], "purpose": purpose, "part": str(part.pk)},
    )
    journal.record(entry, by=by, at=at)
    sealed = part.phone_sealed
    phone = crypto.unseal_text(bytes(sealed), context=PART_PHONE, row=str(part.pk)) if sealed else ""
    return {"phone": phone}


def refuse_too_many(by: Actor, at: datetime) -> None:
    """One limit for all that is opened here: records, care files. Raises TooManyRevealed."""
    seen = JournalEntry.objects.filter(actor_user=by.user_id, kind__in=REVEALED, at__gt=at - WITHIN)
    if seen.count() >= MOST_REVEALED:
        raise TooManyRevealed(most=MOST_REVEALED)


def note_reading(kind: str, record: Any, *, by: Actor, at: datetime) -> None:
    """A file was opened. Who reads of whom is the record that an auditor, and the resident, may ask for."""
    entry = journal.Entry(
        kind=f"{kind}.read", subject=(kind, str(record.pk)), code=record.code, permission=Permission.REGISTRY_READ
    )
    journal.record(entry, by=by, at=at)


def was_noted(kind: str, record: Any, *, by: Actor, at: datetime) -> bool:
    """That they have this file before them."""
    entries = JournalEntry.objects.filter(subject_type=kind, subject_id=str(record.pk), kind=f"{kind}.read")
    return by.user_id is not None and entries.filter(actor_user=by.user_id, at__gt=at - AT_ONCE).exists()


def raise_unusual(user_id: int, name: str, data: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """To the auditor: reading out of the ordinary."""
    with acting(by):
        entry = journal.Entry(kind="registry.unusual", subject=("account", str(user_id)), data=data)
        journal.record(entry, by=by, at=at)
