"""A report that is sent again, however late: its case has an id made from the request, and is found by it."""

import uuid
from datetime import datetime

from wangge.accounts.permissions import Permission
from wangge.cases.actions.intake import Reported, ReportGiven, follow_code_of, report_case
from wangge.cases.models import Case
from wangge.core.actor import Actor


def report_once(*, given: ReportGiven, case_id: uuid.UUID, by: Actor, at: datetime) -> tuple[Reported, bool]:
    """As report_case, and whether it was made now; the case that has the id already is the answer, as it is today."""
    by.require(Permission.CASE_REPORT)
    before = Case.objects.filter(pk=case_id).first()
    if before is None:
        return report_case(given=given, by=by, at=at, case_id=case_id), True
    return Reported(before, follow_code_of(before.pk) if given.reporter is not None else ""), False
