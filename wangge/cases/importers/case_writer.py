"""Cases written many at once: a handful of statements for each thousand."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from wangge.accounts.models import Unit
from wangge.cases import search
from wangge.cases.actions.confidence import PHONE_CONTEXT
from wangge.cases.actions.intake import case_number
from wangge.cases.actions.overdue import said_of
from wangge.cases.configuration import configuration
from wangge.cases.importers.case_rows import Ready
from wangge.cases.importers.open_cases import start_clocks
from wangge.cases.models import Assignment, Case, CaseText, Deadline, Reporter, Step
from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import PlacedBy, State
from wangge.core import crypto
from wangge.core.actor import Actor
from wangge.core.ids import new_id
from wangge.core.importing.importer import ImportContext
from wangge.core.masking import mask_phone

TITLE = 200  # characters; the whole stands in the description


def write(rows: Sequence[Ready], *, batch_id: UUID, context: ImportContext) -> int:
    """How many of them are overdue as they come in."""
    if not rows:
        return 0
    serials, config = _serials(len(rows)), configuration()
    cases = [_case(row, serial, batch_id) for row, serial in zip(rows, serials, strict=True)]
    running = [clock for case in cases for clock in start_clocks(case, config=config, at=context.at)]
    Case.objects.bulk_create(cases)
    Deadline.objects.bulk_create(running)
    pairs = list(zip(cases, rows, strict=True))
    CaseText.objects.bulk_create(_text(case, row) for case, row in pairs)
    Assignment.objects.bulk_create(_assignment(case, row, row.unit) for case, row in pairs if row.unit is not None)
    Reporter.objects.bulk_create(_reporter(case, row) for case, row in pairs if row.reporter or row.phone)
    Step.objects.bulk_create(step for case, row in pairs for step in _steps(case, row, context.by))
    Step.objects.bulk_create(_overdue_step(clock, context) for clock in running if clock.overdue_at is not None)
    return sum(case.is_overdue for case in cases)


def _serials(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('case_serial') from generate_series(1, %s)", [count])
        return [int(number) for (number,) in cursor.fetchall()]


def _case(row: Ready, serial: int, batch_id: UUID) -> Case:
    return Case(
        id=new_id(),
        number=case_number(row.code, row.reported_at, serial),
        category_id=row.category_id,
        source=row.source,
        source_system=row.source_system,
        source_no=row.source_no,
        title=row.title[:TITLE],
        address=row.address,
        lon=row.lon,
        lat=row.lat,
        place_by=PlacedBy.POINT if row.lon is not None else PlacedBy.FILE,
        reported_grid=row.code,
        current_grid=row.code,
        state=row.state,
        outcome=row.outcome,
        urgency=row.urgency,
        holder_id=row.holder.id,
        holder_path=row.holder.path,
        lead_id=row.unit.pk if row.unit else None,
        lead_path=row.unit.path if row.unit else "",
        was_late=row.was_late,
        reported_at=row.reported_at,
        dispatched_at=row.reported_at if row.unit else None,
        closed_at=row.closed_at,
        changed_at=row.closed_at or row.reported_at,
        batch=batch_id,
    )


def _text(case: Case, row: Ready) -> CaseText:
    description = row.description if len(row.title) <= TITLE else f"{row.title}\n{row.description}"
    return CaseText(
        case=case,
        reported_at=case.reported_at,
        description=description,
        tokens=search.tokens(case.title, case.address, description),
    )


def _assignment(case: Case, row: Ready, unit: Unit) -> Assignment:
    return Assignment(
        case=case,
        unit=unit,
        unit_path=unit.path,
        role=Assignment.Role.LEAD,
        reported_at=case.reported_at,
        dispatched_at=case.reported_at,
        finished_at=case.closed_at,
        ended_at=case.closed_at,
        ended_how="closed" if row.is_closed else "",
    )


def _reporter(case: Case, row: Ready) -> Reporter:
    row_id = new_id()
    return Reporter(
        id=row_id,
        case=case,
        name=row.reporter,
        phone_sealed=crypto.seal(row.phone, context=PHONE_CONTEXT, row=str(row_id)) if row.phone else None,
        phone_hash=crypto.hash_phone(row.phone) if row.phone else None,
        phone_masked=mask_phone(row.phone) if row.phone else "",
        code=case.current_grid,
        at=case.reported_at,
    )


def _steps(case: Case, row: Ready, by: Actor) -> list[Step]:
    """What the file says happened; who did it there is not known."""
    data: dict[str, object] = {"source": row.source, "source_system": row.source_system, **row.said}
    if row.was_late:
        data["late"] = True
    first = State.DISPATCHED if row.unit is not None and not row.is_closed else State.REPORTED
    steps = [_step(case, Move.REPORT, by, at=case.reported_at, state=first, data=data)]
    if row.is_closed:
        ended = {"outcome": row.outcome}
        steps.append(_step(case, Move.CLOSE, by, at=case.closed_at, state=State.CLOSED, data=ended, text=row.reply))
    return steps


def _overdue_step(clock: Deadline, context: ImportContext) -> Step:
    return _step(clock.case, Move.OVERDUE, context.by, at=context.at, state=clock.case.state, data=said_of(clock))


def _step(case: Case, move: Move, by: Actor, **values: object) -> Step:
    return Step(
        case=case,
        kind=str(move),
        by_kind="import",
        by_user=by.user_id,
        by_post=by.post_id,
        by_name="",
        by_unit="",
        **values,
    )
