"""The HTTP side of cases: one router, a file for each group of operations."""

from ninja import Router

from wangge.cases.api.boards import router as boards
from wangge.cases.api.calendar import router as calendar
from wangge.cases.api.casefile import router as casefile
from wangge.cases.api.categories import router as categories
from wangge.cases.api.claims import router as claims
from wangge.cases.api.dispatch import router as dispatch
from wangge.cases.api.evidence import router as evidence
from wangge.cases.api.figures import router as figures
from wangge.cases.api.here import router as here
from wangge.cases.api.intake import router as intake
from wangge.cases.api.joins import router as joins
from wangge.cases.api.moves import router as moves
from wangge.cases.api.partners import router as partners
from wangge.cases.api.previews import router as previews
from wangge.cases.api.public import router as public
from wangge.cases.api.read import router as read
from wangge.cases.api.signs import router as signs
from wangge.cases.api.suggestions import router as suggestions
from wangge.cases.api.uploads import router as uploads
from wangge.cases.api.whistles import router as whistles

router = Router()
router.add_router("", intake, tags=["intake"])
router.add_router("", moves, tags=["moves"])
router.add_router("", claims, tags=["moves"])
router.add_router("", previews, tags=["moves"])
router.add_router("", evidence, tags=["evidence"])
router.add_router("", uploads, tags=["evidence"])
router.add_router("", casefile, tags=["case file"])
router.add_router("", public, tags=["residents"])
router.add_router("", signs, tags=["residents"])
router.add_router("", partners, tags=["partners"])
router.add_router("", categories, tags=["categories"])
router.add_router("", boards, tags=["boards"])
router.add_router("", whistles, tags=["whistles"])
router.add_router("", joins, tags=["moves"])
router.add_router("", calendar, tags=["calendar"])
router.add_router("", dispatch, tags=["suggestions"])
router.add_router("", suggestions, tags=["suggestions"])
router.add_router("", read, tags=["cases"])
router.add_router("", here, tags=["map"])
router.add_router("", figures, tags=["figures"])
