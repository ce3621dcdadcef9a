import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from shapely import Polygon

from wangge.core.importing.faults import FileRefused
from wangge.core.importing.files import FileKind
from wangge.core.importing.readers import ReadOptions, Table, open_table
from wangge.core.importing.reference import Datum

SQUARE = shapely.box(118.78, 32.02, 118.79, 32.03)
NAMES = ["考棚社区", "止马营社区", "建邺区"]


def geojson(folder: Path, *features: dict[str, Any] | str, **more: Any) -> Path:
    path = folder / "uploaded"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **more}), encoding="utf-8")
    return path


def feature(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    shape = json.loads(shapely.to_geojson(SQUARE)) if geometry is None else geometry
    return {"type": "Feature", "properties": properties, "geometry": shape}


def shape_of(wkb: bytes | None) -> Any:
    assert wkb is not None
    return shapely.from_wkb(wkb)


def refused(path: Path, options: ReadOptions | None = None) -> str:
    with pytest.raises(FileRefused) as raised:
        list(open_table(path, options).rows())
    return raised.value.fault.code


def layer(path: Path, driver: str, *, crs: str, shape: Polygon = SQUARE, names: list[str] = NAMES, **more: Any) -> Path:
    fields = [np.array(names, dtype=object), np.array([320104001001, 2, 3])]
    shapes = np.array([shapely.to_wkb(shape)] * len(names), dtype=object)
    kinds = {"geometry_type": "Polygon", "crs": crs, "driver": driver}
    pyogrio.raw.write(path, shapes, fields, ["名称", "编码"], **kinds, **more)
    return path


def shapefile(folder: Path, *, crs: str = "EPSG:4490", encoding: str = "GBK", without: str = "", **more: Any) -> Path:
    (folder / "shape").mkdir()
    layer(folder / "shape" / "grid.shp", "ESRI Shapefile", crs=crs, encoding=encoding, **more)
    path = folder / "uploaded.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in sorted((folder / "shape").iterdir()):
            if part.suffix != without:
                archive.write(part, f"网格/{part.name}")
    return path


def check_named(read: Table) -> None:
    rows = list(read.rows())
    assert [row.values["编码"] for row in rows] == ["320104001001", "2", "3"]
    assert [row.values["名称"] for row in rows[:2]] == NAMES[:2]
    assert all(shape_of(row.geometry).normalize().equals_exact(SQUARE.normalize(), 1e-8) for row in rows)


def test_geojson_keeps_codes_numbers_and_shapes(tmp_path: Path) -> None:
    path = geojson(
        tmp_path,
        feature(code="032", size=5, ratio=1.0, open=True, day="2024-05-06", long=32010400100100123),
        feature(code="033", nested={"a": [1]}, note=None),
    )
    read = open_table(path)
    assert read.kind is FileKind.GEOJSON
    assert read.columns == ("code", "size", "ratio", "open", "day", "long", "nested", "note")
    first, second = read.rows()
    assert list(first.values.values())[:6] == ["032", "5", "1", "TRUE", "2024-05-06", "32010400100100123"]
    assert (second.values["nested"], second.values["note"], second.number) == ('{"a": [1]}', "", 2)
    assert shape_of(first.geometry).equals(SQUARE)


def test_a_feature_with_a_broken_shape_is_a_fault_of_its_row(tmp_path: Path) -> None:
    broken = {"type": "Polygon", "coordinates": [[[118, 32], [119, "东"], [119, 33], [118, 32]]]}
    rows = list(open_table(geojson(tmp_path, feature(code="1"), feature(broken, code="2"), feature(code="3"))).rows())
    assert [[fault.code for fault in row.faults] for row in rows] == [[], ["row.bad_geometry"], []]
    assert [row.geometry is None for row in rows] == [False, True, False]


def test_a_feature_without_a_shape_is_still_a_row(tmp_path: Path) -> None:
    rows = list(
        open_table(geojson(tmp_path, {"type": "Feature", "properties": {"code": "1"}, "geometry": None})).rows()
    )
    assert [(row.values, row.geometry, row.faults) for row in rows] == [({"code": "1"}, None, ())]


def test_half_a_character_in_json_cannot_reach_the_database(tmp_path: Path) -> None:
    path = tmp_path / "uploaded"
    path.write_text('{"type":"Feature","properties":{"名称":"a\\ud800b\\u0000"},"geometry":null}', encoding="utf-8")
    row = next(open_table(path).rows())
    assert row.values == {"名称": "a\ufffdb"}
    assert {fault.code for fault in row.faults} == {"cell.nul", "cell.undecodable"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ('{"type":"FeatureCollection","features":[{"type":"Feature"', "file.broken"),
        ('{"type":"FeatureCollection","features":{}}', "file.not_geojson"),
        ('{"type":"FeatureCollection","features":[1]}', "file.not_geojson"),
        ('{"name":"x"}', "file.not_geojson"),
        ('{"type":"Feature","properties":{"x":NaN},"geometry":null}', "file.broken"),
        ('{"a":' + "[" * 100_000, "file.broken"),
        ('{"type":"FeatureCollection","features":[]}', "file.no_header"),
    ],
)
def test_json_that_is_no_collection_of_features_is_refused(tmp_path: Path, content: str, code: str) -> None:
    path = tmp_path / "uploaded"
    path.write_text(content, encoding="utf-8")
    assert refused(path) == code


