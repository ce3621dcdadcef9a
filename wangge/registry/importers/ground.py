"""Buildings and public places alone from a file: what stands there before anybody lives or works in it."""

from wangge.core.importing.fields import Field as Column
from wangge.core.importing.importer import ImportContext
from wangge.registry.importers.columns import columns_of, owners
from wangge.registry.importers.incoming import Incoming
from wangge.registry.importers.records import Records, Row, buildings_of
from wangge.registry.models import Place
from wangge.registry.models.among import Among
from wangge.registry.rules import addresses


class BuildingsImporter(Records):
    """Told by their address, written one way or another, within the importer's own area: as dwellings find theirs."""

    kind = "buildings"
    of = "building"
    zh = "楼栋"
    en = "Buildings"
    fields: tuple[Column, ...] = columns_of("building")
    owners = owners("building")

    def row_of(self, incoming: Incoming, given: dict[str, str]) -> Row:
        address = incoming.values.get("address", "")
        return Row(incoming, (("building", addresses.key(address)),), building=address)

    def match(self, rows: list[Row], context: ImportContext) -> None:
        known = buildings_of(rows, context)
        for row in rows:
            row.incoming.known = known.get(addresses.key(row.building))


class PublicPlacesImporter(Records):
    """Told by name within their grid: two of one name in one grid want names of their own. `places` are the names that
    the map knows (wangge/grids)."""

    kind = "public_places"
    of = "place"
    zh = "公共场所"
    en = "Public places"
    fields: tuple[Column, ...] = columns_of("place")
    owners = owners("place")

    def row_of(self, incoming: Incoming, given: dict[str, str]) -> Row:
        return Row(incoming, (("name", incoming.values.get("name", ""), incoming.code),))

    def match(self, rows: list[Row], context: ImportContext) -> None:
        standing = Place.objects.filter(Among("code", {row.incoming.code for row in rows}), ended_at=None)
        named = standing.filter(Among("name", {row.incoming.values.get("name", "") for row in rows}))
        known = {(one.code, one.name): one for one in named.order_by("-made_at")}
        for row in rows:
            row.incoming.known = known.get((row.incoming.code, row.incoming.values.get("name", "")))
