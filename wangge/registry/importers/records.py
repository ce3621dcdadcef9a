"""Dwellings with their buildings, organisations, facilities from a file; and what all such importers have in common."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.importing.fields import Field as Column
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped
from wangge.registry.importers.chunks import in_chunks
from wangge.registry.importers.columns import (
    Places,
    RowReader,
    columns_of,
    owners,
    place_faults,
    places_of_today,
    refused_columns,
)
from wangge.registry.importers.copying import check_each_statement
from wangge.registry.importers.incoming import Incoming, Seen
from wangge.registry.importers.people import OWNER
from wangge.registry.importers.settling import Tally
from wangge.registry.importers.writing import act_of, finish, refuse_changed, write
from wangge.registry.models import Building, Dwelling, Facility, Organisation
from wangge.registry.models.among import Among
from wangge.registry.rules import addresses, facilities

NO_ADDRESS = FaultKind("registry.no_address", "没有地址，无法确定楼栋。", "No address to find its building by.")
SAME = FaultKind("registry.same_twice", "与第 {first} 行是同一条。", "The same as row {first}.")
ELSEWHERE = FaultKind(
    "registry.record_elsewhere",
    "已在其他网格登记，不能由文件改动；请核实后由登记地处理。",
    "Registered in another grid, where a file of yours changes nothing; have it settled there.",
)
CLASH = FaultKind(
    "registry.room_of_another",
    "房屋编码与房号指向两套房屋，请核对。",
    "The house code and the room are of two different dwellings.",
)
FACILITY_FORM = FaultKind(
    "registry.facility_form",
    "部件编码不是 16 位数字（6 位区划、2 位大类、2 位小类、6 位流水号，GB/T 30428.2），请核对。",
    "The code is not of sixteen digits (division 6, class 2, kind 2, serial 6; GB/T 30428.2); please check.",
    FaultLevel.WARNING,
)
FACILITY_CLASS = FaultKind(
    "registry.facility_class",
    "大类与部件编码第 7、8 位不符，请核对。",
    "The class is not that of digits 7 and 8 of the code; please check.",
    FaultLevel.WARNING,
)
FACILITY_DIVISION = FaultKind(
    "registry.facility_division",
    "部件编码前 6 位不是所在区县，请核对。",
    "The code's first six digits are another district's; please check.",
    FaultLevel.WARNING,
)
BUILDING = Column(name="building", zh="楼栋地址", en="Building", aliases=("楼栋", "楼宇"), max_length=200)


Key = tuple[str, ...]


@dataclass(slots=True)
class Row:
    """`keys`: all that may stand once only, as the table's constraints say. `clash`: another record has its room."""

    incoming: Incoming
    keys: tuple[Key, ...]
    building: str = ""  # address
    room: str = ""
    clash: bool = False


