"""A new grid with its ground, both or neither."""

from dataclasses import replace
from typing import Any

from django.db import transaction

from wangge.grids.actions.grids import create_grid
from wangge.grids.actions.redraw import draw_boundary
from wangge.grids.actions.writing import Drawing, Order
from wangge.grids.rules.geometry import Area


def found_grid(
    *,
    type: str,
    under: str,
    name: str,
    shape: Area,
    order: Order,
    details: dict[str, Any],
    code: str | None = None,
    clip: bool = False,
) -> Drawing:
    """A preview tries it and takes it back. Raises what create_grid and draw_boundary raise."""
    with transaction.atomic():
        grid = create_grid(
            type=type,
            under=under,
            name=name,
            code=code,
            valid_from=order.day,
            details=details,
            by=order.by,
            at=order.at,
        )
        whole = replace(order, begins=(grid.code,))
        drawing = draw_boundary(code=grid.code, shape=shape, order=whole, clip=clip)
        if order.preview:
            transaction.set_rollback(True)
    return replace(drawing, created=(grid.code,))
