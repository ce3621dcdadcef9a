"""指挥调度: who is on duty, what is told to whom, what was ordered, what was decided together."""

from wangge.command.models.duty import DutyPerson, DutyShift, DutySwap
from wangge.command.models.notices import Notice, NoticeMark, NoticeRead, NoticeSettings

__all__ = ["DutyPerson", "DutyShift", "DutySwap", "Notice", "NoticeMark", "NoticeRead", "NoticeSettings"]
