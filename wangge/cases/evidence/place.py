"""A place as a camera wrote it down: WGS-84 degrees, checked, never corrected."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    lon: float
    lat: float


def place_or_none(lon: float, lat: float) -> Place | None:
    """None for what is no place, and for 0, 0, which cameras write when they do not know."""
    if not (math.isfinite(lon) and math.isfinite(lat)) or abs(lon) > 180 or abs(lat) > 90 or (lon == 0 and lat == 0):
        return None
    return Place(round(lon, 7), round(lat, 7))
