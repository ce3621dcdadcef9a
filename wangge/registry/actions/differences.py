"""What another source says, taken or refused by somebody who looked."""

from datetime import datetime
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import clock, crypto, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, NotFound
from wangge.registry.access import access, table_of
from wangge.registry.actions.put import write_tokens
from wangge.registry.actions.settle import DIFFERENCE, settle
from wangge.registry.actions.source import Act, Source
from wangge.registry.actions.values import read_value
from wangge.registry.dictionary import Field, field_of
from wangge.registry.models import Change, Difference, Person


class DecidedAlready(Conflict):
    code = "registry.difference_decided"
    zh = "这条差异已经处理过。"
    en = "This difference was decided already."


def decide(*, difference_id: UUID, take: bool, why: str = "", by: Actor, at: datetime) -> Difference:
    """Raises NotFound, NotAllowed, DecidedAlready."""
    difference = Difference.objects.visible_to(by).filter(pk=difference_id).first()
    if difference is None:
        raise NotFound()
    by.require(Permission.REGISTRY_EDIT)
    difference = Difference.objects.select_for_update(no_key=True).get(pk=difference.pk)
    if difference.state != Difference.State.OPEN:
        raise DecidedAlready()
    record = access(table_of(difference.kind), difference.record, by, to=Permission.REGISTRY_EDIT, lock=True)
    with acting(Actor.system("registry")):
        if take:
            _take(difference, record, why, by, at)
        difference.state = Difference.State.TAKEN if take else Difference.State.REFUSED
        difference.decided_at, difference.decided_by, difference.why = at, by.name, why
        difference.save(update_fields=["state", "decided_at", "decided_by", "why"])
        entry = journal.Entry(
            kind=f"{difference.kind}.difference_{difference.state}",
            subject=(difference.kind, str(difference.record)),
            code=difference.code,
            permission=Permission.REGISTRY_EDIT,
            changed=[difference.field] if take else [],
        )
        journal.record(entry, by=by, at=at)
    return difference


def _take(difference: Difference, record: object, why: str, by: Actor, at: datetime) -> None:
    field = field_of(difference.kind, difference.field)
    if field is None:
        raise NotFound()
    # As a correction by whoever's word it is: it stands against the policy that set it aside.
    act = Act(why=why, source=Source(kind="console", owner=difference.owner or field.owner), at=at)
    value = read_value(field, _offered(difference, field), today=clock.day_of(at))
    settled = settle(difference.kind, record, {field.name: value}, act, by=by, is_new=False)  # type: ignore[arg-type]
    record.version += 1  # type: ignore[attr-defined]
    record.changed_at = at  # type: ignore[attr-defined]
    record.save()  # type: ignore[attr-defined]
    Change.objects.bulk_create(settled.changes)
    if isinstance(record, Person):
        write_tokens(record)


def _offered(difference: Difference, field: Field) -> str:
    if not field.is_sealed or difference.offered_sealed is None:
        return difference.offered
    name = f"{DIFFERENCE}.{field.name}"
    return crypto.unseal_text(bytes(difference.offered_sealed), context=name, row=str(difference.record))
