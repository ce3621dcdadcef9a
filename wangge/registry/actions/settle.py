"""Field by field: what is held, what is said now, which of them stands (rules/winning.py), and the line of history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from wangge.core import crypto
from wangge.core.actor import Actor
from wangge.core.ids import new_id
from wangge.registry.actions.source import Act
from wangge.registry.dictionary import KINDS, Field, field_of
from wangge.registry.models import Change, Difference, Dwelling
from wangge.registry.models.base import Record
from wangge.registry.rules import addresses
from wangge.registry.rules.winning import Outcome, Said, outcome
from wangge.registry.sealing import comparable, context, found_by, masked
from wangge.registry.stored import columns_of_one

HISTORY, DIFFERENCE = "registry_change", "registry_difference"


@dataclass(frozen=True, slots=True)
class Settled:
    """`repeated`: fields that go stale, said as they are held."""

    changed: tuple[str, ...]
    repeated: tuple[str, ...]
    changes: tuple[Change, ...]
    differences: tuple[Difference, ...]


def settle(kind: str, row: Record, values: Mapping[str, Any], act: Act, *, by: Actor, is_new: bool) -> Settled:
    """Writes what wins into `row` (not saved). A new record has no history: its first state is what stands."""
    fields = {field.name: field for field in KINDS[kind]}
    changed, repeated, changes, differences = list[str](), list[str](), list[Change](), list[Difference]()
    for name, value in values.items():
        field = fields[name]
        if _is_nothing_new(row, field, value, act):
            if field.fresh_days and value not in (None, ""):
                repeated.append(name)
            continue
        held = held_value(kind, row, field)
        match _outcome(field, row, held, value, act):
            case Outcome.SAME:
                if field.fresh_days and value not in (None, ""):
                    repeated.append(name)
                continue
            case Outcome.DIFFER:
                differences.append(_difference(kind, row, field, value, act))
                continue
        if not is_new:
            changes.append(_change(kind, row, field, held, value, act, by))
        write_value(kind, row, field, value)
        _remember_source(row, field, act, is_new=is_new)
        changed.append(name)
    return Settled(tuple(changed), tuple(repeated), tuple(changes), tuple(differences))


def confirm(row: Record, repeated: Sequence[str], act: Act) -> None:
    """They are fresh from now on; whose word they are stays. Into `row`, not saved."""
    row.sources |= confirmed(row, repeated, act)


def confirmed(row: Record, repeated: Sequence[str], act: Act) -> dict[str, list[str]]:
    """What `confirm` puts into the record's sources."""
    at, made = act.source.said_at or act.at, row.made_at.isoformat()
    said, text = {name: row.sources.get(name, ["", made]) for name in repeated}, at.isoformat()
    return {
        name: [owner, text, *decided]
        for name, (owner, before, *decided) in said.items()
        if datetime.fromisoformat(before) < at
    }


def held_value(kind: str, row: Record, field: Field) -> Any:
    """The whole value; sealed ones are opened, so only for deciding and revealing."""
    if not field.is_sealed:
        return getattr(row, field.name)
    sealed = getattr(row, f"{field.name}_sealed")
    return "" if sealed is None else crypto.unseal_text(sealed, context=context(kind, field.name), row=str(row.pk))


def write_value(kind: str, row: Record, field: Field, value: Any) -> None:
    for column, stored in columns_of_one(kind, field, value, str(row.pk)).items():
        setattr(row, column, stored)
    if field.name in ("unit", "room") and isinstance(row, Dwelling):
        row.room_key = addresses.room_key(unit=row.unit, room=row.room)


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)


def _is_nothing_new(row: Record, field: Field, value: Any, act: Act) -> bool:
    """Seen without opening what is sealed: most of what a file says again is so."""
    if value in (None, ""):
        return not act.source.is_corrected
    if not field.is_sealed and getattr(row, field.name) == value:
        return True
    if not field.is_found:
        return False
    held = getattr(row, f"{field.name}_hash")
    return held is not None and bytes(held) == found_by(field, value)


def _outcome(field: Field, row: Record, held: Any, value: Any, act: Act) -> Outcome:
    is_empty = held in (None, "")
    if comparable(field, as_text(held)) == comparable(field, as_text(value)):
        return Outcome.SAME
    if value in (None, "") and not act.source.is_corrected:
        return Outcome.SAME  # a file that says nothing takes nothing away
    if act.decided:
        return Outcome.TAKE
    owner, at, *decided = row.said_of(field.name)
    held_at = datetime.fromisoformat(at) if at else row.checked_at
    return outcome(
        field.wins,
        field.owner,
        held=Said(owner=owner, at=held_at, decided=bool(decided)),
        new=Said(owner=act.source.owner, at=act.source.said_at or act.at),
        is_empty=is_empty,
        is_corrected=act.source.is_corrected,
    )


