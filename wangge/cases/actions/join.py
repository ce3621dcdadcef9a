"""并案、拆案: a duplicate goes into the case it repeats, and can be taken out again with all that went with it."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wangge.cases import clocks
from wangge.cases.access import access_case
from wangge.cases.actions.turn import Turn, charged_paths, need_text, record_move, take, write_step
from wangge.cases.configuration import configuration
from wangge.cases.models import Attachment, Case, Deadline, Join, Reporter, Whistle
from wangge.cases.rules.moves import Move, rule_for
from wangge.cases.rules.states import OPEN, Stage, State
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, Invalid, Message

MOVER = Actor.system("join")


class CannotJoin(Conflict):
    code = "case.cannot_join"
    zh = "不能并案：{why_zh}"
    en = "These cases cannot be joined: {why_en}"


def join_case(
    *,
    case_id: uuid.UUID,
    into_id: uuid.UUID,
    by: Actor,
    at: datetime,
    text: str = "",
    version: int | None = None,
) -> Case:
    """Who reported it follows the other case from now on, its evidence goes over, and the earlier clock counts.

    Raises NotFound (either case), NotAllowed, NotNow, Changed, CannotJoin.
    """
    if case_id == into_id:
        raise Invalid(fields={"into_id": Message("不能并入自己。", "A case cannot be joined to itself.")})
    _lock(case_id, into_id)
    turn = take(by, case_id, Move.JOIN, at=at, version=version)
    main = access_case(by, into_id, lock=True)
    _check(turn.case, main)
    join = Join.objects.create(case=turn.case, into=main, state_before=turn.case.state, at=at)
    stopped = list(turn.clocks)
    moved = {"clocks": [clock.pk for clock in stopped], "earlier": _earlier(main, stopped, at)}
    turn.drop(*Stage)
    turn.go()
    turn.set(joined_to_id=main.pk)
    turn.finish(text=text.strip(), data={"into": main.number}, entry={"into": str(main.pk)})
    step = _tell(main, Move.JOIN, turn, text.strip(), {"joined": turn.case.number})
    with acting(MOVER):
        join.moved = moved | _move_people(turn.case, main, step.pk)
    join.save(update_fields=["moved"])
    return turn.case


def separate_case(*, case_id: uuid.UUID, by: Actor, at: datetime, reason: str, version: int | None = None) -> Case:
    """As it was: state, clocks, those who reported it, evidence. What happened in between stays on both records."""
    reason = need_text(reason)
    other = Case.objects.filter(pk=case_id).values_list("joined_to_id", flat=True).first()
    _lock(case_id, *([other] if other else []))
    turn = take(by, case_id, Move.SEPARATE, at=at, version=version)
    join = Join.objects.select_for_update().get(case=turn.case, undone_at__isnull=True)
    main = Case.objects.get(pk=join.into_id)
    turn.go(State(join.state_before))
    turn.set(joined_to_id=None)
    turn.clocks.extend(_run_again(turn, join.moved["clocks"]))
    _give_back_start(main, join.moved["earlier"], at)
    with acting(MOVER):
        _give_back_people(turn.case, main, join.moved)
    join.undone_at = at
    join.save(update_fields=["undone_at"])
    turn.finish(text=reason, data={"from": main.number}, entry={"from": str(main.pk)})
    _tell(main, Move.SEPARATE, turn, reason, {"separated": turn.case.number})
    return turn.case


def _lock(*ids: uuid.UUID) -> None:
    """In one order, so that two seats joining crosswise do not wait for each other."""
    list(Case.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))


def _check(case: Case, main: Case) -> None:
    if main.state not in OPEN:
        raise CannotJoin(why_zh="要并入的案件已经办结或已并案。", why_en="the other one is no longer open.")
    if case.complained_root != main.complained_root:
        raise CannotJoin(
            why_zh="两件投诉的对象不同，并案会让被投诉单位得知报告人。",
            why_en="they complain of different units, one of which would learn who reported.",
        )
    if Case.objects.filter(joined_to=case).exists():
        raise CannotJoin(
            why_zh="已有案件并入这件，请先拆出。", why_en="others are joined to this one; separate them first."
        )
    if Whistle.objects.filter(case=case, ended_at__isnull=True, refused_at__isnull=True).exists():
        raise CannotJoin(why_zh="这件的哨声还未结束。", why_en="a whistle is still open on it.")


def _earlier(main: Case, stopped: Sequence[Deadline], at: datetime) -> list[dict[str, Any]]:
    """Start the main case's clocks where the duplicate's started, if that was before; what they were before."""
    began = {clock.stage: clock.started_at for clock in stopped}
    before = []
    running = clocks.running(main)
    for clock in running:
        start = began.get(clock.stage)
        if start is not None and start < clock.started_at:
            before.append({"clock": clock.pk, "started_at": clock.started_at.isoformat()})
            _start_at(clock, start, at)
    clocks.show(main, running)
    return before


def _give_back_start(main: Case, before: Sequence[dict[str, Any]], at: datetime) -> None:
    starts = {item["clock"]: datetime.fromisoformat(item["started_at"]) for item in before}
    running = clocks.running(main)
    for clock in running:
        if clock.pk in starts:
            _start_at(clock, starts[clock.pk], at)
    clocks.show(main, running)


def _start_at(clock: Deadline, start: datetime, at: datetime) -> None:
    clock.started_at = start
    clock.save(update_fields=["started_at"])
    clocks.recount(clock, config=configuration(), at=at)


def _run_again(turn: Turn, ids: Sequence[int]) -> list[Deadline]:
    Deadline.objects.filter(pk__in=ids, case=turn.case).update(dropped_at=None)
    again = list(Deadline.objects.filter(pk__in=ids, case=turn.case))
    for clock in again:
        clocks.recount(clock, config=turn.config, at=turn.at)
    return again


def _tell(main: Case, move: Move, turn: Turn, text: str, data: dict[str, Any]) -> Any:
    """The same deed on the other case's record: it has changed as well."""
    main.version, main.changed_at = main.version + 1, turn.at
    main.save(update_fields=["version", "changed_at", "due_at", "amber_at", "due_stage", "is_overdue"])
    step = write_step(main, move, by=turn.by, at=turn.at, text=text, data=data)
    other, paths = {"other": str(turn.case.pk)}, charged_paths(main)
    changed = ["due_at", "evidence", "reporters"]
    record_move(main, rule_for(move), by=turn.by, at=turn.at, changed=changed, entry=other, paths=paths)
    return step


def _move_people(case: Case, main: Case, step_id: int) -> dict[str, Any]:
    reporters, pieces = Reporter.objects.filter(case=case), Attachment.objects.filter(case=case)
    moved: dict[str, Any] = {
        "reporters": [{"id": str(row.pk), "is_follower": row.is_follower} for row in reporters],
        "evidence": [{"id": str(row.pk), "step": row.step_id} for row in pieces],
    }
    reporters.update(case=main, is_follower=True, code=main.current_grid)
    pieces.update(case=main, step=step_id, code=main.current_grid)
    return moved


def _give_back_people(case: Case, main: Case, moved: dict[str, Any]) -> None:
    """Whoever was erased in between stays erased; what came to the main case by itself stays there."""
    for item in moved["reporters"]:
        Reporter.objects.filter(pk=item["id"], case=main).update(
            case=case, is_follower=item["is_follower"], code=case.current_grid
        )
    for item in moved["evidence"]:
        Attachment.objects.filter(pk=item["id"], case=main).update(
            case=case, step_id=item["step"], code=case.current_grid
        )
