"""The field over HTTP: terminals, duty, positions, errands, patrols, visits, forms."""

from ninja import Router

from wangge.field.api.duty import router as duty
from wangge.field.api.errands import router as errands
from wangge.field.api.forms import router as forms
from wangge.field.api.handed_in import router as handed_in
from wangge.field.api.pack import router as pack
from wangge.field.api.patrols import router as patrols
from wangge.field.api.push import router as push
from wangge.field.api.visits import router as visits
from wangge.field.api.watch import router as watch

router = Router()
router.add_router("", duty, tags=["field"])
router.add_router("", watch, tags=["field"])
router.add_router("", errands, tags=["field"])
router.add_router("", forms, tags=["field"])
router.add_router("", handed_in, tags=["field"])
router.add_router("", pack, tags=["field"])
router.add_router("", patrols, tags=["field"])
router.add_router("", push, tags=["field"])
router.add_router("", visits, tags=["field"])
