"""Reads a spreadsheet or a file of features in a process of its own, and says what it read as lines of JSON.

Started by `isolated.py`. A few kilobytes can make a reader ask for gigabytes (a cell in the last corner of a sheet is
enough: calamine then aborts), so reading stands behind limits of memory and time, away from the process that serves.

Lines: {"columns", "reference", "encoding"} first; then [number, cells, WKB hex or null, notes]; then {"end": true},
or {"refused": code, …words}. A cell is text, or {"lossy": text} for a number that lost digits.
"""

import codecs
import json
import math
import os
import resource
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from wangge.core.importing.encodings import detect_encoding
from wangge.core.importing.faults import FileRefused
from wangge.core.importing.files import DEFAULT_LIMITS, opened
from wangge.core.importing.rows import EXACT_DIGITS

MEMORY_BYTES = 3 << 30
CPU_SECONDS = 900
BATCH = 2_000
PARQUET_ROWS = 1_000  # at once
PARQUET_BUFFER = 1 << 20
PARQUET_BYTES = 256 << 20  # of the rows read at once: a value named a thousand times is packed into one
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
CODEPAGE_BYTE = {0x4D: "gb18030"}  # DBF language driver 0x4D is code page 936


class Refused(Exception):
    def __init__(self, code: str, **words: str) -> None:
        super().__init__(code)
        self.said = {"refused": code, **words}


def main(kind: str, path: str, part: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    readers = {
        "spreadsheet": _sheet,
        "parquet": _parquet,
        "geojson": _geojson,
        "geopackage": _geopackage,
        "shapefile": _shapefile,
    }
    try:
        for line in readers[kind](Path(path), part):
            _say(line)
        _say({"end": True})
    except Refused as refused:
        _say(refused.said)
    except FileRefused as refused:
        fault = refused.fault
        _say({"refused": "fault", "code": fault.code, "zh": fault.zh, "en": fault.en})
    except MemoryError:
        raise SystemExit(1) from None  # no {"end"}: the other side says that the file asks for too much
    except Exception as error:
        _say({"refused": "broken", "reason": f"{type(error).__name__}: {error}"[:200]})


def _say(line: object) -> None:
    sys.stdout.write(json.dumps(line) + "\n")


def _sheet(path: Path, part: str) -> Iterator[object]:
    import python_calamine

    try:
        with path.open("rb") as file:  # as bytes: an .xls that calls itself .xlsx is read as what it is
            book = python_calamine.load_workbook(file)
        visible = [one.name for one in book.sheets_metadata if one.visible is python_calamine.SheetVisibleEnum.Visible]
        if part and part not in book.sheet_names:
            raise Refused("no_part", name=part, names="、".join(visible))
        sheets = (book.get_sheet_by_name(name) for name in ([part] if part else visible or book.sheet_names))
        sheet = next((one for one in sheets if one.height), None)
        yield {"columns": None, "reference": None, "encoding": ""}
        if sheet is None:
            return
        for number, cells in enumerate(sheet.iter_rows(), 1):
            yield [number, [_cell(value) for value in cells], None, []]
    except python_calamine.PasswordError as error:
        raise Refused("encrypted") from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refused("broken", reason=str(error)[:200]) from error


def _parquet(path: Path, part: str) -> Iterator[object]:
    """As a sheet: the first line holds the headings. Read page by page: a row group may be larger than memory."""
    import pyarrow
    from pyarrow import parquet

    pyarrow.set_memory_pool(pyarrow.system_memory_pool())  # the others reserve more than the limit leaves
    try:
        with parquet.ParquetFile(path, buffer_size=PARQUET_BUFFER, pre_buffer=False) as file:
            schema = file.schema_arrow
            _check_columns(schema)
            yield {"columns": None, "reference": None, "encoding": ""}
            yield [1, list(schema.names), None, []]
            number = 1
            for batch in file.iter_batches(PARQUET_ROWS, use_threads=False):
                columns = [_plain_column(column) for column in batch.columns]
                if sum(column.nbytes for column in columns) > PARQUET_BYTES:
                    raise MemoryError
                for cells in zip(*(column.to_pylist() for column in columns), strict=True):
                    number += 1
                    yield [number, [_cell(value) for value in cells], None, []]
    except pyarrow.ArrowMemoryError as error:
        raise MemoryError from error
    except (pyarrow.ArrowException, OSError, ValueError, OverflowError) as error:
        if "encrypt" in str(error).lower() or "decrypt" in str(error).lower():
            raise Refused("encrypted") from error
        raise Refused("broken", reason=str(error)[:200]) from error


def _check_columns(schema: Any) -> None:
    """Raises Refused for the first column that cannot stand in a cell."""
    from pyarrow import types

    for column in schema:
        kind = column.type.value_type if types.is_dictionary(column.type) else column.type
        said = {"name": str(column.name)[:60], "type": str(column.type)[:60]}
        if types.is_nested(kind):
            raise Refused("nested", **said)
        texts = types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
        numbers = types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind)
        days = types.is_date(kind) or types.is_timestamp(kind) or types.is_time(kind)
        if not (texts or numbers or days or types.is_boolean(kind) or types.is_null(kind)):
            raise Refused("column_type", **said)


