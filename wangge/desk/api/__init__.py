"""The HTTP side of the desk: what a seat keeps for itself and finds across rooms."""

from ninja import Router

from wangge.desk.api.answers import router as answers
from wangge.desk.api.consultations import router as consultations
from wangge.desk.api.find import router as find

router = Router(tags=["desk"])
router.add_router("", find)
router.add_router("", answers)
router.add_router("", consultations)
