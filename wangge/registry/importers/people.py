"""People from a file, GB/T 31000 sheets among them. Refused columns are said; a wrong check digit is a warning.

A person known in another grid is not moved by a file: the row is a fault, for somebody must say that they moved.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import clock, crypto
from wangge.core.actor import Actor, acting
from wangge.core.departments import NAMES
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.importing.fields import Field as Column
from wangge.core.importing.fields import FieldType
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped
from wangge.registry.dictionary import PERSON
from wangge.registry.importers import unnumbered
from wangge.registry.importers.beside import Beside
from wangge.registry.importers.chunks import ahead, in_chunks
from wangge.registry.importers.columns import (
    Given,
    Places,
    RowReader,
    columns_of,
    owners,
    place_faults,
    places_of_today,
    refused_columns,
)
from wangge.registry.importers.copying import check_each_statement, tokens_together
from wangge.registry.importers.folding import fold, is_to_be_told
from wangge.registry.importers.homes import Houses, houses_of, tie
from wangge.registry.importers.incoming import Incoming, Seen
from wangge.registry.importers.making import Maker
from wangge.registry.importers.settling import Tally
from wangge.registry.importers.writing import act_of, finish, made, refuse_changed, write_made
from wangge.registry.models import Person
from wangge.registry.models.among import Among
from wangge.registry.rules import identity
from wangge.registry.sealing import PURPOSES

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
    "本网格没有这个编码的房屋，未关联。",
    "No dwelling of this grid has this code; not tied.",
    FaultLevel.WARNING,
)
UNTOLD = FaultKind(
    "registry.who_is_it",
    "没有证件号码，请至少给出出生日期、电话、房屋编码、住址之一，以免重复登记。",
    "Without a document number give a birthday, telephone, house code or address, so that nobody is registered twice.",
)
SAME = FaultKind(
    "registry.person_twice",
    "与第 {first} 行像是同一人，请核对，缺证件号码的请补充。",
    "This seems to be the person of row {first}; check, and add the document number where it is missing.",
)
ONE = FaultKind(
    "registry.one_person",
    "姓名、出生日期、住房与第 {first} 行相同，按同一人导入，请核对。",
    "Name, birthday and home are those of row {first}; taken in as one person, please check.",
    FaultLevel.WARNING,
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
    type=FieldType.CHOICE,
    choices=NAMES,
    help_zh="空为本级采集",
    help_en="empty: our own",
)

# By row that gives no number: what tells them, and who they may be.
Namesakes = dict[int, tuple[unnumbered.Keys, list[unnumbered.Namesake]]]


@dataclass(frozen=True, slots=True)
class Read:
    """A row in check. `home`: the house code it gives."""

    number: int
    values: dict[str, Any]
    code: str
    home: str


class PeopleImporter:
    kind = "people"
    permission = Permission.REGISTRY_EDIT
    zh = "人口"
    en = "People"
    takes_geometry = False
    fields: tuple[Column, ...] = (*columns_of("person"), HOUSE)
    options: tuple[Column, ...] = (OWNER,)
    owners = owners("person")
    hides_numbers = True

    def column_faults(self, headings: Sequence[str]) -> list[Fault]:
        return list(refused_columns(list(headings)))

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        context.by.require(self.permission)
        places, reader = places_of_today(), RowReader("person", clock.day_of(context.at))
        seen, alike, known, beside = dict[bytes, int](), unnumbered.OfFile(), Seen(), Beside()
        for chunk in in_chunks(rows):
            faults: list[Fault] = []
            values, codes = _read(reader, chunk, faults), places.of([row.values for row in chunk])
            read = [
                Read(row.number, said, code, row.values.get("house_no", ""))
                for row, said, code in zip(chunk, values, codes, strict=True)
            ]
            houses = houses_of({one.home for one in read if one.home})
            numbered, namesakes = _numbered(read), _namesakes(read, houses)
            for one in read:
                faults.extend(place_faults(one.code, one.number, context))
            faults.extend(_of_numbers(numbered, seen, known, context))
            faults.extend(_of_unnumbered(namesakes, alike, known))
            faults.extend(_of_homes(read, houses, numbered))
            yield from sorted(faults, key=lambda fault: fault.row or 0)
            wrong = {fault.row for fault in faults if fault.level is FaultLevel.ERROR}
            for one in read:
                if one.number not in wrong:
                    home = "" if _is_registered_without(one, namesakes) else _home(one.home, one.code, houses)
                    beside.add(one.number, one.values, one.code, home)
        for pair in beside.pairs():
            yield (ONE if pair.is_sure else SAME)(row=pair.without, first=pair.with_number)

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        context.by.require(self.permission)
        places, tally, act = places_of_today(), Tally(), act_of(context)
        reader, maker = RowReader("person", clock.day_of(context.at)), Maker("person", act)
        with acting(Actor.system("registry")), tokens_together(), ThreadPoolExecutor(1) as helper:
            check_each_statement()
            read = ahead(helper, lambda chunk: _incoming(chunk, places, reader), in_chunks(rows))
            known = (_known(chunk, context) for chunk in read)
            doubtful: list[str] = []
            for chunk in ahead(helper, lambda chunk: made(maker, chunk), known):
                write_made(chunk, act=act, by=context.by, tally=tally)
                tie(chunk.rows, context, tally)
                doubtful += [row.id for row in chunk.new if is_to_be_told(row)]
            fold(doubtful, act=act, by=context.by, tally=tally)
            finish("person", tally, context=context, batch_id=batch_id)
        return tally.counts()


def _read(reader: RowReader, rows: Sequence[Given], faults: list[Fault]) -> list[dict[str, Any]]:
    """Numbers are taken whatever their check digit; a mark says which to look at."""
    read = reader.read(rows, faults)
    for row, found in zip(rows, read, strict=True):
        if found.get("id_number") and found.setdefault("id_type", identity.ID_CARD) in ("", identity.ID_CARD):
            _read_card(found, row.number, faults)
    return read


def _read_card(found: dict[str, Any], row: int, faults: list[Fault]) -> None:
    found["id_type"] = identity.ID_CARD
    found["id_number"] = card = identity.upgraded(found["id_number"])
    told = identity.told_if_right(card)
    if told is None:
        faults.append(CHECK_DIGIT(row=row, column="id_number"))
        return
    found["birth_date"] = found.get("birth_date") or told.birth_date
    found["sex"] = found.get("sex") or told.sex


def _numbered(read: Sequence[Read]) -> dict[int, tuple[bytes, UUID | None, str]]:
    """By row that gives a number: its hash, and who has it already, in which grid."""
    hashed = crypto.hasher(PURPOSES[NUMBER.type])
    numbers = {one.number: hashed(one.values["id_number"]) for one in read if one.values.get("id_number")}
    with acting(Actor.system("registry")):
        rows = Person.objects.filter(Among("id_number_hash", numbers.values()), ended_at=None).order_by()
        told = rows.values_list("id_number_hash", "pk", "code")
        known = {bytes(digest or b""): (pk, code) for digest, pk, code in told}
    return {number: (digest, *known.get(digest, (None, ""))) for number, digest in numbers.items()}


def _of_numbers(
    numbered: Mapping[int, tuple[bytes, UUID | None, str]], seen: dict[bytes, int], people: Seen, context: ImportContext
) -> Iterator[Fault]:
    for number, (digest, known, code) in numbered.items():
        first = seen.setdefault(digest[:12], number)
        if first != number:
            yield TWICE(row=number, column="id_number", first=first)
        elif known is None:
            continue
        elif not context.by.covers(code):
            yield ELSEWHERE(row=number, column="id_number")
        elif (first := people.first(known, number)) != number:
            yield SAME(row=number, first=first)


def _namesakes(read: Sequence[Read], houses: Houses) -> Namesakes:
    keys = {
        one.number: _keys(one.values, one.code, one.home, houses) for one in read if not one.values.get("id_number")
    }
    with acting(Actor.system("registry")):
        alike = unnumbered.standing(keys.values())
    return {number: (told, alike.get(told, [])) for number, told in keys.items()}


def _of_unnumbered(namesakes: Namesakes, file: unnumbered.OfFile, people: Seen) -> Iterator[Fault]:
    for number, (told, known) in namesakes.items():
        if not told:
            yield UNTOLD(row=number, column="id_number")
        elif (first := file.first(told, number)) != number:
            yield SAME(row=number, first=first)
        elif len(known) > 1:
            yield UNSURE(row=number, column="id_number")
        elif not known or (known[0].person.id_number_hash and known[0].is_surely(told)):
            continue  # a row that gives their number may stand beside it
        elif (first := people.first(known[0].person.pk, number)) != number:
            yield SAME(row=number, first=first)


def _is_registered_without(row: Read, namesakes: Namesakes) -> bool:
    """They stay a record of their own: a file merges nobody who is registered."""
    _, known = namesakes.get(row.number, ((), []))
    return any(not one.person.id_number_hash for one in known)


def _of_homes(
    read: Sequence[Read], houses: Houses, numbered: Mapping[int, tuple[bytes, UUID | None, str]]
) -> Iterator[Fault]:
    for one in read:
        _, _, known_in = numbered.get(one.number, (b"", None, ""))
        if one.home and (one.home, known_in or one.code) not in houses:
            yield NO_DWELLING(row=one.number, column="house_no")


def _home(home: str, code: str, houses: Houses) -> str:
    """A home tells only where it will be tied: nobody would be found by it again."""
    return home if (home, code) in houses else ""


def _keys(values: Mapping[str, Any], code: str, home: str, houses: Houses) -> unnumbered.Keys:
    return unnumbered.keys_of(values, code, _home(home, code, houses))


@dataclass(slots=True)
class Row:
    """`digest`: of the document's number."""

    incoming: Incoming
    digest: bytes | None


