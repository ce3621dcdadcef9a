"""The net of a community in full detail, for who draws in it."""

from datetime import date
from typing import Any

from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import GRID_LENGTH
from wangge.grids.access import may_read
from wangge.grids.geojson import feature, feature_collection
from wangge.grids.ground import ground_of


def net_of(community: str, *, by: Actor, day: date | None = None) -> dict[str, Any]:
    """GeoJSON, the community itself first, without micro grids; last the grids that have no boundary yet.

    Raises NotAllowed, CommunityNotDrawn.
    """
    may_read(by)
    ground = ground_of(community, day or clock.today())
    rows = [grid for code, grid in sorted(ground.grids.items()) if len(code) == GRID_LENGTH]
    shapes = ground.community.grids
    return feature_collection(
        [
            feature(ground.community.boundary, code=community, name="", type=""),
            *(
                feature(shapes.get(grid.code), code=grid.code, name=grid.name, type=grid.type)
                for grid in sorted(rows, key=lambda grid: grid.code not in shapes)
            ),
        ]
    )
