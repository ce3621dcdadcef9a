"""Files as people hand them in, made for the tests."""

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pyogrio
import shapely
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from shapely.geometry.base import BaseGeometry

from wangge.core.importing.importer import StagedRow
from wangge.imports.models import StagedPage
from wangge.imports.staged import keep_page
from wangge.testing import town
from wangge.testing.client import Api

CRS = "EPSG:4490"


def csv_file(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\n".join(lines).encode(encoding)


def xlsx_file(*rows: Sequence[object]) -> bytes:
    book, content = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    book.save(content)
    return content.getvalue()


def geojson_file(shapes: Mapping[str, BaseGeometry | None], **more: Any) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, **more},
            "geometry": json.loads(shapely.to_geojson(shape)) if shape is not None else None,
        }
        for code, shape in shapes.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def shapefile(shapes: Mapping[str, BaseGeometry], folder: Path) -> bytes:
    """Zipped, with Chinese text in GBK as Chinese software writes it."""
    pyogrio.raw.write(
        folder / "grids.shp",
        shapely.to_wkb(np.array(list(shapes.values()), dtype=object)),
        [np.array(list(shapes), dtype=object)],
        ["网格编码"],
        geometry_type="Polygon",
        crs=CRS,
        encoding="GBK",
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    return content.getvalue()


def geopackage(shapes: Mapping[str, BaseGeometry], folder: Path) -> bytes:
    pyogrio.raw.write(
        folder / "grids.gpkg",
        shapely.to_wkb(np.array(list(shapes.values()), dtype=object)),
        [np.array(list(shapes), dtype=object)],
        ["code"],
        geometry_type="Polygon",
        crs=CRS,
    )
    return (folder / "grids.gpkg").read_bytes()


def upload(api: Api, kind: str, content: bytes, name: str = "文件.csv", **options: Any) -> Any:
    return api.send_files("/api/imports", {"file": SimpleUploadedFile(name, content)}, kind=kind, **options)


def checked(api: Api, kind: str, content: bytes, **options: Any) -> Any:
    answer = upload(api, kind, content, **options)
    assert answer.status_code == 201, answer.content.decode()
    report = answer.json()
    assert report["state"] == "checked", report
    return report


def codes_of(report: Any) -> dict[str, int]:
    found: dict[str, int] = report["by_fault"]
    return found


def faults(api: Api, report: Any) -> list[Any]:
    items: list[Any] = api.get(f"/api/imports/{report['id']}/faults", limit=200).json()["items"]
    return items


def go(api: Api, report: Any, step: str, **body: Any) -> Any:
    answer = api.post(f"/api/imports/{report['id']}/{step}", body)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def applied(api: Api, kind: str, content: bytes, **options: Any) -> Any:
    """All the way; the answer of apply."""
    report = checked(api, kind, content, **options)
    assert report["errors"] == 0, faults(api, report)
    assert go(api, report, "stage")["state"] == "staged"
    done = go(api, report, "apply")
    assert done["state"] == "applied", done
    return done


NEW_COMMUNITY = f"{town.STREET}003"


def restage(batch_id: str, rows: dict[int, dict[str, str]]) -> None:
    """Other rows in the place of those staged, by their numbers in the file."""
    StagedPage.objects.filter(batch=UUID(batch_id)).delete()
    keep_page(UUID(batch_id), [StagedRow(number, values) for number, values in rows.items()])