def test_an_older_geojson_that_names_its_system_is_reprojected(tmp_path: Path) -> None:
    projected = pyproj.Transformer.from_crs(4490, 4549, always_xy=True).transform  # CGCS2000 GK, 120° E
    metres = shapely.transform(SQUARE, lambda points: np.column_stack(projected(*points.T)))
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}}
    read = open_table(geojson(tmp_path, feature(json.loads(shapely.to_geojson(metres)), code="1"), crs=named))
    assert shape_of(next(read.rows()).geometry).equals_exact(SQUARE, 1e-9)
    assert read.faults == ()


def test_an_old_datum_is_read_with_a_warning(tmp_path: Path) -> None:
    named = {"type": "name", "properties": {"name": "EPSG:4214"}}  # Beijing 1954
    read = open_table(geojson(tmp_path, feature(code="1"), crs=named))
    assert [(fault.code, fault.level) for fault in read.faults] == [("file.inexact_reference", "warning")]


def test_a_system_nobody_knows_is_refused(tmp_path: Path) -> None:
    named = {"type": "name", "properties": {"name": "my own system"}}
    assert refused(geojson(tmp_path, feature(code="1"), crs=named)) == "file.unknown_reference"


def test_a_file_of_shifted_coordinates_is_put_right_when_its_source_says_so(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [116.41024449916938, 39.91640428150164]}
    row = next(open_table(geojson(tmp_path, feature(point, code="1")), ReadOptions(datum=Datum.GCJ02)).rows())
    assert shape_of(row.geometry).distance(shapely.Point(116.404, 39.915)) < 1e-7


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326"])
def test_a_geopackage_is_read(tmp_path: Path, crs: str) -> None:
    read = open_table(layer(tmp_path / "a.gpkg", "GPKG", crs=crs))
    assert read.kind is FileKind.GEOPACKAGE
    check_named(read)


def test_a_geopackage_of_several_layers_asks_which(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    layer(path, "GPKG", crs="EPSG:4490", layer="grids")
    layer(path, "GPKG", crs="EPSG:4490", layer="micro", append=True)
    with pytest.raises(FileRefused) as raised:
        open_table(path)
    assert raised.value.fault.code == "file.several_parts"
    assert "grids、micro" in raised.value.fault.zh
    check_named(open_table(path, ReadOptions(part="micro")))


def test_a_broken_geopackage_is_refused(tmp_path: Path) -> None:
    path = layer(tmp_path / "a.gpkg", "GPKG", crs="EPSG:4490")
    path.write_bytes(path.read_bytes()[:4000])
    assert refused(path) == "file.broken"


@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
@pytest.mark.parametrize("without", ["", ".cpg", ".shx"])
def test_a_zipped_shapefile_is_read_in_its_encoding(tmp_path: Path, encoding: str, without: str) -> None:
    read = open_table(shapefile(tmp_path, encoding=encoding, without=without))
    assert read.kind is FileKind.SHAPEFILE
    check_named(read)


def test_a_value_cut_within_a_character_costs_that_character_only(tmp_path: Path) -> None:
    whole = "长" * 84  # 252 of the 254 bytes a DBF has; the next character leaves two of its three
    path = shapefile(tmp_path, encoding="UTF-8", names=["甲", whole + "ab", "乙"])
    cut = tmp_path / "cut.zip"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(cut, "w") as target:
        for member in source.infolist():
            target.writestr(member, source.read(member).replace(b"ab", "长".encode()[:2]))
    rows = list(open_table(cut).rows())
    assert [row.values["名称"].rstrip("\ufffd") for row in rows] == ["甲", whole, "乙"]
    assert [[fault.code for fault in row.faults] for row in rows] == [[], ["cell.undecodable"], []]


def test_a_projected_shapefile_is_reprojected(tmp_path: Path) -> None:
    projected = pyproj.Transformer.from_crs(4490, 4549, always_xy=True).transform
    metres = shapely.transform(SQUARE, lambda points: np.column_stack(projected(*points.T)))
    check_named(open_table(shapefile(tmp_path, crs="EPSG:4549", shape=metres)))


def test_a_shapefile_without_a_reference_must_hold_degrees(tmp_path: Path) -> None:
    check_named(open_table(shapefile(tmp_path, without=".prj")))
    (tmp_path / "metres").mkdir()
    metres = shapely.box(353_000, 3_545_000, 354_000, 3_546_000)
    assert refused(shapefile(tmp_path / "metres", without=".prj", shape=metres)) == "file.no_reference"


def test_more_features_than_one_batch_are_all_read(tmp_path: Path) -> None:
    path = tmp_path / "many.gpkg"
    count = 4_500
    shapes = np.array([shapely.to_wkb(SQUARE)] * count, dtype=object)
    codes = np.array([str(number) for number in range(count)], dtype=object)
    pyogrio.raw.write(path, shapes, [codes], ["code"], geometry_type="Polygon", crs="EPSG:4490", driver="GPKG")
    rows = list(open_table(path).rows())
    assert [row.values["code"] for row in rows] == codes.tolist()
    assert rows[-1].number == count