class Records:
    """What these have in common: read by the dictionary, placed, matched by what tells them apart."""

    kind = ""
    permission = Permission.REGISTRY_EDIT
    of = ""
    takes_geometry = False
    options: tuple[Column, ...] = (OWNER,)
    hides_numbers = True

    def column_faults(self, headings: Sequence[str]) -> list[Fault]:
        return list(refused_columns(list(headings)))

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        context.by.require(self.permission)
        places, reader = places_of_today(), self._reader(context)
        seen, known = dict[Key, int](), Seen()
        for chunk in in_chunks(rows):
            faults: list[Fault] = []
            read = self._read(chunk, places, reader, faults)
            with acting(Actor.system("registry")):
                self.place(read, context)
            for one, row in zip(chunk, read, strict=True):
                faults.extend(place_faults(row.incoming.code, one.number, context))
                faults.extend(self.row_faults(one, row))
            twice = list(_of_keys(read, seen))
            with acting(Actor.system("registry")):
                self.match(read, context)
                faults.extend(self.faults_matched(read, seen, context))
            said = {fault.row for fault in twice}
            faults += [*twice, *_of_known([row for row in read if row.incoming.number not in said], known, context)]
            yield from sorted(faults, key=lambda fault: fault.row or 0)

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        context.by.require(self.permission)
        places, reader, tally = places_of_today(), self._reader(context), Tally()
        with acting(Actor.system("registry")):
            check_each_statement()
            for chunk in in_chunks(rows):
                read = self._read(chunk, places, reader, [])
                self.place(read, context)
                self.prepare(read, context, tally)
                self.match(read, context)
                for row in read:
                    refuse_changed(row.incoming, context.by.covers, clash=row.clash)
                write(self.of, [row.incoming for row in read], act=act_of(context), by=context.by, tally=tally)
                self.complete(read, context, tally)
            finish(self.of, tally, context=context, batch_id=batch_id)
        return tally.counts()

    def _reader(self, context: ImportContext) -> RowReader:
        return RowReader(self.of, clock.day_of(context.at))

    def _read(
        self, chunk: Sequence[Mapped | StagedRow], places: Places, reader: RowReader, faults: list[Fault]
    ) -> list[Row]:
        found = []
        read, codes = reader.read(chunk, faults), places.of([row.values for row in chunk])
        for row, values, code in zip(chunk, read, codes, strict=True):
            incoming = Incoming(number=row.number, values=values, code=code, more=_point(row.values))
            found.append(self.row_of(incoming, row.values))
        return found

    def row_faults(self, row: Mapped, read: Row) -> Iterator[Fault]:
        yield from ()

    def row_of(self, incoming: Incoming, given: dict[str, str]) -> Row:
        raise NotImplementedError

    def place(self, rows: list[Row], context: ImportContext) -> None:
        """Where rows stand that do not say it themselves."""

    def prepare(self, rows: list[Row], context: ImportContext, tally: Tally) -> None:
        """What the rows hang on and is not there yet."""

    def match(self, rows: list[Row], context: ImportContext) -> None:
        """Sets `incoming.known`, and `clash`. As the house: a record out of sight is known too."""
        raise NotImplementedError

    def faults_matched(self, rows: list[Row], seen: dict[Key, int], context: ImportContext) -> Iterator[Fault]:
        """What is told only by what is known already. `seen`: keys of the file by the row that had them first."""
        yield from ()

    def complete(self, rows: list[Row], context: ImportContext, tally: Tally) -> None:
        """What hangs on the records, when they are written."""


class DwellingsImporter(Records):
    kind = "dwellings"
    of = "dwelling"
    zh = "房屋"
    en = "Dwellings"
    fields: tuple[Column, ...] = (*columns_of("dwelling"), BUILDING)
    owners = owners("dwelling")

    def row_faults(self, row: Mapped, read: Row) -> Iterator[Fault]:
        if not building_address(row.values):
            yield NO_ADDRESS(row=row.number, column="address")

    def row_of(self, incoming: Incoming, given: dict[str, str]) -> Row:
        _split_room(incoming)
        values, building = incoming.values, building_address(given)
        room = addresses.room_key(unit=values.get("unit", ""), room=values.get("room", ""))
        keys: tuple[Key, ...] = (("room", addresses.key(building), room or values.get("address", "")),)
        if values.get("house_no"):
            keys += (("house", values["house_no"]),)
        return Row(incoming, keys, building, room)

    def prepare(self, rows: list[Row], context: ImportContext, tally: Tally) -> None:
        """Buildings that are not there are made, at the place of their first row."""
        found = buildings_of(rows, context)
        first = {addresses.key(row.building): row for row in reversed(rows)}
        missing = [
            Incoming(
                number=row.incoming.number,
                values={"address": row.building},
                code=row.incoming.code,
                more={name: row.incoming.more[name] for name in ("lon", "lat")},
            )
            for key, row in first.items()
            if key and key not in found
        ]
        write("building", missing, act=act_of(context), by=context.by, tally=tally)
        tally.created -= len(missing)  # counted are the rows of the file

    def match(self, rows: list[Row], context: ImportContext) -> None:
        found = buildings_of(rows, context)
        standing = Dwelling.objects.filter(ended_at=None)
        numbers = {row.incoming.values["house_no"] for row in rows if row.incoming.values.get("house_no")}
        houses = {one.house_no: one for one in standing.filter(Among("house_no", numbers)).exclude(house_no="")}
        around = {one.pk for one in found.values()} | {one.building_id for one in houses.values()}
        inside = standing.filter(Among("building", around - {None})).exclude(room_key="")
        rooms = {(one.building_id, one.room_key): houses.get(one.house_no, one) for one in inside}
        for row in rows:
            building, house = found.get(addresses.key(row.building)), row.incoming.values.get("house_no", "")
            at = building.pk if building else None
            known = row.incoming.known = houses.get(house) or rooms.get((at, row.room))
            holder = rooms.get((known.building_id if known else at, row.room))
            row.clash = holder is not None and known is not None and holder.pk != known.pk
            if building is not None and known is None:
                row.incoming.code = building.code
                row.incoming.more |= {"building_id": building.pk, "room_key": row.room}


