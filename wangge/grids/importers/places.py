"""Places that addresses name: compounds, malls, schools, corners. Each gives a point, and by it a grid."""

from collections.abc import Iterable, Iterator
from uuid import UUID

import shapely

from wangge.accounts.permissions import Permission
from wangge.core.importing.faults import Fault, FaultKind, FaultLevel
from wangge.core.importing.fields import Field, FieldType
from wangge.core.importing.importer import Counts, ImportContext, StagedRow
from wangge.core.importing.mapping import Mapped
from wangge.grids.importers.common import OUT_OF_AREA, in_chunks, record_batch, together
from wangge.grids.models import Place
from wangge.grids.queries.location import index
from wangge.grids.rules.places import key_of

NO_PLACE = FaultKind("place.no_point", "没有坐标。", "It has no coordinates.")
NOT_LONLAT = FaultKind("place.not_lonlat", "坐标不是经纬度：{lon}, {lat}", "Not lon, lat degrees: {lon}, {lat}")
OUTSIDE = FaultKind(
    "place.outside", "“{name}”不在任何网格内，地址匹配时不会用到。", "“{name}” lies in no grid.", FaultLevel.WARNING
)
REPEATED = FaultKind(
    "place.repeated",
    "“{name}”在第 {first} 行已出现，以后一行为准。",
    "“{name}” stands in row {first} already; the later row counts.",
    FaultLevel.WARNING,
)
SHORT = FaultKind(
    "place.short_name",
    "“{name}”只有一个字，会与许多地址相符。",
    "“{name}” is one character and would match many addresses.",
)


class PlacesImporter:
    kind = "places"
    permission = Permission.GRID_EDIT
    zh = "地名"
    en = "Places"
    takes_geometry = True
    fields: tuple[Field, ...] = (
        Field(name="name", zh="名称", en="Name", required=True, max_length=200, aliases=("地名", "小区", "小区名称")),
        Field(name="kind", zh="类别", en="Kind", max_length=100, aliases=("类型",)),
        Field(name="lon", zh="经度", en="Longitude", type=FieldType.DECIMAL, aliases=("x", "lng", "longitude", "东经")),
        Field(name="lat", zh="纬度", en="Latitude", type=FieldType.DECIMAL, aliases=("y", "latitude", "北纬")),
    )

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        context.by.require(self.permission)
        grids = index()
        seen: dict[str, int] = {}
        for row in rows:
            name = row.values.get("name", "")
            point = point_of(row.values, row.geometry)
            if point is None:
                yield NO_PLACE(row=row.number)
                continue
            lon, lat = point
            if not (-180 <= lon <= 180 and -90 <= lat <= 90):
                yield NOT_LONLAT(row=row.number, lon=lon, lat=lat)
                continue
            grid = grids.locate(lon, lat)
            if grid is None:
                yield OUTSIDE(row=row.number, place=point, name=name)
            elif not context.by.covers(grid):
                yield OUT_OF_AREA(row=row.number, subject=grid, place=point, code=grid)
            if name and len(key_of(name)) < 2:
                yield SHORT(row=row.number, name=name)
            if name and (first := seen.setdefault(key_of(name), row.number)) != row.number:
                yield REPEATED(row=row.number, name=name, first=first)

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: UUID) -> Counts:
        context.by.require(self.permission)
        grids = index()
        created = changed = unchanged = 0
        touched: set[str] = set()
        for chunk in in_chunks(rows):
            wanted = {}
            for row in chunk:
                lon, lat = point_of(row.values, row.geometry) or (0.0, 0.0)
                place = Place(name=row.values["name"], kind=row.values.get("kind", ""), lon=lon, lat=lat)
                place.key, place.grid = key_of(place.name), grids.locate(lon, lat) or ""
                wanted[place.key] = place
            known = {place.key: place for place in Place.objects.filter(key__in=wanted)}
            updated = [known[key] for key, place in wanted.items() if key in known and _update(known[key], place)]
            new = [place for key, place in wanted.items() if key not in known]
            Place.objects.bulk_update(updated, ["name", "kind", "lon", "lat", "grid"])
            Place.objects.bulk_create(new)
            created, changed = created + len(new), changed + len(updated)
            unchanged += len(chunk) - len(new) - len(updated)
            touched.update(place.grid for place in (*new, *updated) if place.grid)
        counts = Counts(created=created, changed=changed, unchanged=unchanged)
        record_batch("places", together(touched), counts, context, batch_id)
        return counts


def point_of(values: dict[str, str], geometry: bytes | None) -> tuple[float, float] | None:
    """From the columns, else a point on the shape (a compound drawn as an area)."""
    if values.get("lon") and values.get("lat"):
        return float(values["lon"]), float(values["lat"])
    if geometry is None:
        return None
    point = shapely.from_wkb(geometry).representative_point()
    return None if point.is_empty else (point.x, point.y)


def _update(place: Place, wanted: Place) -> bool:
    fields = ("name", "kind", "lon", "lat", "grid")
    if all(getattr(place, name) == getattr(wanted, name) for name in fields):
        return False
    for name in fields:
        setattr(place, name, getattr(wanted, name))
    return True
