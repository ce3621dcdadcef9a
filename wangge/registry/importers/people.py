"""People from a file, GB/T 31000 sheets among them. Refused columns are said; a wrong check digit is a warning.

A person known in another grid is not moved by a file: the row is a fault, for somebody must say that they moved.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.importing.fields import Field as Column
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped
from wangge.grids.models import Division, Grid
from wangge.grids.queries.location import index
from wangge.registry.dictionary import PERSON
from wangge.registry.importers import unnumbered
from wangge.registry.importers.columns import (
    columns_of,
    place_faults,
    place_of,
    read_row,
    refused_columns,
)
from wangge.registry.importers.copying import insert
from wangge.registry.importers.writing import Incoming, Tally, act_of, record_import, refuse_changed, write
from wangge.registry.models import LIVING, Dwelling, Person, Residence
from wangge.registry.rules import identity
from wangge.registry.sealing import found_by

CHUNK = 5_000
NUMBER = next(field for field in PERSON if field.name == "id_number")
TWICE = FaultKind("registry.number_twice", "证件号码与第 {first} 行相同。", "The same number as in row {first}.")
ELSEWHERE = FaultKind(
    "registry.row_known_elsewhere",
    "此人已在其他网格登记，请核实后办理迁入。",
    "This person is registered in another grid; have them moved in.",
)
CHECK_DIGIT = FaultKind(
    "registry.check_digit",
    "证件号码的校验码或出生日期不对，已标记待核实。",
    "The identity number's check digit or birthday is wrong; it is marked.",
    FaultLevel.WARNING,
)
NO_DWELLING = FaultKind(
    "registry.no_dwelling",
    "房屋编码没有对应的房屋，未关联。",
    "No dwelling has this code; not tied.",
    FaultLevel.WARNING,
)
UNTOLD = FaultKind(
    "registry.who_is_it",
    "没有证件号码，请至少给出出生日期、电话、房屋编码、住址之一，以免重复登记。",
    "Without a document number give a birthday, telephone, house code or address, so that nobody is registered twice.",
)
SAME = FaultKind(
    "registry.person_twice",
    "与第 {first} 行像是同一人，请补充证件号码。",
    "This seems to be the person of row {first}; add the document number.",
)
UNSURE = FaultKind(
    "registry.several_like_this",
    "本网格已有多人与此行相符，请补充证件号码。",
    "Several people of this grid are like this row; add the document number.",
)
HOUSE = Column(name="house_no", zh="房屋编码", en="House code", aliases=("房屋编号",), max_length=50)
OWNER = Column(
    name="owner",
    zh="数据来源部门",
    en="Whose word it is",
    help_zh="police、civil、housing…；空为本级采集",
    help_en="police, civil, housing…; empty: our own",
)


class PeopleImporter:
    kind = "people"
    zh = "人口"
    en = "People"
    takes_geometry = False
    fields: tuple[Column, ...] = (*columns_of("person"), HOUSE)
    options: tuple[Column, ...] = (OWNER,)

    def column_faults(self, headings: Sequence[str]) -> list[Fault]:
        return list(refused_columns(list(headings)))

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        context.by.require(Permission.REGISTRY_EDIT)
        places, known = index(), known_codes()
        today, seen, alike = clock.day_of(context.at), dict[bytes, int](), dict[unnumbered.Key, int]()
        for chunk in in_chunks(rows):
            read, keys = [], dict[int, unnumbered.Key | None]()
            for row in chunk:
                faults: list[Fault] = []
                values = _read(row.values, row.number, today, faults)
                yield from faults
                code = place_of(row.values, places, known)
                yield from place_faults(code, row.number, context)
                read.append((row, values))
                if not values.get("id_number"):
                    keys[row.number] = unnumbered.key_of(values, code, row.values.get("house_no", ""))
            yield from _of_numbers(read, seen, context)
            yield from _of_unnumbered(keys, alike)
            yield from _of_homes(read)

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        context.by.require(Permission.REGISTRY_EDIT)
        places, known, tally, act = index(), known_codes(), Tally(), act_of(context)
        with acting(Actor.system("registry")):
            for chunk in in_chunks(rows):
                incoming = list(_incoming(chunk, places, known, context))
                write("person", incoming, act=act, by=context.by, tally=tally)
                _tie(incoming, context)
            record_import("person", tally, context=context, batch_id=batch_id)
        return tally.counts()


def in_chunks(rows: Iterable[Any]) -> Iterator[list[Any]]:
    waiting = iter(rows)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


def known_codes() -> frozenset[str]:
    """Grids and communities of today."""
    today = clock.today()
    grids = Grid.objects.filter(valid_to=None).values_list("code", flat=True)
    communities = Division.objects.on(today).filter(level=12).values_list("code", flat=True)
    return frozenset((*grids, *communities))


def _read(values: dict[str, str], number: int, today: Any, faults: list[Fault]) -> dict[str, Any]:
    """Numbers are taken whatever their check digit; a mark says which to look at."""
    found = read_row("person", values, number=number, today=today, faults=faults)
    found["registration"] = found.get("registration") or "registered"
    card = found.get("id_number", "")
    if card and found.setdefault("id_type", identity.ID_CARD) in ("", identity.ID_CARD):
        found["id_type"] = identity.ID_CARD
        found["id_number"] = card = identity.upgraded(card)
        told = identity.told_by(card)
        if not identity.is_identity_number(card):
            faults.append(CHECK_DIGIT(row=number, column="id_number"))
        elif told is not None:
            found["birth_date"] = found.get("birth_date") or told.birth_date
            found["sex"] = found.get("sex") or told.sex
    return found


def _of_numbers(
    read: list[tuple[Mapped, dict[str, Any]]], seen: dict[bytes, int], context: ImportContext
) -> Iterator[Fault]:
    numbers = {row.number: found_by(NUMBER, values["id_number"]) for row, values in read if values.get("id_number")}
    with acting(Actor.system("registry")):
        known = _standing(list(numbers.values()))
    for number, digest in numbers.items():
        first = seen.setdefault(digest[:12], number)
        if first != number:
            yield TWICE(row=number, column="id_number", first=first)
        elif digest in known and not context.by.covers(known[digest].code):
            yield ELSEWHERE(row=number, column="id_number")


def _of_unnumbered(keys: dict[int, unnumbered.Key | None], seen: dict[unnumbered.Key, int]) -> Iterator[Fault]:
    with acting(Actor.system("registry")):
        alike = unnumbered.standing(key for key in keys.values() if key)
    for number, key in keys.items():
        if key is None:
            yield UNTOLD(row=number, column="id_number")
        elif (first := seen.setdefault(key, number)) != number:
            yield SAME(row=number, first=first)
        elif len(alike.get(key, ())) > 1:
            yield UNSURE(row=number, column="id_number")


def _of_homes(read: list[tuple[Mapped, dict[str, Any]]]) -> Iterator[Fault]:
    wanted = {row.values["house_no"] for row, _ in read if row.values.get("house_no")}
    known = set(_houses(wanted)) if wanted else set()
    for row, _ in read:
        if row.values.get("house_no") and row.values["house_no"] not in known:
            yield NO_DWELLING(row=row.number, column="house_no")


def _incoming(chunk: list[StagedRow], places: Any, known: frozenset[str], context: ImportContext) -> Iterator[Incoming]:
    today, unsaid = clock.day_of(context.at), list[Fault]()
    read = [_read(row.values, row.number, today, unsaid) for row in chunk]
    codes = [place_of(row.values, places, known) for row in chunk]
    homes = [row.values.get("house_no", "") for row in chunk]
    candidates = _candidates(list(zip(read, codes, homes, strict=True)))
    for row, values, code, home, found in zip(chunk, read, codes, homes, candidates, strict=True):
        incoming = Incoming(values=values, code=code, known=next(iter(found), None), home=home, more=_mark(values))
        refuse_changed(incoming, row.number, context, clash=len(found) > 1)
        yield incoming


def _candidates(rows: list[tuple[dict[str, Any], str, str]]) -> list[list[Person]]:
    """Who each row is about already: by number, or without one by what else tells."""
    digests = [found_by(NUMBER, values["id_number"]) if values.get("id_number") else None for values, _, _ in rows]
    numbered = _standing([digest for digest in digests if digest])
    keys = [None if values.get("id_number") else unnumbered.key_of(values, code, home) for values, code, home in rows]
    alike = unnumbered.standing(key for key in keys if key)
    found = []
    for digest, key in zip(digests, keys, strict=True):
        if digest is not None:
            found.append([numbered[digest]] if digest in numbered else [])
        else:
            found.append(alike.get(key, []) if key else [])
    return found


def _mark(values: dict[str, Any]) -> dict[str, Any]:
    is_card = values.get("id_type") == identity.ID_CARD and bool(values.get("id_number"))
    return {"number_faulty": is_card and not identity.is_identity_number(values["id_number"])}


def _standing(digests: list[bytes]) -> dict[bytes, Person]:
    rows = Person.objects.filter(id_number_hash__in=digests, ended_at=None)
    return {bytes(row.id_number_hash or b""): row for row in rows}


def _houses(wanted: set[str]) -> dict[str, Dwelling]:
    return {row.house_no: row for row in Dwelling.objects.filter(house_no__in=wanted, ended_at=None)}


def _tie(incoming: list[Incoming], context: ImportContext) -> None:
    """Who names a house of their own grid, and has no home yet, lives there."""
    moving = [row for row in incoming if row.home]
    houses = _houses({row.home for row in moving}) if moving else {}
    people = [row.record.pk for row in moving]
    at_home = Residence.objects.filter(person__in=people, to_date=None, tie__in=LIVING)
    housed = set(at_home.values_list("person_id", flat=True))
    ties = []
    for row in moving:
        house = houses.get(row.home)
        if house is not None and house.code == row.record.code and row.record.pk not in housed:
            values: dict[str, Any] = {"tie": "lives", "code": house.code, "at": context.at}
            ties.append(Residence(id=new_id(), person=row.record, dwelling=house, **values))
    insert(ties)