def _remember_source(row: Record, field: Field, act: Act, *, is_new: bool) -> None:
    """Of a new record only what is another's word: the rest is as old as the record."""
    if not is_new or act.source.owner or act.source.said_at or act.decided:
        said = [act.source.owner, (act.source.said_at or act.at).isoformat()]
        row.sources[field.name] = [*said, "decided"] if act.decided else said


def line_of(kind: str, row: Record, name: str, act: Act, by: Actor) -> Change:
    """Of a record's history, without what it was and is."""
    return Change(
        kind=kind,
        record=row.pk,
        act=act.id,
        field=name,
        why=act.why,
        source=act.source.kind,
        owner=act.source.owner,
        by_post=by.post_id,
        by_name=by.name,
        at=act.at,
        code=row.code,
    )


def _change(kind: str, row: Record, field: Field, old: Any, new: Any, act: Act, by: Actor) -> Change:
    change = line_of(kind, row, field.name, act, by)
    if not field.is_sealed:
        change.old, change.new = as_text(old), as_text(new)
        return change
    change.old, change.new = masked(field, old), masked(field, new)
    change.old_sealed, change.new_sealed = (seal_beside(HISTORY, row, field, text) for text in (old, new))
    return change


def _difference(kind: str, row: Record, field: Field, value: Any, act: Act) -> Difference:
    sealed = seal_beside(DIFFERENCE, row, field, value) if field.is_sealed else None
    return Difference(
        id=new_id(),
        kind=kind,
        record=row.pk,
        field=field.name,
        offered=masked(field, value) if field.is_sealed else as_text(value),
        offered_sealed=sealed,
        source=act.source.kind,
        owner=act.source.owner,
        said_at=act.source.said_at or act.at,
        code=row.code,
    )


def not_asked(differences: Sequence[Difference]) -> list[Difference]:
    """Those to ask about: none that waits already or was refused, and none twice. One query.

    Sealed values are told by the whole: two telephones may have one mask.
    """
    if not differences:
        return []
    of_these = Difference.objects.filter(
        record__in={one.record for one in differences}, offered__in={one.offered for one in differences}
    )
    asked = {_asked(one) for one in of_these.exclude(state=Difference.State.TAKEN)}
    new = {_asked(one): one for one in reversed(differences)}  # the first of those that say the same
    return [one for key, one in reversed(new.items()) if key not in asked]


def asked_of(row: Record, difference: Difference) -> Difference | None:
    """The same about another row, sealed anew: a value opens in its own row alone. None where that holds the value."""
    field, value = field_of(difference.kind, difference.field), offered_value(difference)
    if field is None:
        return None
    if comparable(field, as_text(held_value(difference.kind, row, field))) == comparable(field, value):
        return None
    return Difference(
        id=new_id(),
        kind=difference.kind,
        record=row.pk,
        field=difference.field,
        offered=difference.offered,
        offered_sealed=seal_beside(DIFFERENCE, row, field, value) if field.is_sealed else None,
        source=difference.source,
        owner=difference.owner,
        said_at=difference.said_at,
        code=row.code,
    )


def offered_value(difference: Difference) -> str:
    """What was said, whole."""
    if difference.offered_sealed is None:
        return difference.offered
    name = f"{DIFFERENCE}.{difference.field}"
    return crypto.unseal_text(bytes(difference.offered_sealed), context=name, row=str(difference.record))


def old_value(change: Change) -> str:
    """What was held before, whole."""
    if change.old_sealed is None:
        return change.old
    name = f"{HISTORY}.{change.field}"
    return crypto.unseal_text(bytes(change.old_sealed), context=name, row=str(change.record))


def seal_beside(table: str, row: Record, field: Field, value: str) -> bytes | None:
    """A sealed field's value in another table's row about the same record."""
    return crypto.seal(value, context=f"{table}.{field.name}", row=str(row.pk)) if value else None


def _asked(difference: Difference) -> tuple[UUID, str, str, str]:
    field = field_of(difference.kind, difference.field)
    value = offered_value(difference)
    return difference.record, difference.field, difference.owner, comparable(field, value) if field else value
