"""The ground of the test town: two streets, three communities, their grids, as plain values (no database).

Each community is a rectangle of 0.01° from 118.79E 32.02N eastwards. Grid 001 is its western half, 002 its eastern half
around the dedicated grid 003; together they fill it, so the rule of 一张网 holds.
"""

from shapely import MultiPolygon, Polygon, box, union_all

from wangge.grids.rules.geometry import polygonal

CITY = "3201"
DISTRICT = "320104"
OTHER_DISTRICT = "320105"
STREET = "320104001"
OTHER_STREET = "320104002"
COMMUNITY = "320104001001"
NEIGHBOUR_COMMUNITY = "320104001002"
OTHER_COMMUNITY = "320104002001"
GRID = "320104001001001"
NEIGHBOUR_GRID = "320104001001002"
DEDICATED_GRID = "320104001001003"
OTHER_GRID = "320104002001001"
MICRO_GRID = "32010400100100101"

DIVISIONS = {
    "32": "江苏省",
    CITY: "南京市",
    DISTRICT: "测试区",
    OTHER_DISTRICT: "邻区",
    STREET: "桃叶街道",
    OTHER_STREET: "白鹭街道",
    COMMUNITY: "柳岸社区",
    NEIGHBOUR_COMMUNITY: "石桥社区",
    OTHER_COMMUNITY: "荷塘社区",
}

COMMUNITIES = (COMMUNITY, NEIGHBOUR_COMMUNITY, OTHER_COMMUNITY)

_WEST, _SOUTH, _SIDE = 118.79, 32.02, 0.01
_FOREVER = 6  # digits kept, so that neighbours share their corners exactly


def shapes() -> dict[str, Polygon | MultiPolygon]:
    """code -> area, of every division from community to district, and every grid. Lon lat, WGS-84."""
    found: dict[str, Polygon | MultiPolygon] = {}
    for index, community in enumerate(COMMUNITIES):
        west, south = round(_WEST + index * _SIDE, _FOREVER), _SOUTH
        found |= _community(community, west, south)
    found[STREET] = _joined(found[COMMUNITY], found[NEIGHBOUR_COMMUNITY])
    found[OTHER_STREET] = found[OTHER_COMMUNITY]
    found[DISTRICT] = _joined(found[STREET], found[OTHER_STREET])
    return found


def point_in(code: str) -> tuple[float, float]:
    """A place (lon, lat) that lies in the area, and in none of its neighbours."""
    place = SHAPES[code].representative_point()
    return place.x, place.y


def grid_type(code: str) -> str:
    if len(code) == 17:
        return "micro"
    return "dedicated" if code.endswith("003") else "general"


def _community(code: str, west: float, south: float) -> dict[str, Polygon | MultiPolygon]:
    east, north = round(west + _SIDE, _FOREVER), round(south + _SIDE, _FOREVER)
    middle = round(west + _SIDE / 2, _FOREVER)
    hole = box(round(west + 0.007, _FOREVER), 32.024, round(west + 0.009, _FOREVER), 32.026)
    found: dict[str, Polygon | MultiPolygon] = {
        code: box(west, south, east, north),
        f"{code}001": box(west, south, middle, north),
        f"{code}002": Polygon(box(middle, south, east, north).exterior, [hole.exterior]),
        f"{code}003": hole,
    }
    if code == COMMUNITY:
        found[f"{code}00101"] = box(west, south, middle, 32.025)
        found[f"{code}00102"] = box(west, 32.025, middle, north)
    return found


def _joined(*areas: Polygon | MultiPolygon) -> Polygon | MultiPolygon:
    return polygonal(union_all(areas))


SHAPES = shapes()
GRIDS = tuple(code for code in SHAPES if len(code) >= 15)
