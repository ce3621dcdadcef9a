"""What may be done in this room. Other rooms call these and nothing else of it."""

from wangge.command.actions.duty import (
    PersonOnDuty,
    change_shift,
    copy_week,
    plan_shift,
    remove_shift,
    reveal_mobiles,
    swap_duty,
)
from wangge.command.actions.meeting_tasks import confirm_task, drop_task, finish_task, return_task
from wangge.command.actions.meetings import (
    Came,
    Decision,
    MeetingCalled,
    call_meeting,
    cancel_meeting,
    hold_meeting,
)
from wangge.command.actions.minutes import export_minutes
from wangge.command.actions.orders import OrderGiven, give_order, receive_order, report_back, withdraw_order

__all__ = [
    "Came",
    "Decision",
    "MeetingCalled",
    "OrderGiven",
    "PersonOnDuty",
    "call_meeting",
    "cancel_meeting",
    "change_shift",
    "confirm_task",
    "copy_week",
    "drop_task",
    "export_minutes",
    "finish_task",
    "give_order",
    "hold_meeting",
    "plan_shift",
    "receive_order",
    "remove_shift",
    "report_back",
    "return_task",
    "reveal_mobiles",
    "swap_duty",
    "withdraw_order",
]
