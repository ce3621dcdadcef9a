"""What somebody should know before they end a grid or a division."""

from datetime import timedelta
from typing import Any

from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import GRID_LENGTH
from wangge.core.errors import NotFound
from wangge.grids.access import may_edit
from wangge.grids.models import Division, Grid, TeamMember, open_on
from wangge.grids.obstacles import in_the_way


def ending_of(code: str, *, by: Actor) -> dict[str, Any]:
    """Raises NotAllowed, NotFound."""
    may_edit(by, code)
    kind = Division if len(code) < GRID_LENGTH else Grid
    place: Division | Grid | None = kind.objects.filter(code=code).first()
    if place is None:
        raise NotFound()
    today = clock.today()
    obstacles = [
        {"code": found.code, "message": found.message(by.language), "codes": found.data["codes"]}
        for found in in_the_way(place)
    ]
    return {
        "earliest": max(place.valid_from + timedelta(days=1), today),
        "obstacles": obstacles,
        "team": TeamMember.objects.filter(open_on(today), grid=code).count(),
    }
