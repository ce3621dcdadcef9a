"""The one write path (ADR 20): console, phone forms and departments give values with a source.

Who may is decided as the actor, under the policies; what is decided is then written as the house, because a record may
be known already elsewhere, and what moves may leave the actor's own grids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from wangge.accounts.permissions import Permission
from wangge.core import clock, codes, crypto, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, NotFound, invalid
from wangge.grids.queries.location import exists, grid_at
from wangge.registry.access import TABLES, Ended, OutOfArea, access, table_of
from wangge.registry.actions.following import leave_home, records_moved
from wangge.registry.actions.settle import Settled, confirm, line_of, not_asked, settle
from wangge.registry.actions.source import Act, Source
from wangge.registry.actions.values import read_values
from wangge.registry.dictionary import KINDS, Sensitivity, field_of
from wangge.registry.models import Building, Change, Difference, Dwelling, Facility, Person, Token
from wangge.registry.models.base import Record
from wangge.registry.rules import addresses, facilities, tokens
from wangge.registry.sealing import NAME_PURPOSE, found_by

_FACILITY_FORM = (
    "部件编码应为 16 位数字：6 位区划、2 位大类、2 位小类、6 位流水号（GB/T 30428.2）。",
    "Sixteen digits: division 6, class 2, kind 2, serial 6 (GB/T 30428.2).",
)
_FACILITY_CLASS = ("大类与部件编码第 7、8 位不符。", "The class is not that of digits 7 and 8 of the code.")
_FACILITY_DIVISION = ("部件编码前 6 位不是所在区县。", "The code's first six digits are another district's.")
POINTED = ("building", "dwelling", "organisation", "place", "facility")
POSITION = "position"  # in history: "lon,lat" WGS-84, "" where none was known


class AlreadyKnown(Conflict):
    code = "registry.already_known"
    zh = "已经登记过，请打开原记录修改。"
    en = "This is registered already; open that record and change it."


class KnownElsewhere(Conflict):
    code = "registry.known_elsewhere"
    zh = "此人已在其他网格登记。确认已迁入本辖区后，选择“迁入”再提交。"
    en = "This person is registered in another grid. Say that they have moved in, and send again."


class RegisteredElsewhere(Conflict):
    code = "registry.registered_elsewhere"
    zh = "这个编码已在其他辖区登记，请由登记地先处理。"
    en = "This code is registered in another area; have it settled there first."


class StaleVersion(Conflict):
    code = "registry.stale"
    zh = "打开以后，这条档案被别人改过。请对照现在的内容后再提交。"
    en = "Somebody changed this record after you opened it. Compare it with what stands now, and send again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """`lon`, `lat` WGS-84 decide the grid; without them the building's grid, or `code`: a grid, or a community."""

    lon: float | None = None
    lat: float | None = None
    code: str = ""
    building_id: UUID | None = None
    dwelling_id: UUID | None = None  # of a household


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    record: Record
    made: bool
    changed: tuple[str, ...]
    differences: int


def put(
    *,
    kind: str,
    record_id: UUID,
    values: Mapping[str, Any],
    where: Where | None = None,
    why: str = "",
    source: Source | None = None,
    version: int | None = None,
    takes_over: bool = False,
    confirmed: Sequence[str] = (),
    by: Actor,
    at: datetime,
) -> Written:
    """Make the record with this id, or change it. A number known already leads to that record (import, phone), or is
    said (console). `takes_over`: a person known elsewhere has moved here; nothing but people moves so. `confirmed`:
    fields that were looked at and stand as they are; what is masked was not seen and is not confirmed so.

    Raises NotFound, NotAllowed, Invalid, OutOfArea, Ended, StaleVersion, AlreadyKnown, KnownElsewhere,
    RegisteredElsewhere.
    """
    act = Act(why=why.strip(), source=source or Source(), at=at)
    row = _held(kind, record_id, by, version)
    by.require(Permission.REGISTRY_EDIT)
    given = read_values(kind, values, today=clock.day_of(at), is_new=row is None)
    row = row or _known_by_number(kind, given, where or Where(), act, by, takes_over=takes_over)
    if row is not None and row.ended_at is not None:
        raise Ended()
    is_new = row is None
    record = row or _blank(kind, record_id, act)
    before, stood = record.code, _point(record)
    code = _place(kind, record, where, by, is_new=is_new)
    if not by.covers(code):
        raise OutOfArea()
    if isinstance(record, Facility):
        _refuse_wrong_facility(record, given, code)
    with acting(Actor.system("registry")):
        settled = settle(kind, record, given, act, by=by, is_new=is_new)
        settled = replace(settled, repeated=(*settled.repeated, *_stand(kind, record, confirmed, given)))
        if not is_new and _point(record) != stood:
            settled = _with_position(settled, kind, record, stood, act, by)
        refuse_known(kind, record, by)
        moved = before != code and not is_new
        record.code = code
        save(kind, record, settled, act, is_new=is_new, moved=moved)
        _follow(kind, record, moved=moved)
        _record(kind, record, settled, act, by=by, is_new=is_new, before=before if moved else "")
    return Written(record=record, made=is_new, changed=settled.changed, differences=len(settled.differences))


