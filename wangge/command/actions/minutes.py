"""The minutes taken out of the house as a document, on the record."""

import uuid
from datetime import datetime

from wangge.cases.models import Case
from wangge.command.actions.meeting_tasks import STATES
from wangge.command.actions.meetings import record
from wangge.command.minutes.document import Decided, Minutes, Party
from wangge.command.models import Meeting, Task
from wangge.core.actor import Actor
from wangge.core.errors import Conflict

KINDS = {
    Meeting.Kind.CONSULT: ("会商", "Consultation"),
    Meeting.Kind.JOINT: ("联席会议", "Joint meeting"),
    Meeting.Kind.ON_SITE: ("现场会", "On-site meeting"),
}


class NoMinutesYet(Conflict):
    code = "meeting.no_minutes"
    zh = "会议还没有纪要。"
    en = "This meeting has no minutes yet."


def export_minutes(*, meeting_id: uuid.UUID, by: Actor, at: datetime) -> Minutes:
    """Raises NotFound, NoMinutesYet."""
    from wangge.command.queries.meetings import found

    row = found(meeting_id, by=by)
    if row.held_at is None:
        raise NoMinutesYet()
    english = by.language == "en"
    sees_case = row.case_id is not None and Case.objects.visible_to(by).filter(pk=row.case_id).exists()
    record("meeting.exported", row, [], by=by, at=at)
    return Minutes(
        number=row.number,
        kind=KINDS[Meeting.Kind(row.kind)][english],
        title=row.title,
        agenda=row.agenda,
        begins_at=row.begins_at,
        place=row.place,
        case_number=row.case.number if sees_case else "",
        by_unit=row.by_unit.name,
        by_name=row.by_name,
        text=row.minutes,
        parties=tuple(Party(unit=one.unit.name, came=one.came, who=one.who) for one in row.parties.all()),
        decisions=tuple(
            Decided(
                number=one.place,
                text=one.text,
                unit=one.unit.name,
                due_at=one.due_at,
                state=STATES[Task.State(one.state)][english],
            )
            for one in row.tasks.all()
        ),
        printed_by=by.name,
        printed_unit=by.unit_name,
        printed_at=at,
    )