def _incoming(chunk: Sequence[StagedRow], places: Places, reader: RowReader) -> list[Row]:
    hashed, found, doubtful = crypto.hasher(PURPOSES[NUMBER.type]), [], list[Fault]()
    read, codes = _read(reader, chunk, doubtful), places.of([row.values for row in chunk])
    faulty = {fault.row for fault in doubtful if fault.code == CHECK_DIGIT.code}
    for row, values, code in zip(chunk, read, codes, strict=True):
        number, home = values.get("id_number"), row.values.get("house_no", "")
        mark = {"number_faulty": row.number in faulty}
        incoming = Incoming(number=row.number, values=values, code=code, home=home, more=mark)
        found.append(Row(incoming, hashed(number) if number else None))
    return found


def _known(rows: Sequence[Row], context: ImportContext) -> list[Incoming]:
    """Who each row is about already: by number, or without one by what else tells. Raises ChangedSinceCheck."""
    numbered = _standing([row.digest for row in rows if row.digest])
    others = [row.incoming for row in rows if not row.digest]
    houses = houses_of({one.home for one in others if one.home})
    keys = {one.number: _keys(one.values, one.code, one.home, houses) for one in others}
    alike = unnumbered.standing(keys.values())
    covers = cache(context.by.covers)  # a page is of few grids
    for row in rows:
        told = keys.get(row.incoming.number, ())
        several = alike.get(told, [])
        row.incoming.known = numbered.get(row.digest) if row.digest else several[0].person if several else None
        refuse_changed(row.incoming, covers, clash=len(several) > 1 or not (told or row.digest))
        if row.incoming.known is None and not row.incoming.values.get("registration"):
            row.incoming.values["registration"] = "registered"  # nothing is said of it to who is known
    return [row.incoming for row in rows]


def _standing(digests: list[bytes]) -> dict[bytes, Person]:
    rows = Person.objects.filter(Among("id_number_hash", digests), ended_at=None).order_by()
    return {bytes(row.id_number_hash or b""): row for row in rows}