def write_tokens(people: Sequence[Person]) -> None:
    """What the names are found by; the people's rows must be locked or new. Two statements."""
    hashed = crypto.hasher(NAME_PURPOSE)
    Token.objects.filter(record__in=[one.pk for one in people]).delete()
    Token.objects.bulk_create(
        Token(token=token, code=one.code, record=one.pk)
        for one in people
        for token in tokens.numbers(tokens.grams(one.name) | tokens.grams(one.former_name), hashed)
    )


def refuse_known(kind: str, record: Any, by: Actor) -> None:
    """Before it is saved with a number, code or room that another standing record has. As the house; one query.

    Raises AlreadyKnown, RegisteredElsewhere.
    """
    held = {
        "person": ("id_number_hash",),
        "organisation": ("credit_code",),
        "facility": ("number",),
        "dwelling": ("building_id", "room_key"),
    }.get(kind, ())
    values = {name: getattr(record, name) for name in held}
    if not values or not all(values.values()):
        return
    rows = TABLES[kind]._default_manager.filter(ended_at=None, **values).exclude(pk=record.pk)
    code_and_id = rows.values_list("code", "pk").first()
    if code_and_id is not None:
        code, known = code_and_id
        raise AlreadyKnown(id=str(known)) if by.covers(code) else RegisteredElsewhere()


def _held(kind: str, record_id: UUID, by: Actor, version: int | None) -> Record | None:
    """Locked, in sight; None when nobody has the id. Raises NotFound for one out of sight."""
    table = table_of(kind)
    try:
        row = access(table, record_id, by, to=Permission.REGISTRY_EDIT, lock=True, standing=True)
    except NotFound:
        with acting(Actor.system("registry")):
            if table._default_manager.filter(pk=record_id).exists():
                raise
        return None
    if version is not None and row.version != version:
        raise StaleVersion(kind=kind, id=str(row.pk), version=row.version)
    return row


def _known_by_number(
    kind: str, given: Mapping[str, Any], where: Where, act: Act, by: Actor, *, takes_over: bool
) -> Record | None:
    """The record that has the same number, code or room already."""
    asked = _number(kind, given, where)
    if asked is None:
        return None
    table: Any = TABLES[kind]
    with acting(Actor.system("registry")):
        row: Record | None = (
            table.objects.select_for_update(no_key=True, of=("self",)).filter(asked, ended_at=None).first()
        )
    if row is None:
        return None
    takes_over = takes_over and kind == "person"
    if not by.covers(row.code) and not takes_over:
        raise KnownElsewhere() if kind == "person" else RegisteredElsewhere()
    if act.source.kind == "console" and not takes_over:
        raise AlreadyKnown(id=str(row.pk))
    return row


def _number(kind: str, given: Mapping[str, Any], where: Where) -> Q | None:
    match kind:
        case "person" if given.get("id_number"):
            field = field_of("person", "id_number")
            assert field is not None  # noqa: S101 - the dictionary has it
            return Q(id_number_hash=found_by(field, given["id_number"]))
        case "organisation" if given.get("credit_code"):
            return Q(credit_code=given["credit_code"])
        case "facility" if given.get("number"):
            return Q(number=given["number"])
        case "dwelling" if where.building_id:
            room = addresses.room_key(unit=given.get("unit", ""), room=given.get("room", ""))
            return Q(building_id=where.building_id, room_key=room) if room else None
    return None


def _blank(kind: str, record_id: UUID, act: Act) -> Record:
    table: Any = TABLES[kind]
    times = {"made_at": act.at, "changed_at": act.at, "checked_at": act.at}
    row: Record = table(id=record_id, code="", source=act.source.kind, sources={}, version=0, **times)
    return row


