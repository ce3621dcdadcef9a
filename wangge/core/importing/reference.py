"""Into the one reference we keep: lon, lat degrees, WGS-84 or CGCS2000 (alike to a few centimetres).

A file says its reference system itself (.prj, layer, "crs"); the shifted systems of map vendors say nothing, so whoever
hands the file in must: GCJ-02 (高德, 腾讯) and BD-09 (百度) are undone by coord-convert.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyproj
import shapely
from coord_convert.transform import bd2gcj, gcj2bd, gcj2wgs
from shapely.geometry.base import BaseGeometry

from wangge.core.importing.faults import Fault, FaultKind, FaultLevel, FileRefused

UNKNOWN_REFERENCE = FaultKind(
    "file.unknown_reference", "坐标系无法识别：{name}", "The reference system is not recognised: {name}"
)
INEXACT_REFERENCE = FaultKind(
    "file.inexact_reference",
    "从“{name}”转换没有公开的精确参数，位置可能差几十米，请核对。",
    "There are no public exact parameters from “{name}”; places may be tens of metres off, please check.",
    FaultLevel.WARNING,
)
NO_REFERENCE = FaultKind(
    "file.no_reference",
    "文件没有坐标系说明，坐标又不是经纬度。请补上 .prj，或另存为经纬度。",
    "The file names no reference system and its coordinates are not degrees. Add the .prj or save as lon, lat.",
)

CGCS2000 = 4490
# The vendors' shift is defined over China only; a point outside is left as it is. Kept inside coord-convert's own box
# (72.004–137.8347, 0.8293–55.8271), at whose edge its iteration would jump in and out without an end.
SHIFTED_BOX = (73.0, 3.0, 136.0, 54.0)
BD_ROUNDS = 3

Places = npt.NDArray[np.float64]
Convert = Callable[[BaseGeometry], BaseGeometry]


class Datum(StrEnum):
    """What the lon, lat of a file mean, as its source declares."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(places: Places, datum: Datum) -> Places:
    """`places` is n × (lon, lat)."""
    if datum in (Datum.WGS84, Datum.CGCS2000):
        return places
    back = gcj2wgs if datum is Datum.GCJ02 else _bd_to_wgs84
    west, south, east, north = SHIFTED_BOX
    moved = [
        back(x, y) if west <= x <= east and south <= y <= north else (x, y) for x, y in places.reshape(-1, 2).tolist()
    ]
    return np.array(moved, dtype=np.float64).reshape(-1, 2)


def converter(reference: str | None, datum: Datum) -> tuple[Convert, list[Fault]]:
    """What turns a geometry of the file into ours, and what to warn of. `reference`: EPSG code, WKT or URN.

    Raises FileRefused when the reference is not known.
    """
    faults: list[Fault] = []
    steps: list[Callable[[Places], Places]] = []
    if reference is not None:
        transformer, name, exact = _transformer(reference)
        if transformer is not None:
            steps.append(lambda places: np.column_stack(transformer.transform(places[:, 0], places[:, 1])))
        if not exact:
            faults.append(INEXACT_REFERENCE(name=name))
    if datum in (Datum.GCJ02, Datum.BD09):
        steps.append(lambda places: to_wgs84(places, datum))

    def convert(geometry: BaseGeometry) -> BaseGeometry:
        flat = shapely.force_2d(geometry)
        for step in steps:
            flat = shapely.transform(flat, step)
        return flat

    return convert, faults


@lru_cache(maxsize=32)
def _transformer(reference: str) -> tuple[pyproj.Transformer | None, str, bool]:
    """(how, the name of the system, whether to a metre); no way to go where the degrees are ours already."""
    try:
        system = pyproj.CRS.from_user_input(reference)
        target = pyproj.CRS.from_epsg(CGCS2000)
        if system.is_geographic and _on_our_datum(system):
            return None, system.name, True
        return pyproj.Transformer.from_crs(system, target, always_xy=True), system.name, _on_our_datum(system)
    except pyproj.exceptions.ProjError as error:
        raise FileRefused(UNKNOWN_REFERENCE(name=reference)) from error


def _on_our_datum(system: pyproj.CRS) -> bool:
    base = system.geodetic_crs
    words = f"{base.name} {base.datum.name if base.datum else ''}".upper() if base else ""
    return any(
        name in words
        for name in ("WGS 84", "WGS_1984", "WORLD GEODETIC SYSTEM 1984", "CGCS", "CHINA 2000", "CHINA_2000")
    )


def _bd_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """coord-convert's inverse of BD-09 is approximate (half a metre); rounds against its own forward make it exact."""
    x, y = bd2gcj(lon, lat)
    for _ in range(BD_ROUNDS):
        there = gcj2bd(x, y)
        x, y = x - (there[0] - lon), y - (there[1] - lat)
    back: tuple[float, float] = gcj2wgs(x, y)
    return back
