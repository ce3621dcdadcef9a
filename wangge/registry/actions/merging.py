"""Two rows for one person made one, with a list of what was moved, so that it can be undone."""

from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import clock, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, NotFound, invalid
from wangge.core.ids import new_id
from wangge.registry.access import access
from wangge.registry.actions.differences import close_differences, reopen_differences
from wangge.registry.actions.put import refuse_known, write_tokens
from wangge.registry.actions.settle import asked_of, held_value, not_asked, old_value, settle, write_value
from wangge.registry.actions.source import Act, Source
from wangge.registry.dictionary import PERSON
from wangge.registry.models import (
    LIVING,
    Care,
    Change,
    Difference,
    Member,
    Merge,
    OrganisationPerson,
    Person,
    Residence,
    Token,
)
from wangge.registry.queries.undoing import emptied_since, still_given

# What points to a person, and which of two rows would say the same twice.
POINTING: dict[str, tuple[Any, tuple[str, ...]]] = {
    "residence": (Residence, ("dwelling_id", "tie")),
    "member": (Member, ("household_id",)),
    "part": (OrganisationPerson, ("organisation_id", "role")),
    "care": (Care, ("category_id",)),
}


FIELDS = {field.name: field for field in PERSON}


class NotMergeable(Conflict):
    code = "registry.not_mergeable"
    zh = "两条记录有不同的证件号码，不能合并；请先核对。"
    en = "The two have different document numbers; they cannot be merged."


class MergedSince(Conflict):
    code = "registry.merged_since"
    zh = "合并已经撤销，或之后又有变化，不能撤销。"
    en = "This was undone already, or changed since; it cannot be undone."


def merge(*, kept_id: UUID, gone_id: UUID, why: str, by: Actor, at: datetime) -> Merge:
    """`gone` ends and points to `kept`; what pointed to it points to `kept`; what `kept` lacks is filled from it.

    Raises NotFound, NotAllowed, Ended, Invalid, NotMergeable.
    """
    if kept_id == gone_id:
        raise invalid("gone_id", "请选择另一条记录。", "Choose another record.")
    held = {
        one: access(Person, one, by, to=Permission.REGISTRY_EDIT, lock=True, standing=True)
        for one in sorted((kept_id, gone_id))  # in one order, so that two merges do not wait for each other
    }
    kept, gone = held[kept_id], held[gone_id]
    if _are_two(kept, gone):
        raise NotMergeable()
    with acting(Actor.system("registry")):
        moved = _move(gone, kept, at)
        gone.merged_into, gone.ended_at, gone.end_reason, gone.changed_at = kept, at, "merged", at
        gone.version += 1
        gone.save(update_fields=["merged_into", "ended_at", "end_reason", "changed_at", "version"])
        moved += _right_number(kept, gone, why, by, at)
        moved += _fill(kept, gone)
        moved += _ask_of(kept, gone, by, at)
        kept.version += 1
        kept.changed_at = at
        kept.save()
        Token.objects.filter(record=gone.pk).delete()
        write_tokens([kept])
        row = Merge.objects.create(
            id=new_id(), kept=kept.pk, gone=gone.pk, moved=moved, why=why, by_name=by.name, at=at, code=kept.code
        )
        _record("person.merged", kept, row, by, at)
    return row


def unmerge(*, merge_id: UUID, by: Actor, at: datetime) -> None:
    """Both rows stand again, each with what it had; what was corrected since stays with the one that stood. What
    retention emptied meanwhile is given back where the other holds it still (queries/undoing.py).

    Raises NotFound, NotAllowed, MergedSince, AlreadyKnown, RegisteredElsewhere.
    """
    row = Merge.objects.visible_to(by).filter(pk=merge_id).first()
    if row is None:
        raise NotFound()
    by.require(Permission.REGISTRY_EDIT)
    row = Merge.objects.select_for_update(no_key=True).get(pk=row.pk)
    if row.undone_at is not None:
        raise MergedSince()
    with acting(Actor.system("registry")):
        rows = Person.objects.select_for_update(no_key=True, of=("self",)).in_bulk([row.kept, row.gone])
        kept, gone = rows[row.kept], rows[row.gone]
        if kept.ended_at is not None or gone.erased_at is not None:
            raise MergedSince()
        _give_back_emptied(row, kept, gone, by, at)
        _give_back(row, kept, gone, by, at)
        reopen_differences([pk for name, pk, _ in row.moved if name == "closed"])
        asked = [pk for name, pk, _ in row.moved if name == "asked"]
        Difference.objects.filter(pk__in=asked, state=Difference.State.OPEN).delete()
        refuse_known("person", gone, by)
        gone.merged_into, gone.ended_at, gone.end_reason, gone.changed_at = None, None, "", at
        gone.version += 1
        gone.save()
        write_tokens([gone, kept])
        row.undone_at, row.undone_by = at, by.name
        row.save(update_fields=["undone_at", "undone_by"])
        _record("person.unmerged", kept, row, by, at)


def _are_two(kept: Person, gone: Person) -> bool:
    """A number known to be mistyped tells nobody apart (rules/alike.py)."""
    numbers = {bytes(one.id_number_hash) for one in (kept, gone) if one.id_number_hash}
    return len(numbers) > 1 and not (kept.number_faulty or gone.number_faulty)


