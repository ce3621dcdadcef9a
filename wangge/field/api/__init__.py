"""The field over HTTP: terminals, duty, positions, errands, patrols, visits, forms."""

from ninja import Router

from wangge.field.api.forms import router as forms
from wangge.field.api.visits import router as visits

router = Router(tags=["field"])
router.add_router("", forms, tags=["field"])
router.add_router("", visits, tags=["field"])
