"""Shapes as GeoJSON (RFC 7946: WGS-84, lon lat), with no more digits than mean something."""

import json
from collections.abc import Iterable
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

CENTIMETRE = 7  # decimals of a degree


def geometry(shape: BaseGeometry, *, decimals: int = CENTIMETRE) -> dict[str, Any]:
    rounded = shapely.transform(shape, lambda points: points.round(decimals))
    found: dict[str, Any] = json.loads(shapely.to_geojson(rounded))
    return found


def feature(shape: BaseGeometry | None, *, decimals: int = CENTIMETRE, **properties: Any) -> dict[str, Any]:
    drawn = geometry(shape, decimals=decimals) if shape is not None else None
    return {"type": "Feature", "properties": properties, "geometry": drawn}


def feature_collection(features: Iterable[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features), **more}