def _move(gone: Person, kept: Person, at: datetime) -> list[list[str]]:
    """Rows of `gone` to `kept`; one that `kept` has too ends instead, and so does the home of `gone`."""
    moved: list[list[str]] = []
    has_home = Residence.objects.filter(person=kept, to_date=None, tie__in=LIVING).exists()
    for name, (table, same) in POINTING.items():
        is_open = {"ended_at": None} if name == "care" else {"to_date": None}
        known = set(table._default_manager.filter(person=kept, **is_open).values_list(*same))
        for one in table._default_manager.filter(person=gone):
            twice = tuple(getattr(one, field) for field in same) in known and _is_open(name, one)
            second_home = name == "residence" and has_home and one.tie in LIVING and one.to_date is None
            if twice or second_home:
                _close(name, one, at)
                moved.append([name, str(one.pk), "closed"])
            one.person = kept
            one.save(update_fields=["person"])
            moved.append([name, str(one.pk), "person"])
    return moved


def _is_open(name: str, row: Any) -> bool:
    return bool((row.ended_at if name == "care" else row.to_date) is None)


def _close(name: str, row: Any, at: datetime) -> None:
    if name == "care":
        row.ended_at, row.end_reason = at, "merged"
        row.save(update_fields=["ended_at", "end_reason"])
        return
    row.to_date = max(clock.day_of(at), row.from_date or clock.day_of(at))
    row.save(update_fields=["to_date"])


def _right_number(kept: Person, gone: Person, why: str, by: Actor, at: datetime) -> list[list[str]]:
    """A mistyped number gives way to a right one; history keeps it sealed, to part the two by."""
    if not kept.number_faulty or gone.number_faulty or not gone.id_number_hash:
        return []
    owner, said_at = gone.said_of("id_number")[:2]
    source = Source(owner=owner, said_at=datetime.fromisoformat(said_at) if said_at else None)
    act = Act(why=why, source=source, at=at, decided=True)
    values = {name: held_value("person", gone, FIELDS[name]) for name in ("id_type", "id_number")}
    settled = settle("person", kept, values, act, by=by, is_new=False)
    Change.objects.bulk_create(settled.changes)
    return [["number", str(act.id), name] for name in settled.changed]


def _fill(kept: Person, gone: Person) -> list[list[str]]:
    filled = []
    for field in PERSON:
        if held_value("person", kept, field) in (None, "") and (value := held_value("person", gone, field)) not in (
            None,
            "",
        ):
            write_value("person", kept, field, value)
            kept.sources[field.name] = list(gone.sources.get(field.name, ["", gone.made_at.isoformat()]))
            if field.name == "id_number":
                kept.number_faulty = gone.number_faulty
            filled.append(["person", str(kept.pk), field.name])
    return filled


def _ask_of(kept: Person, gone: Person, by: Actor, at: datetime) -> list[list[str]]:
    """What waits about `gone` is asked of `kept`, where that does not say it and was not asked."""
    closed = close_differences(gone, why="merged", by=by, at=at)
    asked = not_asked([again for one in closed if (again := asked_of(kept, one)) is not None])
    Difference.objects.bulk_create(asked)
    named = (("closed", closed), ("asked", asked))
    return [[name, str(one.pk), one.field] for name, rows in named for one in rows]


def _give_back(row: Merge, kept: Person, gone: Person, by: Actor, at: datetime) -> None:
    _give_back_number(row, kept, gone, by, at)
    for name, pk, what in reversed(row.moved):
        if name == "person":
            field = next(one for one in PERSON if one.name == what)
            if held_value("person", kept, field) == held_value("person", gone, field):
                write_value("person", kept, field, None if field.type == "date" else "")
                kept.sources.pop(what, None)
            continue
        if name not in POINTING:
            continue  # the number, and what was asked
        table, _ = POINTING[name]
        rows = table._default_manager.filter(pk=pk)
        if name == "part":
            rows = rows.filter(erased_at=None)
        if what == "person":
            rows.update(person_id=row.gone)
        else:
            rows.update(**({"ended_at": None, "end_reason": ""} if name == "care" else {"to_date": None}))
    refuse_known("person", kept, by)
    kept.version += 1
    kept.save()


def _give_back_emptied(row: Merge, kept: Person, gone: Person, by: Actor, at: datetime) -> None:
    """Before the rest, which takes from `kept` what both hold: it is of the one who is somebody else again."""
    for name in sorted(emptied_since(row) & still_given(row)):
        owner, said_at = kept.said_of(name)[:2]
        source = Source(owner=owner, said_at=datetime.fromisoformat(said_at) if said_at else None)
        act = Act(why=row.why, source=source, at=at)
        settled = settle("person", gone, {name: held_value("person", kept, FIELDS[name])}, act, by=by, is_new=False)
        Change.objects.bulk_create(settled.changes)


def _give_back_number(row: Merge, kept: Person, gone: Person, by: Actor, at: datetime) -> None:
    """The mistyped one, unless the number was corrected since."""
    acts = {what: pk for name, pk, what in row.moved if name == "number"}
    if not acts or kept.id_number_hash is None or gone.id_number_hash is None:
        return
    if bytes(kept.id_number_hash) != bytes(gone.id_number_hash):
        return
    lines = Change.objects.filter(record=kept.pk, act__in=acts.values(), field__in=acts)
    values = {line.field: old_value(line) for line in lines}
    act = Act(why=row.why, source=Source(), at=at, decided=True)
    settled = settle("person", kept, values, act, by=by, is_new=False)
    Change.objects.bulk_create(settled.changes)
    kept.number_faulty = True


def _record(kind: str, kept: Person, row: Merge, by: Actor, at: datetime) -> None:
    entry = journal.Entry(
        kind=kind,
        subject=("person", str(kept.pk)),
        code=kept.code,
        permission=Permission.REGISTRY_EDIT,
        data={"merge": str(row.pk), "gone": str(row.gone), "moved": len(row.moved)},
    )
    journal.record(entry, by=by, at=at)
