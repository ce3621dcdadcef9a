"""All that is kept of the field; one file for each subject."""

from wangge.field.models.duty import DutySpan
from wangge.field.models.errands import Errand, ErrandAsk, ErrandStep, ErrandWorker
from wangge.field.models.forms import Form, FormVersion, Piece, Record
from wangge.field.models.patrols import PatrolDay, PatrolPlan, PatrolPoint, Round, RoundCheck
from wangge.field.models.phones import HandedIn, HouseKey, PushSubscription
from wangge.field.models.positions import Batch, Newest, TrackDay
from wangge.field.models.push import PushMessage
from wangge.field.models.terminals import Terminal
from wangge.field.models.visits import Subject

__all__ = [
    "Batch",
    "DutySpan",
    "Errand",
    "ErrandAsk",
    "ErrandStep",
    "ErrandWorker",
    "Form",
    "FormVersion",
    "HandedIn",
    "HouseKey",
    "Newest",
    "PatrolDay",
    "PatrolPlan",
    "PatrolPoint",
    "Piece",
    "PushMessage",
    "PushSubscription",
    "Record",
    "Round",
    "RoundCheck",
    "Subject",
    "Terminal",
    "TrackDay",
]
