"""The HTTP side of people: one router, a file for each group of operations."""

from ninja import Router

from wangge.accounts.api.partners import router as partners
from wangge.accounts.api.people import router as people
from wangge.accounts.api.session import router as session
from wangge.accounts.api.units import router as units

router = Router()
router.add_router("", session, tags=["session"])
router.add_router("", units, tags=["units"])
router.add_router("", people, tags=["accounts"])
router.add_router("", partners, tags=["partners"])
