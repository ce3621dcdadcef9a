"""The HTTP side of the desk: what a seat keeps for itself and finds across rooms."""

from ninja import Router

from wangge.desk.api.answers import router as answers
from wangge.desk.api.consultations import router as consultations
from wangge.desk.api.drafts import router as drafts
from wangge.desk.api.find import router as find
from wangge.desk.api.understand import router as understand
from wangge.desk.api.views import router as views

router = Router(tags=["desk"])
router.add_router("", find)
router.add_router("", answers)
router.add_router("", consultations)
router.add_router("", drafts)
router.add_router("", understand)
router.add_router("", views)
