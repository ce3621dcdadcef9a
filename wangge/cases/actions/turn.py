"""One move in progress: lock, re-read, decide, save the named fields, write the history line and the journal entry."""

import uuid
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from wangge.cases import claims, clocks
from wangge.cases.access import hold_case
from wangge.cases.configuration import Configuration, Units, units
from wangge.cases.models import Assignment, Attachment, Case, Deadline, Step
from wangge.cases.move_words import MOVE_NAMES
from wangge.cases.rules.claims import Claim, ends, stands_in_the_way
from wangge.cases.rules.moves import Move, Rule, rule_for
from wangge.cases.rules.parties import Standing, is_waiting, may_ever
from wangge.cases.rules.states import Stage, State
from wangge.cases.words import who
from wangge.core import journal
from wangge.core.actor import Actor, acting
from wangge.core.clock import local
from wangge.core.errors import Conflict, Invalid, Message, NotAllowed
from wangge.core.pipeline import insert, pipelined, update

SHORTEST_REASON = 2
LONGEST_TEXT = 5000


class NotNow(Conflict):
    """The case has moved on. Says who did what, and when, so that the second of two seats need not guess."""

    code = "case.not_now"
    zh = "这一步现在不能做：{who} 已于 {when} {what}。"
    en = "This cannot be done now: {who} did “{what}” at {when}."


class Changed(Conflict):
    code = "case.changed"
    zh = "您打开之后，{who} 于 {when} {what}；请看过新的情况再操作。"
    en = "After you opened it, {who} did “{what}” at {when}; look at the case again first."


class Decided(Exception):
    """Not a failure: all of a move is decided and none of it written yet (foresee.py asked for that)."""

    def __init__(self, turn: "Turn") -> None:
        super().__init__(turn.rule.move)
        self.turn = turn


only_decide: ContextVar[bool] = ContextVar("only_decide", default=False)


@dataclass(slots=True)
class Turn:
    case: Case
    rule: Rule
    by: Actor
    at: datetime
    config: Configuration
    standing: Standing
    clocks: list[Deadline]
    charged: set[str]  # unit paths, of ended charges too
    units: Units
    claim: Claim | None = None
    changed: set[str] = field(default_factory=set)
    writes: list[Callable[[], object]] = field(default_factory=list)

    def set(self, **values: Any) -> None:
        for name, value in values.items():
            setattr(self.case, name, value)
            self.changed.add(name)

    def go(self, state: State | None = None) -> None:
        """To the state the table names (or to `state`, where the table leaves it open)."""
        target = state or self.rule.to
        if target is not None and self.case.state != target:
            self.set(state=str(target))

    def meet(self, *stages: Stage) -> None:
        self.judge(clocks.meet(self.clocks, stages, at=self.at))

    def drop(self, *stages: Stage) -> None:
        dropped = [clock for clock in self.clocks if clock.stage in stages and clock.met_at is None]
        self.judge(dropped)
        clocks.drop(dropped, at=self.at)

    def judge(self, ending: Iterable[Deadline]) -> None:
        """These end, or are given more time: if they are late, the case was, whether the worker has said so or not."""
        if clocks.is_late(ending, at=self.at) and not self.case.was_late:
            self.set(was_late=True)

    def start(self, stage: Stage, *, unit_path: str, **options: Any) -> None:
        self.clocks.append(
            clocks.new_clock(self.case, stage, config=self.config, at=self.at, unit_path=unit_path, **options)
        )

    def write(self, write: Callable[[], object]) -> None:
        """Something else to be saved, sent together with the rest by `finish`; nothing may be read in it."""
        self.writes.append(write)

    def answered(self) -> None:
        """The first human act stops the five-minute clock."""
        self.meet(Stage.RESPOND)
        if self.case.answered_at is None:
            self.set(answered_at=self.at)

    def finish(
        self,
        *,
        text: str = "",
        data: dict[str, Any] | None = None,
        evidence: Iterable[uuid.UUID] = (),
        centre_only: bool = False,
        entry: dict[str, Any] | None = None,
        also_paths: Iterable[str] = (),
    ) -> None:
        """Save, and say what was done. `data` may hold words of people; `entry` goes to the journal and may not."""
        case, by, at = self.case, self.by, self.at
        self._end_claim()
        clocks.show(case, self.clocks)
        self.set(version=case.version + 1, changed_at=at)
        if only_decide.get():
            raise Decided(self)
        step = new_step(case, self.rule.move, by=by, at=at, text=text, data=data, centre_only=centre_only)
        pieces = list(evidence)
        with pipelined():
            self._save()
            if not pieces:
                insert(step)
            record_move(
                case,
                self.rule,
                by=by,
                at=at,
                changed=self.changed,
                entry=entry or {},
                paths={*self.charged, *also_paths},
            )
        if pieces:
            step.save(force_insert=True)
            attach(case, pieces, step=step, by=by)

    def _end_claim(self) -> None:
        case, claim, by, at = self.case, self.claim, self.by, self.at
        if claim is not None and ends(claim, self.rule, by):
            self.write(lambda: claims.end(case, claim, by=by, at=at))
            self.changed.add(claims.CHANGED)

    def _save(self) -> None:
        clocks.write_ends(self.clocks, at=self.at)
        for clock in self.clocks:
            if clock._state.adding:
                insert(clock)
        for write in self.writes:
            write()
        update(self.case, sorted(self.changed | {"due_at", "amber_at", "due_stage", "is_overdue"}))


