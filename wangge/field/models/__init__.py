"""All that is kept of the field; one file for each subject."""

from wangge.field.models.duty import DutySpan
from wangge.field.models.positions import Batch, Newest, TrackDay
from wangge.field.models.terminals import Terminal

__all__ = ["Batch", "DutySpan", "Newest", "Terminal", "TrackDay"]
