"""A report that is sent again, however late: its case has an id made from the request, and is found by it."""

import uuid
from datetime import datetime

from wangge.cases.actions.intake import Reported, ReportedBefore, ReportGiven, follow_code_of, report_case
from wangge.cases.models import Case
from wangge.core.actor import Actor

KEYS = uuid.UUID("2b7c1f7e-6a54-5b0e-9a39-0d1f6f6f4f10")


def case_of(key: uuid.UUID, owner: str) -> uuid.UUID:
    """The id of the case that this sender reports with this Idempotency-Key.

    A phone may send again after days, when the answer it lost is no longer kept (core/tasks.py); it made one case.
    """
    made = uuid.uuid5(KEYS, f"{owner}|{key}")
    # Keys that begin with their time give ids that do, and those are filed where the index is being written anyway.
    return uuid.UUID(bytes=key.bytes[:6] + made.bytes[6:]) if key.version == 7 else made


def report_once(*, given: ReportGiven, case_id: uuid.UUID, by: Actor, at: datetime) -> tuple[Reported, bool]:
    """As report_case, and whether it was made now; the case that has the id already is the answer, as it is today."""
    try:
        return report_case(given=given, by=by, at=at, case_id=case_id), True
    except ReportedBefore:
        before = Case.objects.get(pk=case_id)
    return Reported(before, follow_code_of(before.pk) if given.reporter is not None else ""), False