def _plain_column(column: Any) -> Any:
    """Each value where it stands; times to the microsecond, which is what Python holds."""
    import pyarrow
    from pyarrow import types

    if types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)
    if types.is_time(column.type) and column.type.unit == "ns":
        return column.cast(pyarrow.time64("us"), safe=False)
    return column


def _geojson(path: Path, part: str) -> Iterator[object]:
    import shapely

    document = _json(path)
    features = document.get("features") if document.get("type") == "FeatureCollection" else [document]
    if not isinstance(features, list) or not all(
        isinstance(one, dict) and one.get("type") == "Feature" for one in features
    ):
        raise Refused("not_geojson")
    columns: dict[str, None] = {}
    for feature in features:
        columns.update(dict.fromkeys(feature.get("properties") or {}))
    yield {"columns": list(columns), "reference": _geojson_reference(document), "encoding": "UTF-8"}
    for number, feature in enumerate(features, 1):
        properties, notes, hexed = feature.get("properties") or {}, [], None
        try:
            shape = shapely.from_geojson(json.dumps(feature["geometry"])) if feature.get("geometry") else None
            hexed = shapely.to_wkb(shape, hex=True) if shape is not None else None
        except (shapely.errors.GEOSException, ValueError) as error:
            notes.append(str(error)[:200])
        yield [number, [_cell(properties.get(column)) for column in columns], hexed, notes]


