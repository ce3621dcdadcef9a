"""What another source says, taken or refused by somebody who looked."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, NotFound
from wangge.registry.access import Ended, access, table_of
from wangge.registry.actions.put import refuse_known, save
from wangge.registry.actions.settle import offered_value, settle
from wangge.registry.actions.source import Act, Source
from wangge.registry.actions.values import read_value
from wangge.registry.dictionary import field_of
from wangge.registry.models import Difference
from wangge.registry.models.base import Record


class DecidedAlready(Conflict):
    code = "registry.difference_decided"
    zh = "这条差异已经处理过。"
    en = "This difference was decided already."


def decide(*, difference_id: UUID, take: bool, why: str = "", by: Actor, at: datetime) -> Difference:
    """Raises NotFound, NotAllowed, Ended, DecidedAlready, AlreadyKnown (the number is another's)."""
    difference = Difference.objects.visible_to(by).filter(pk=difference_id).first()
    if difference is None:
        raise NotFound()
    # The record first, as whoever ends or merges it does.
    record = access(table_of(difference.kind), difference.record, by, to=Permission.REGISTRY_EDIT, lock=True)
    difference = Difference.objects.select_for_update(no_key=True).filter(pk=difference.pk).first()
    if difference is None:  # parting two rows takes it back
        raise NotFound()
    if difference.state != Difference.State.OPEN:
        raise DecidedAlready()
    if take and record.ended_at is not None:
        raise Ended()
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


def close_differences(record: Record, *, why: str, by: Actor, at: datetime) -> list[Difference]:
    """What waits about a record that ends waits no more; as the house. `why`: ended, merged. Returns those closed."""
    waiting = list(
        Difference.objects.select_for_update(no_key=True)
        .filter(record=record.pk, state=Difference.State.OPEN)
        .order_by("said_at", "id")
    )
    closed = {"state": Difference.State.REFUSED, "decided_at": at, "decided_by": by.name, "why": why}
    Difference.objects.filter(pk__in=[one.pk for one in waiting]).update(**closed)
    return waiting


def reopen_differences(ids: Sequence[str]) -> None:
    """As the house."""
    Difference.objects.filter(pk__in=ids).update(state=Difference.State.OPEN, decided_at=None, decided_by="", why="")


def _take(difference: Difference, record: Record, why: str, by: Actor, at: datetime) -> None:
    """The word of whoever said it, then: only that it stands now is a decision."""
    field = field_of(difference.kind, difference.field)
    if field is None:
        raise NotFound()
    source = Source(kind=difference.source, owner=difference.owner, said_at=difference.said_at)
    act = Act(why=why, source=source, at=at, decided=True)
    value = read_value(field, offered_value(difference), today=clock.day_of(at))
    settled = settle(difference.kind, record, {field.name: value}, act, by=by, is_new=False)
    refuse_known(difference.kind, record, by)
    save(difference.kind, record, settled, act, is_new=False, moved=False)
