"""The HTTP side of 指挥调度: one router, a file for each group of operations."""

from ninja import Router

from wangge.command.api.announcements import router as announcements
from wangge.command.api.duty import router as duty
from wangge.command.api.meetings import router as meetings
from wangge.command.api.notices import router as notices
from wangge.command.api.orders import router as orders
from wangge.command.api.tasks import router as tasks

router = Router()
router.add_router("", duty, tags=["duty"])
router.add_router("", notices, tags=["notices"])
router.add_router("", orders, tags=["orders"])
router.add_router("", announcements, tags=["orders"])
router.add_router("", meetings, tags=["meetings"])
router.add_router("", tasks, tags=["meetings"])
