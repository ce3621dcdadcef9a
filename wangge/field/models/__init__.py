"""All that is kept of the field; one file for each subject."""

from wangge.field.models.duty import DutySpan
from wangge.field.models.forms import Form, FormVersion, Piece, Record
from wangge.field.models.positions import Batch, Newest, TrackDay
from wangge.field.models.terminals import Terminal
from wangge.field.models.visits import Subject

__all__ = [
    "Batch",
    "DutySpan",
    "Form",
    "FormVersion",
    "Newest",
    "Piece",
    "Record",
    "Subject",
    "Terminal",
    "TrackDay",
]
