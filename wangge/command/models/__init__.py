"""指挥调度: who is on duty, what is told to whom, what was ordered, what was decided together."""

from wangge.command.models.duty import DutyPerson, DutyShift, DutySwap
from wangge.command.models.meetings import Meeting, MeetingParty, Task, TaskStep
from wangge.command.models.notices import Notice, NoticeMark, NoticeRead, NoticeSettings
from wangge.command.models.orders import Announcement, Order, OrderRecipient

__all__ = [
    "Announcement",
    "DutyPerson",
    "DutyShift",
    "DutySwap",
    "Meeting",
    "MeetingParty",
    "Notice",
    "NoticeMark",
    "NoticeRead",
    "NoticeSettings",
    "Order",
    "OrderRecipient",
    "Task",
    "TaskStep",
]
