"""Where the house works: what a map shows before anything else is known."""

from django.db.models import Max, Min, QuerySet
from django.db.models.functions import Length

from wangge.core import clock
from wangge.core.codes import GRID_LENGTH
from wangge.core.revisions import Kept
from wangge.grids.entries import REVISION
from wangge.grids.models import Boundary, open_on

Box = tuple[float, float, float, float]


def served_area() -> Box | None:
    """West, south, east, north (WGS-84) of all grids, of all divisions where no grid is drawn, else None."""
    return _area.get()


def _load() -> Box | None:
    rows = Boundary.objects.filter(open_on(clock.today())).annotate(digits=Length("code"))
    return _box(rows.filter(digits__gte=GRID_LENGTH)) or _box(rows)


def _box(rows: QuerySet[Boundary]) -> Box | None:
    found = rows.aggregate(west=Min("west"), south=Min("south"), east=Max("east"), north=Max("north"))
    if found["west"] is None:
        return None
    return found["west"], found["south"], found["east"], found["north"]


_area: Kept[Box | None] = Kept(REVISION, _load)
