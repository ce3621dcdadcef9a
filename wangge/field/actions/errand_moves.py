"""What a worker does with an errand of theirs, maybe long before we hear of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from wangge.accounts.models import Post
from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, Invalid, Message, NotFound, invalid
from wangge.core.ids import new_id
from wangge.field.actions.errands import next_number, note_on_case, record_errand, write_errand, write_step
from wangge.field.actions.pieces import hold
from wangge.field.models import Errand, ErrandAsk, ErrandStep, ErrandWorker, Record
from wangge.field.rules.errands import (
    KIND_WORDS,
    RECHECK_AFTER,
    RESULT_WORDS,
    RESULTS,
    RULES,
    RUNNING,
    STATE_WORDS,
    ErrandKind,
    ErrandMove,
    ErrandStepKind,
    Rule,
    State,
    passed,
)
from wangge.field.rules.points import Point, distance_m

SHORTEST = 2
DAY = timedelta(days=1)


class ErrandNotNow(Conflict):
    """`now`: the state as it is, who brought it there, and when; the phone shows it beside what it meant to do."""

    code = "errand.not_now"
    zh = "这一步现在不能做：任务{state_zh}（{who}，{when}）。"
    en = "This cannot be done now: the errand is {state_en} ({who}, {when})."


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveGiven:
    """`happened_at` by the phone's clock. Place WGS-84, `accuracy` in metres."""

    move: ErrandMove
    happened_at: datetime
    text: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy: float | None = None
    result: str = ""
    evidence: Sequence[uuid.UUID] = ()
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mine:
    errand: Errand
    worker: ErrandWorker


def move_errand(*, errand_id: uuid.UUID, given: MoveGiven, by: Actor, at: datetime) -> Errand:
    """Raises NotFound (not one's own), ErrandNotNow, Invalid."""
    mine, rule = _hold_mine(errand_id, by), RULES[given.move]
    worker, errand = mine.worker, mine.errand
    if worker.state not in rule.sources:
        raise not_now(mine)
    _check(given, rule, mine, by)
    when = clock.happened(given.happened_at, received=at, since=worker.given_at)
    if given.move is ErrandMove.ASK_TIME:
        _ask(mine, given, at)
    if given.move is ErrandMove.ARRIVE:
        _arrive(mine, given)
    if rule.to is not None:
        _go(worker, rule.to, when)
    if rule.to not in (None, *RUNNING):
        worker.result, worker.text = given.result, given.text.strip()
    worker.version += 1
    worker.save()
    _keep_evidence(mine, given, by, at)
    kind = ErrandStepKind(rule.entry.removeprefix("errand."))
    arrived = worker.distance_m if given.move is ErrandMove.ARRIVE else None
    write_step(errand, worker, kind, by=by, at=at, text=_words(given), happened_at=when, distance_m=arrived)
    record_errand(rule.entry, errand, [worker], by=by, at=at, permission=Permission.FIELD_WORK, changed=["state"])
    _close(mine, by=by, at=at)
    return errand


def not_now(mine: Mine) -> ErrandNotNow:
    worker = mine.worker
    steps = ErrandStep.objects.filter(errand=mine.errand, worker__in=[worker]) | ErrandStep.objects.filter(
        errand=mine.errand, worker=None
    )
    step = steps.order_by("-id").first()
    when = step.happened_at if step else worker.given_at
    zh, en = STATE_WORDS[worker.state]
    now = {"state": worker.state, "who": step.by_name if step else "", "what": step.kind if step else "", "when": when}
    said = clock.local(when).strftime("%m-%d %H:%M")
    return ErrandNotNow(now=now, state_zh=zh, state_en=en, who=now["who"], when=said)


def _hold_mine(errand_id: uuid.UUID, by: Actor) -> Mine:
    Errand.objects.select_for_update(no_key=True).filter(pk=errand_id).values_list("pk").first()
    errand = Errand.objects.visible_to(by).select_related("case", "form", "subject").filter(pk=errand_id).first()
    worker = ErrandWorker.objects.filter(errand_id=errand_id, post_id=by.post_id or 0).first()
    if errand is None or worker is None:
        raise NotFound()
    if not by.may(Permission.CASE_HANDLE):
        by.require(Permission.FIELD_WORK)
    return Mine(errand, worker)


def _check(given: MoveGiven, rule: Rule, mine: Mine, by: Actor) -> None:
    if rule.needs_text and len(given.text.strip()) < SHORTEST:
        raise invalid("text", "请写明原因。", "Give the reason.")
    if (given.lon is None) != (given.lat is None):
        raise invalid("lat", "经度和纬度要同时给出。", "Give longitude and latitude together.")
    if given.move is ErrandMove.ARRIVE and given.lon is None and len(given.text.strip()) < SHORTEST:
        raise invalid("text", "没有定位时，请写明到场情况。", "Without a position, say how you are on the spot.")
    if given.move is ErrandMove.FINISH:
        _check_finish(given, mine, by)