def _place(kind: str, record: Any, where: Where | None, by: Actor, *, is_new: bool) -> str:
    """The code the record has from now on. Raises Invalid, NotFound."""
    where = where or Where()
    if where.building_id is not None and hasattr(record, "building_id"):
        record.building_id = access(Building, where.building_id, by, standing=True).pk
    if where.dwelling_id is not None and kind == "household":
        record.dwelling_id = access(Dwelling, where.dwelling_id, by, standing=True).pk
    if kind in POINTED and where.lon is not None and where.lat is not None:
        record.lon, record.lat = where.lon, where.lat
    return _code_of(kind, record, where, is_new=is_new)


def _code_of(kind: str, record: Any, where: Where, *, is_new: bool) -> str:
    if kind in ("dwelling", "organisation") and record.building_id is not None and (is_new or where.building_id):
        return str(Building.objects.values_list("code", flat=True).get(pk=record.building_id))
    if kind == "household" and where.dwelling_id is not None:
        return str(Dwelling.objects.values_list("code", flat=True).get(pk=where.dwelling_id))
    if kind in POINTED and where.lon is not None and where.lat is not None:
        found = grid_at(where.lon, where.lat)
        if found is None and not where.code:
            raise invalid("lon", "这个点不在任何网格里，请选择网格。", "This point lies in no grid; choose one.")
        return found or _known_code(where.code)
    if where.code:
        return _known_code(where.code)
    if is_new:
        raise invalid("code", "请给出位置或网格。", "Give a place or a grid.")
    return str(record.code)


def _point(record: Any) -> str:
    lon, lat = getattr(record, "lon", None), getattr(record, "lat", None)
    return "" if lon is None or lat is None else f"{lon},{lat}"


def _with_position(settled: Settled, kind: str, record: Record, stood: str, act: Act, by: Actor) -> Settled:
    """Another point is another state of the record, in the same grid too: whoever has the former one open is told."""
    change = line_of(kind, record, POSITION, act, by)
    change.old, change.new = stood, _point(record)
    return replace(settled, changed=(*settled.changed, POSITION), changes=(*settled.changes, change))


def _refuse_wrong_facility(record: Facility, given: Mapping[str, Any], code: str) -> None:
    """What is typed anew; a number that a file brought as it was does not stand in the way of other corrections.

    Raises Invalid.
    """
    number, major = (given.get(name, getattr(record, name)) for name in ("number", "kind"))
    if (number, major) == (record.number, record.kind):
        return
    told = facilities.told_by(number)
    if told is None:
        raise invalid("number", *_FACILITY_FORM)
    if not told.is_of(major):
        raise invalid("kind", *_FACILITY_CLASS)
    if not told.stands_in(code):
        raise invalid("number", *_FACILITY_DIVISION)


def _known_code(code: str) -> str:
    if len(code) < codes.Level.COMMUNITY or not exists(code):
        raise invalid("code", "没有这个网格或社区。", "There is no such grid or community.")
    return code


def _stand(kind: str, record: Record, confirmed: Sequence[str], given: Mapping[str, Any]) -> list[str]:
    """Of these fields, those that go stale, hold something that is seen, and are not written now."""
    return [
        field.name
        for field in KINDS[kind]
        if field.name in confirmed
        and field.name not in given
        and field.fresh_days
        and field.sensitivity is Sensitivity.OPEN
        and getattr(record, field.name) not in (None, "")
    ]


def save(kind: str, record: Record, settled: Settled, act: Act, *, is_new: bool, moved: bool) -> None:
    """What `settle` wrote into the record, its history and what differs; as the house."""
    if settled.changed or moved or is_new:
        record.version += 1
        record.changed_at = act.at
    record.checked_at = act.at
    if not is_new:
        confirm(record, settled.repeated, act)
    record.save(force_insert=is_new)
    Change.objects.bulk_create(settled.changes)
    Difference.objects.bulk_create(not_asked(settled.differences))
    if isinstance(record, Person) and (is_new or {"name", "former_name"} & set(settled.changed)):
        write_tokens([record])


def _follow(kind: str, record: Record, *, moved: bool) -> None:
    if not moved:
        return
    if kind == "person":  # placed without a dwelling: wherever they lived, they live there no more
        leave_home(record.pk, clock.day_of(record.changed_at))
    records_moved(kind, [record.pk])


def _record(kind: str, record: Record, settled: Settled, act: Act, *, by: Actor, is_new: bool, before: str) -> None:
    entry = journal.Entry(
        kind=f"{kind}.{'registered' if is_new else 'changed'}",
        subject=(kind, str(record.pk)),
        code=record.code,
        permission=Permission.REGISTRY_EDIT,
        changed=list(settled.changed),
        data={
            "act": str(act.id),
            "source": act.source.kind,
            "differences": len(settled.differences),
            **({"from": before} if before else {}),
        },
    )
    journal.record(entry, by=by, at=act.at)
