"""Cases around a point, on a plane: over a few hundred metres the error is centimetres. lon, lat degrees."""

import math

from django.db.models import Q

from wangge.cases.models import Case
from wangge.grids.queries import codes_around

M_PER_DEGREE = 111_320.0


def around(lon: float, lat: float, metres: float) -> Q:
    """A box; the grids around say the same to an index, where there are boundaries."""
    high = metres / M_PER_DEGREE
    wide = high / max(math.cos(math.radians(lat)), 0.01)
    codes = codes_around(lon, lat, metres)
    return (Q(current_grid__in=codes) if codes else Q()) & Q(
        lat__gte=lat - high, lat__lte=lat + high, lon__gte=lon - wide, lon__lte=lon + wide
    )


def metres_between(lon: float | None, lat: float | None, row: Case) -> float | None:
    if lon is None or lat is None or row.lon is None or row.lat is None:
        return None
    across = (row.lon - lon) * math.cos(math.radians(lat))
    return math.hypot(across, row.lat - lat) * M_PER_DEGREE
