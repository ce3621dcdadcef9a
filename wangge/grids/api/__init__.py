"""The HTTP side of grids: one router, a file for each group of operations."""

from ninja import Router

from wangge.grids.api.divisions import router as divisions
from wangge.grids.api.grids import router as grids
from wangge.grids.api.map import router as map_
from wangge.grids.api.plans import router as plans
from wangge.grids.api.redraws import router as redraws
from wangge.grids.api.teams import router as teams

router = Router(tags=["grids"])
# Paths with a word of their own before those that take any code.
router.add_router("", map_)
router.add_router("", plans)
router.add_router("", redraws)
router.add_router("", divisions)
router.add_router("", teams)
router.add_router("", grids)
