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
    """GeoJSON, the community itself first, without micro grids. Raises NotAllowed, CommunityNotDrawn."""
    may_read(by)
    ground = ground_of(community, day or clock.today())
    grids = {code: shape for code, shape in sorted(ground.community.grids.items()) if len(code) == GRID_LENGTH}
    return feature_collection(
        [
            feature(ground.community.boundary, code=community, name="", type=""),
            *(
                feature(shape, code=code, name=ground.grids[code].name, type=ground.grids[code].type)
                for code, shape in grids.items()
            ),
        ]
    )