def _check_finish(given: MoveGiven, mine: Mine, by: Actor) -> None:
    errand, faults = mine.errand, dict[str, Message]()
    results = RESULTS.get(ErrandKind(errand.kind), ())
    if results and given.result not in results:
        faults["result"] = Message("请选择结果。", "Choose the result.")
    if errand.needs_photo and not given.evidence:
        faults["evidence"] = Message("请拍照。", "A photo is needed.")
    if len(given.text.strip()) < SHORTEST and not results and errand.form is None:
        faults["text"] = Message("请写明办理情况。", "Say what was done.")
    filled = Record.objects.filter(errand_id=errand.pk, by_post=by.post_id or 0, form=errand.form)
    if errand.form is not None and not filled.exists():
        faults["form"] = Message("请先填写表单。", "Fill in the form first.")
    if faults:
        raise Invalid(fields=faults)


def _go(worker: ErrandWorker, to: State, when: datetime) -> None:
    for name in passed(State(worker.state), to):
        if getattr(worker, name) is None:
            setattr(worker, name, when)
    worker.state = to


def _arrive(mine: Mine, given: MoveGiven) -> None:
    worker, errand = mine.worker, mine.errand
    worker.lon, worker.lat, worker.accuracy = given.lon, given.lat, given.accuracy
    if given.lon is None or given.lat is None or errand.lon is None or errand.lat is None:
        return
    there, spot = Point(0, given.lon, given.lat, 0.0), Point(0, errand.lon, errand.lat, 0.0)
    worker.distance_m = round(distance_m(there, spot), 1)


def _ask(mine: Mine, given: MoveGiven, at: datetime) -> None:
    if given.until is None or given.until <= at or (mine.worker.due_at and given.until <= mine.worker.due_at):
        raise invalid("until", "申请的时限应晚于现在的时限。", "Ask for a later time than there is.")
    if ErrandAsk.objects.filter(worker=mine.worker, decided_at=None).exists():
        raise invalid("until", "已有一份延时申请等待答复。", "More time has been asked for and is not decided yet.")
    ask = ErrandAsk(id=new_id(), worker=mine.worker, until=given.until, reason=given.text.strip(), asked_at=at)
    ErrandAsk.objects.bulk_create([ask])


def _keep_evidence(mine: Mine, given: MoveGiven, by: Actor, at: datetime) -> None:
    """On the case's timeline where it is about one, else held with the errand."""
    errand, evidence = mine.errand, list(given.evidence)
    if errand.case is not None and (
        evidence or given.move in (ErrandMove.FINISH, ErrandMove.HAND_UP, ErrandMove.RETURN)
    ):
        note_on_case(errand, f"{KIND_WORDS[errand.kind][0]}：{_words(given)}", by=by, at=at, evidence=evidence)
    elif evidence:
        hold(evidence, owner=("errand", mine.worker.pk), code=errand.code, by=by, at=at, field="evidence")


def _words(given: MoveGiven) -> str:
    done = {ErrandMove.HAND_UP: "上报", ErrandMove.RETURN: "退回"}.get(given.move, "")
    return "。".join(part for part in (done or RESULT_WORDS.get(given.result, ""), given.text.strip()) if part)


def _close(mine: Mine, *, by: Actor, at: datetime) -> None:
    errand = mine.errand
    running = ErrandWorker.objects.filter(errand=errand, state__in=RUNNING)
    if errand.state != Errand.Standing.OPEN or (mine.worker.state in RUNNING) or _others_run(running, by):
        return
    errand.state, errand.closed_at = Errand.Standing.CLOSED, at
    errand.save(update_fields=["state", "closed_at"])
    if errand.kind == ErrandKind.RECTIFY and mine.worker.result == "fixed":
        _recheck(mine, by=by, at=at)


def _others_run(running: Any, by: Actor) -> bool:
    with acting(Actor.system("errands")):  # one's colleagues' lines are not one's own to see
        return bool(running.exclude(post_id=by.post_id or 0).exists())


def _recheck(mine: Mine, *, by: Actor, at: datetime) -> None:
    """复查 of what is said to be put right, by the same worker some days later."""
    errand = mine.errand
    due_at = clock.day_start(clock.day_of(at + RECHECK_AFTER) + DAY)
    again = Errand(
        id=new_id(),
        number=next_number(errand.code, at),
        kind=ErrandKind.RECHECK,
        title=errand.title.replace(KIND_WORDS[ErrandKind.RECTIFY][0], KIND_WORDS[ErrandKind.RECHECK][0], 1),
        subject=errand.subject,
        record=errand.record,
        parent=errand,
        item=errand.item,
        needs_photo=True,
        code=errand.code,
        address=errand.address,
        lon=errand.lon,
        lat=errand.lat,
        from_unit_id=errand.from_unit_id,
        from_path=errand.from_path,
        by_post=errand.by_post,
        by_name=errand.by_name,
        given_at=at,
        due_at=due_at,
    )
    post = Post.objects.select_related("user", "unit").get(pk=mine.worker.post_id)
    write_errand(again, [post], by=by, at=at)
