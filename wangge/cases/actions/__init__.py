"""Every write of a case: one function for each thing a person does. Other rooms call these and nothing below."""

from wangge.cases.actions.dispatch import dispatch_case, recall_case, return_case, sign_case, transfer_case
from wangge.cases.actions.handling import ask_extension, assist_done, decide_extension, finish_case, sign_step
from wangge.cases.actions.intake import ReporterGiven, ReportGiven, report_case
from wangge.cases.actions.join import join_case, separate_case
from wangge.cases.actions.oversight import receipt, resume_case, supervise_case, suspend_case
from wangge.cases.actions.review import (
    archive_case,
    close_case,
    note_case,
    pass_review,
    rate_case,
    reopen_case,
    rework_case,
)
from wangge.cases.actions.triage import (
    Correction,
    accept_case,
    answer_case,
    contact_reporter,
    correct_case,
    hand_up_case,
    refuse_case,
    settle_case,
)
from wangge.cases.actions.whistle import (
    MusterRating,
    arrive,
    blow_whistle,
    confirm_whistle,
    end_whistle,
    refuse_whistle,
)

__all__ = [
    "Correction",
    "MusterRating",
    "ReportGiven",
    "ReporterGiven",
    "accept_case",
    "answer_case",
    "archive_case",
    "arrive",
    "ask_extension",
    "assist_done",
    "blow_whistle",
    "close_case",
    "confirm_whistle",
    "contact_reporter",
    "correct_case",
    "decide_extension",
    "dispatch_case",
    "end_whistle",
    "finish_case",
    "hand_up_case",
    "join_case",
    "note_case",
    "pass_review",
    "rate_case",
    "recall_case",
    "receipt",
    "refuse_case",
    "refuse_whistle",
    "reopen_case",
    "report_case",
    "resume_case",
    "return_case",
    "rework_case",
    "separate_case",
    "settle_case",
    "sign_case",
    "sign_step",
    "supervise_case",
    "suspend_case",
    "transfer_case",
]