class OrganisationsImporter(Records):
    kind = "organisations"
    of = "organisation"
    zh = "组织机构"
    en = "Organisations"
    fields: tuple[Column, ...] = columns_of("organisation")
    owners = owners("organisation")

    def row_of(self, incoming: Incoming, given: dict[str, str]) -> Row:
        credit = incoming.values.get("credit_code", "")
        name = incoming.values.get("name", "")
        return Row(incoming, (("code", credit) if credit else ("name", name, incoming.code),))

    def match(self, rows: list[Row], context: ImportContext) -> None:
        standing = Organisation.objects.filter(ended_at=None)
        codes = {row.incoming.values.get("credit_code", "") for row in rows} - {""}
        known = {one.credit_code: one for one in standing.filter(Among("credit_code", codes)).exclude(credit_code="")}
        unnumbered = standing.filter(
            Among("name", {row.incoming.values.get("name", "") for row in rows}), credit_code=""
        )
        named = {(one.name, one.code): one for one in unnumbered}
        for row in rows:
            one = row.incoming
            credit, name = one.values.get("credit_code", ""), one.values.get("name", "")
            one.known = known.get(credit) if credit else named.get((name, one.code))


class FacilitiesImporter(Records):
    kind = "facilities"
    of = "facility"
    zh = "部件"
    en = "Facilities"
    fields: tuple[Column, ...] = columns_of("facility")
    owners = owners("facility")

    def row_of(self, incoming: Incoming, given: dict[str, str]) -> Row:
        return Row(incoming, (("number", incoming.values.get("number", "")),))

    def row_faults(self, row: Mapped, read: Row) -> Iterator[Fault]:
        values, code = read.incoming.values, read.incoming.code
        if not values.get("number"):
            return
        told = facilities.told_by(values["number"])
        if told is None:
            yield FACILITY_FORM(row=row.number, column="number")
            return
        if values.get("kind") and not told.is_of(values["kind"]):
            yield FACILITY_CLASS(row=row.number, column="kind")
        if code and not told.stands_in(code):
            yield FACILITY_DIVISION(row=row.number, column="number")

    def match(self, rows: list[Row], context: ImportContext) -> None:
        numbers = {row.incoming.values.get("number", "") for row in rows}
        known = {one.number: one for one in Facility.objects.filter(Among("number", numbers), ended_at=None)}
        for row in rows:
            row.incoming.known = known.get(row.incoming.values.get("number", ""))


def _of_keys(rows: list[Row], seen: dict[Key, int]) -> Iterator[Fault]:
    for row in rows:
        firsts = [seen.setdefault(key, row.incoming.number) for key in row.keys if key[1]]
        if twice := [first for first in firsts if first != row.incoming.number]:
            yield SAME(row=row.incoming.number, first=min(twice))


def _of_known(rows: list[Row], seen: Seen, context: ImportContext) -> Iterator[Fault]:
    for row in rows:
        known = row.incoming.known
        if known is not None and not context.by.covers(known.code):
            yield ELSEWHERE(row=row.incoming.number)
        elif row.clash:
            yield CLASH(row=row.incoming.number, column="room")
        elif known is not None and (first := seen.first(known.pk, row.incoming.number)) != row.incoming.number:
            yield SAME(row=row.incoming.number, first=first)


def building_address(given: dict[str, str]) -> str:
    """The column, or the address without staircase and room."""
    if given.get("building"):
        return addresses.plain(given["building"])
    parts = addresses.parts_of(given.get("address", ""))
    return "".join((parts.region, parts.road, parts.number, parts.estate, parts.building)) or parts.rest


def _split_room(row: Incoming) -> None:
    if row.values.get("room") or not row.values.get("address"):
        return
    parts = addresses.parts_of(row.values["address"])
    row.values |= {"unit": row.values.get("unit") or parts.unit, "room": parts.room}


def buildings_of(rows: Sequence[Row], context: ImportContext) -> dict[str, Building]:
    """By key of the address: those of the importer's own area, the oldest where there are two."""
    keys = {addresses.key(row.building) for row in rows}
    known = Building.objects.filter(Among("address_key", keys), ended_at=None).order_by("-made_at")
    return {row.address_key: row for row in known if context.by.covers(row.code)}


def _point(given: dict[str, str]) -> dict[str, Any]:
    if given.get("lon") and given.get("lat"):
        return {"lon": float(given["lon"]), "lat": float(given["lat"])}
    return {"lon": None, "lat": None}
