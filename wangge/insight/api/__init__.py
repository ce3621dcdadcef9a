"""The HTTP side of insight: one router, a file for each group of operations."""

from ninja import Router

from wangge.insight.api.analysis import router as analysis
from wangge.insight.api.exports import router as exports

router = Router()
router.add_router("", analysis, tags=["analysis"])
router.add_router("", exports, tags=["exports"])