def take(by: Actor, case_id: uuid.UUID, move: Move, *, at: datetime, version: int | None = None) -> Turn:
    """Raises NotFound, NotAllowed, Changed (another version than the one looked at), NotNow, Claimed."""
    turn = take_past_claim(by, case_id, move, at=at, version=version)
    if turn.claim is not None and stands_in_the_way(turn.claim, turn.rule, by, at):
        raise claims.claimed(turn.claim, turn.case, by, at)
    return turn


def take_past_claim(by: Actor, case_id: uuid.UUID, move: Move, *, at: datetime, version: int | None = None) -> Turn:
    """As if no other seat were at work on it. Raises NotFound, NotAllowed, Changed, NotNow."""
    rule = rule_for(move)
    held = hold_case(by, case_id)
    case, standing = held.case, held.standing
    if version is not None and version != case.version and by.may(rule.permission):
        raise Changed(**latest(case, by))  # first: the other's move may have taken it out of one's hands
    if not may_ever(rule, case, by, standing) and (case.state in rule.sources or not by.may(rule.permission)):
        raise NotAllowed(move=str(move))
    if case.state not in rule.sources or not is_waiting(rule, standing, by):
        raise NotNow(**latest(case, by))
    return Turn(
        case=case,
        rule=rule,
        by=by,
        at=at,
        config=held.config,
        standing=standing,
        clocks=held.clocks,
        charged=set(held.charged),
        units=units(held.units_revision),
        claim=held.claim,
    )


def latest(case: Case, by: Actor) -> dict[str, Any]:
    step = Step.objects.filter(case=case).exclude(kind=Move.TAKE_OVER).order_by("-id").first()
    if step is None:
        return {"who": "", "when": "", "what": "", "version": case.version, "state": case.state}
    return {
        "who": " ".join(part for part in (step.by_unit, who(step.by_kind, step.by_name, by.language)) if part)
        if not step.centre_only
        else step.by_unit,
        "when": local(step.at).strftime("%H:%M:%S"),
        "what": MOVE_NAMES.get(step.kind, (step.kind, step.kind))[by.language == "en"],
        "move": step.kind,
        "version": case.version,
        "state": case.state,
    }


def write_step(case: Case, move: Move, *, by: Actor, at: datetime, **words: Any) -> Step:
    step = new_step(case, move, by=by, at=at, **words)
    step.save(force_insert=True)
    return step


def new_step(
    case: Case,
    move: Move,
    *,
    by: Actor,
    at: datetime,
    text: str = "",
    data: dict[str, Any] | None = None,
    centre_only: bool = False,
) -> Step:
    """One line of the history, not saved yet."""
    return Step(
        case=case,
        kind=str(move),
        at=at,
        state=case.state,
        by_kind=by.kind,
        by_user=by.user_id,
        by_post=by.post_id,
        by_name=by.name,
        by_unit=by.unit_name,
        by_unit_path=by.unit_path,
        text=text,
        data=data or {},
        centre_only=centre_only,
    )


def record_move(
    case: Case,
    rule: Rule,
    *,
    by: Actor,
    at: datetime,
    changed: Iterable[str],
    entry: dict[str, Any],
    paths: Iterable[str],
) -> None:
    """`paths`: of the units charged with it, now or before; their screens show this case as the holder's does."""
    journal.record(
        journal.Entry(
            kind=f"case.{rule.move}",
            subject=("case", str(case.pk)),
            code=case.current_grid,
            unit_paths=sorted({case.holder_path, *paths} - {""}),
            permission=rule.permission,
            changed=sorted(changed),
            data={"state": case.state, "version": case.version, "number": case.number, **entry},
        ),
        by=by,
        at=at,
    )


def charged_paths(case: Case) -> list[str]:
    """Of units that are or were charged with it. One query."""
    return list(Assignment.objects.filter(case=case).values_list("unit_path", flat=True))


def attach(case: Case, evidence: Iterable[uuid.UUID], *, step: Step, by: Actor) -> list[Attachment]:
    """Tie pieces that this post sent beforehand to the case. Raises Invalid when one is not there or not theirs."""
    wanted = list(dict.fromkeys(evidence))
    if not wanted:
        return []
    loose = Attachment.objects.visible_to(by).filter(pk__in=wanted, case__isnull=True)
    rows = list(loose.select_for_update(no_key=True, of=("self",)))  # two cases may name one piece at once
    if len(rows) != len(wanted):
        raise Invalid(
            fields={
                "evidence": Message("有附件不存在或已用于别的案件。", "An attachment is missing or used elsewhere.")
            }
        )
    for row in rows:
        row.case, row.step, row.code, row.complained_root = case, step, case.current_grid, case.complained_root
    with acting(Actor.system("evidence")):  # a report may lie outside one's own area; whose pieces these are is checked
        Attachment.objects.bulk_update(rows, ["case", "step", "code", "complained_root"])
    return rows


def need_text(text: str, *, name: str = "reason") -> str:
    """Every return and refusal needs a reason that says something."""
    words = text.strip()
    if len(words) < SHORTEST_REASON:
        raise Invalid(fields={name: Message("请写明理由。", "Please give the reason.")})
    return words
