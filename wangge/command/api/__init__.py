"""The HTTP side of 指挥调度: one router, a file for each group of operations."""

from ninja import Router

from wangge.command.api.duty import router as duty
from wangge.command.api.notices import router as notices

router = Router()
router.add_router("", duty, tags=["duty"])
router.add_router("", notices, tags=["notices"])