def _json(path: Path) -> dict[str, Any]:
    def chunks() -> Iterator[bytes]:
        with opened(path) as file:
            yield from file.chunks()

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON")

    raw = bytearray()
    for chunk in chunks():
        raw += chunk
        if len(raw) > DEFAULT_LIMITS.json_bytes:
            raise Refused("too_large")
    try:
        document = json.loads(codecs.decode(raw, detect_encoding(chunks)), parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Refused("broken", reason=str(error)[:200]) from error
    if not isinstance(document, dict):
        raise Refused("not_geojson")
    return document


def _geojson_reference(document: dict[str, Any]) -> str | None:
    """RFC 7946 knows WGS-84 alone, but files of the older GeoJSON, which name a "crs", are still made."""
    stated = document.get("crs")
    properties = stated.get("properties") if isinstance(stated, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else "EPSG:4326"


def _geopackage(path: Path, part: str) -> Iterator[object]:
    import pyogrio

    try:
        layers = [str(name) for name, shape in pyogrio.list_layers(path) if shape is not None]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
        raise Refused("broken", reason=str(error)[:200]) from error
    yield from _features(path, _chosen(layers, part), None)


def _shapefile(path: Path, part: str) -> Iterator[object]:
    os.environ["SHAPE_RESTORE_SHX"] = "YES"
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as archive:
        members = {_name(member): member for member in archive.infolist() if not member.is_dir()}
        shapes = sorted(name for name in members if name.lower().endswith(".shp"))
        stem = _chosen([name[:-4] for name in shapes], part).lower()
        for name, member in members.items():
            ending = name.lower()[len(stem) :]
            if name.lower().startswith(stem) and ending in SHAPEFILE_PARTS:
                with archive.open(member) as source, Path(folder, "layer" + ending).open("wb") as target:
                    shutil.copyfileobj(source, target)
        encoding = _shapefile_encoding(Path(folder))
        Path(folder, "layer.cpg").write_text("ISO-8859-1")  # every byte is a character, so GDAL hands the bytes through
        yield from _features(Path(folder, "layer.shp"), None, encoding)


def _name(member: zipfile.ZipInfo) -> str:
    """Windows in Chinese packs names in GBK without saying so; zipfile then reads them as code page 437."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


def _chosen(names: list[str], part: str) -> str:
    if part:
        if part not in names:
            raise Refused("no_part", name=part, names="、".join(names))
        return part
    if len(names) != 1:
        raise Refused("several_parts" if names else "no_layer", names="、".join(names))
    return names[0]


def _shapefile_encoding(folder: Path) -> str:
    """What .cpg says, else the DBF's own mark, else what its bytes look like."""
    stated, table = folder / "layer.cpg", folder / "layer.dbf"
    if stated.exists():
        name = stated.read_bytes()[:40].decode("ascii", "ignore").strip().strip("\0").lower()
        if codec := _codec(name):
            return codec
    if not table.exists():
        return "utf-8"
    raw = table.read_bytes()
    if len(raw) > 32 and (codec := CODEPAGE_BYTE.get(raw[29])):
        return codec
    records = raw[int.from_bytes(raw[8:10], "little") :]
    return detect_encoding(lambda: [raw[32 : int.from_bytes(raw[8:10], "little")].replace(b"\0", b" ") + records])


def _codec(name: str) -> str | None:
    number = name.removeprefix("ansi ").removeprefix("cp").removeprefix("ms").strip()
    known = {
        "936": "gb18030",
        "54936": "gb18030",
        "65001": "utf-8",
        "950": "big5",
        "gbk": "gb18030",
        "gb2312": "gb18030",
    }
    try:
        return known.get(number) or codecs.lookup(name).name
    except LookupError:
        return None


def _features(path: Path, layer: str | None, encoding: str | None) -> Iterator[object]:
    """With `encoding` given, text comes as bytes (Latin-1) and is read here: a value cut within a character, as DBF
    does at 254 bytes, then costs that character and not the file."""
    import pyogrio

    start = 0
    try:
        while True:
            meta, _, shapes, columns = pyogrio.raw.read(path, layer=layer, skip_features=start, max_features=BATCH)
            if start == 0:
                names = [_decoded(str(name), encoding) for name in meta["fields"]]
                yield {"columns": names, "reference": meta["crs"], "encoding": encoding or "UTF-8"}
            for offset in range(len(shapes)):
                cells = [_cell(_decoded(column[offset], encoding)) for column in columns]
                shape = shapes[offset]
                yield [start + offset + 1, cells, shape.hex() if shape is not None else None, []]
            start += len(shapes)
            if len(shapes) < BATCH:
                return
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise Refused("broken", reason=str(error)[:200]) from error


def _decoded(value: Any, encoding: str | None) -> Any:
    if encoding is None or not isinstance(value, str):
        return value
    return value.encode("latin-1").decode(encoding, "surrogateescape")


def _cell(value: Any) -> object:
    """Text as a person would have typed it: whole numbers without a point, days and times in ISO 8601."""
    value = value.item() if hasattr(value, "item") else value  # numpy scalars; NaT becomes None
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        text = str(int(value)) if value.is_integer() else repr(value)
        return {"lossy": text} if abs(value) >= EXACT_DIGITS else text
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.isoformat(" ", "seconds")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


if __name__ == "__main__":
    main(*sys.argv[1:4])
