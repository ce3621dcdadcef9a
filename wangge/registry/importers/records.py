"""Dwellings with their buildings, organisations, facilities from a file."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.importing.faults import Fault, FaultKind
from wangge.core.importing.fields import Field as Column
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped
from wangge.grids.queries.location import index
from wangge.registry.importers.columns import columns_of, place_faults, place_of, read_row, refused_columns
from wangge.registry.importers.people import OWNER, in_chunks, known_codes
from wangge.registry.importers.writing import Incoming, Tally, act_of, record_import, write
from wangge.registry.models import Building, Dwelling, Facility, Organisation
from wangge.registry.rules import addresses

NO_ADDRESS = FaultKind("registry.no_address", "没有地址，无法确定楼栋。", "No address to find its building by.")
SAME = FaultKind("registry.same_twice", "与第 {first} 行是同一条。", "The same as row {first}.")
BUILDING = Column(name="building", zh="楼栋地址", en="Building", aliases=("楼栋", "楼宇"), max_length=200)


class _Records:
    """What these have in common: read by the dictionary, placed, matched by what tells them apart."""

    kind = ""
    of = ""
    takes_geometry = False
    options: tuple[Column, ...] = (OWNER,)

    def column_faults(self, headings: Sequence[str]) -> list[Fault]:
        return list(refused_columns(list(headings)))

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        context.by.require(Permission.REGISTRY_EDIT)
        places, known, today = index(), known_codes(), clock.day_of(context.at)
        seen: dict[Any, int] = {}
        for row in rows:
            faults: list[Fault] = []
            values = read_row(self.of, row.values, number=row.number, today=today, faults=faults)
            yield from faults
            yield from place_faults(place_of(row.values, places, known), row.number, context)
            yield from self.row_faults(row)
            key = self.key_of(values, row.values)
            if key and (first := seen.setdefault(key, row.number)) != row.number:
                yield SAME(row=row.number, first=first)

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        context.by.require(Permission.REGISTRY_EDIT)
        places, known, tally, today = index(), known_codes(), Tally(), clock.day_of(context.at)
        with acting(Actor.system("registry")):
            for chunk in in_chunks(rows):
                incoming = []
                for row in chunk:
                    values = read_row(self.of, row.values, number=row.number, today=today, faults=[])
                    code = place_of(row.values, places, known)
                    if context.by.covers(code):
                        one = Incoming(values=values, code=code, more=_point(row.values))
                        incoming.append((self.key_of(values, row.values), one, row.values))
                self.match(incoming, context, tally)
                ready = [one for _, one, _ in incoming if one.known is None or context.by.covers(one.known.code)]
                write(self.of, ready, act=act_of(context), by=context.by, tally=tally)
            record_import(self.of, tally, context=context, batch_id=batch_id)
        return tally.counts()

    def row_faults(self, row: Mapped) -> Iterator[Fault]:
        yield from ()

    def key_of(self, values: dict[str, Any], given: dict[str, str]) -> Any:
        raise NotImplementedError

    def match(self, rows: list[tuple[Any, Incoming, dict[str, str]]], context: ImportContext, tally: Tally) -> None:
        raise NotImplementedError


class DwellingsImporter(_Records):
    kind = "dwellings"
    of = "dwelling"
    zh = "房屋"
    en = "Dwellings"
    fields: tuple[Column, ...] = (*columns_of("dwelling"), BUILDING)

    def row_faults(self, row: Mapped) -> Iterator[Fault]:
        if not _building_address(row.values):
            yield NO_ADDRESS(row=row.number, column="address")

    def key_of(self, values: dict[str, Any], given: dict[str, str]) -> Any:
        if values.get("house_no"):
            return values["house_no"]
        room = addresses.room_key(unit=values.get("unit", ""), room=values.get("room", ""))
        return (addresses.key(_building_address(given)), room or values.get("address", ""))

    def match(self, rows: list[tuple[Any, Incoming, dict[str, str]]], context: ImportContext, tally: Tally) -> None:
        """Buildings first: those of the file that are not there are made, at the place of their first row."""
        found = _buildings([(one, _building_address(given)) for _, one, given in rows], context, tally)
        houses = {
            row.house_no: row
            for row in Dwelling.objects.filter(house_no__in=[key for key, _, _ in rows if isinstance(key, str)])
            if row.ended_at is None
        }
        rooms = {
            (row.building_id, row.room_key): row
            for row in Dwelling.objects.filter(building__in=list(found.values()), ended_at=None).exclude(room_key="")
        }
        for key, one, given in rows:
            building = found.get(addresses.key(_building_address(given)))
            _split_room(one)
            room = addresses.room_key(unit=one.values.get("unit", ""), room=one.values.get("room", ""))
            one.known = houses.get(key) if isinstance(key, str) else None
            if one.known is None and building is not None:
                one.known = rooms.get((building.pk, room))
            if building is not None and one.known is None:
                one.code = building.code
                one.more |= {"building": building, "room_key": room}


class OrganisationsImporter(_Records):
    kind = "organisations"
    of = "organisation"
    zh = "组织机构"
    en = "Organisations"
    fields: tuple[Column, ...] = columns_of("organisation")

    def key_of(self, values: dict[str, Any], given: dict[str, str]) -> Any:
        return values.get("credit_code") or values.get("name", "")

    def match(self, rows: list[tuple[Any, Incoming, dict[str, str]]], context: ImportContext, tally: Tally) -> None:
        codes = [one.values["credit_code"] for _, one, _ in rows if one.values.get("credit_code")]
        known = {row.credit_code: row for row in Organisation.objects.filter(credit_code__in=codes, ended_at=None)}
        named = {
            (row.name, row.code): row
            for row in Organisation.objects.filter(
                name__in=[one.values.get("name", "") for _, one, _ in rows], credit_code="", ended_at=None
            )
        }
        for _, one, _ in rows:
            code = one.values.get("credit_code", "")
            one.known = known.get(code) if code else named.get((one.values.get("name", ""), one.code))


class FacilitiesImporter(_Records):
    kind = "facilities"
    of = "facility"
    zh = "部件"
    en = "Facilities"
    fields: tuple[Column, ...] = columns_of("facility")

    def key_of(self, values: dict[str, Any], given: dict[str, str]) -> Any:
        return values.get("number", "")

    def match(self, rows: list[tuple[Any, Incoming, dict[str, str]]], context: ImportContext, tally: Tally) -> None:
        numbers = [one.values.get("number", "") for _, one, _ in rows]
        known = {row.number: row for row in Facility.objects.filter(number__in=numbers, ended_at=None)}
        for _, one, _ in rows:
            one.known = known.get(one.values.get("number", ""))


def _building_address(given: dict[str, str]) -> str:
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


def _buildings(rows: list[tuple[Incoming, str]], context: ImportContext, tally: Tally) -> dict[str, Building]:
    keys = {addresses.key(text): (row, text) for row, text in reversed(rows)}
    known = Building.objects.filter(address_key__in=list(keys), ended_at=None).order_by("-made_at")
    found = {row.address_key: row for row in known if context.by.covers(row.code)}
    missing = [
        Incoming(values={"address": text}, code=row.code, more={name: row.more[name] for name in ("lon", "lat")})
        for key, (row, text) in keys.items()
        if key not in found and key
    ]
    write("building", missing, act=act_of(context), by=context.by, tally=tally)
    tally.created -= len(missing)  # counted are the rows of the file
    return found | {row.record.address_key: row.record for row in missing}


def _point(given: dict[str, str]) -> dict[str, Any]:
    if given.get("lon") and given.get("lat"):
        return {"lon": float(given["lon"]), "lat": float(given["lat"])}
    return {"lon": None, "lat": None}
