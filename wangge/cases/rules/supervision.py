"""The supervision ladder 提醒 → 催办 → 督办 → 黄牌 → 红牌: which steps of a running stage are due, and may be taken.

Pure. Each step is taken once for a stage; by hand a step may be taken early and steps left out, never backwards.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from wangge.cases.rules.calendar import WorkCalendar
from wangge.cases.rules.deadlines import Timer, due_after, moment
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.core.errors import Conflict, Invalid


class LadderStep(StrEnum):
    REMIND = "remind"
    URGE = "urge"
    SUPERVISE = "supervise"
    YELLOW_CARD = "yellow_card"
    RED_CARD = "red_card"

    @property
    def height(self) -> int:
        return _ORDER.index(self)

    def label(self, language: str = "zh") -> str:
        return _LABELS[self][language == "en"]


_ORDER = tuple(LadderStep)
_LABELS = {
    LadderStep.REMIND: ("提醒", "reminder"),
    LadderStep.URGE: ("催办", "urging"),
    LadderStep.SUPERVISE: ("督办", "supervision order"),
    LadderStep.YELLOW_CARD: ("黄牌", "yellow card"),
    LadderStep.RED_CARD: ("红牌", "red card"),
}


@dataclass(frozen=True, slots=True)
class LadderRule:
    """When a step falls due: once this share of the limit is used (0 to 1), or this long after the limit ended."""

    stage: str
    step: LadderStep
    share_used: Decimal | None = None
    overdue_by: TimeLimit | None = None


@dataclass(frozen=True, slots=True)
class StageTimer:
    """`begins`: when the ladder does, for a clock that ran elsewhere before. What was due by then is not taken, and
    time overdue counts from there. `due_at`: when the limit is over, if that is known already."""

    stage: str
    timer: Timer
    begins: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StepDue:
    stage: str
    step: LadderStep
    at: datetime


class LadderFault(Invalid):
    code = "supervision.ladder_fault"
    zh = "督办规则有误（{stage}）：{problem_zh}"
    en = "The supervision rules are not right ({stage}): {problem_en}"


class StepBackwards(Conflict):
    code = "supervision.step_backwards"
    zh = "已经{taken}，不能再{step}。"
    en = "A {taken_en} has been given already; a {step_en} cannot follow."


def default_rules(stage: str) -> tuple[LadderRule, ...]:
    """A proposal to start from; no regulation fixes these times, a district sets its own."""
    return (
        LadderRule(stage, LadderStep.REMIND, share_used=Decimal("0.7")),
        LadderRule(stage, LadderStep.URGE, share_used=Decimal(1)),
        LadderRule(stage, LadderStep.SUPERVISE, overdue_by=TimeLimit(LimitKind.WORK_HOURS, Decimal(4))),
        LadderRule(stage, LadderStep.YELLOW_CARD, overdue_by=TimeLimit(LimitKind.WORK_DAYS, Decimal(1))),
        LadderRule(stage, LadderStep.RED_CARD, overdue_by=TimeLimit(LimitKind.WORK_DAYS, Decimal(3))),
    )


def steps_due(
    rules: Iterable[LadderRule],
    running: StageTimer,
    taken: Collection[LadderStep],
    now: datetime,
    calendar: WorkCalendar,
) -> list[StepDue]:
    """Every step above the highest one taken whose time has come, lowest first. A worker that slept past several
    gets them all, each with the time at which it fell due; after taking them it gets none."""
    return [step for step in _ahead(rules, running, taken, calendar) if step.at <= now]


def next_step(
    rules: Iterable[LadderRule], running: StageTimer, taken: Collection[LadderStep], calendar: WorkCalendar
) -> StepDue | None:
    """The earliest step not taken: its instant can be stored for the worker to wake up at. None while paused."""
    return _earliest(_ahead(rules, running, taken, calendar))


def climb(
    rules: Iterable[LadderRule],
    running: StageTimer,
    taken: Collection[LadderStep],
    now: datetime,
    calendar: WorkCalendar,
) -> tuple[list[StepDue], StepDue | None]:
    """`steps_due`, and the `next_step` once they are taken: each time of the ladder counted once."""
    ahead = _ahead(rules, running, taken, calendar)
    due = [step for step in ahead if step.at <= now]
    top = max((step.step.height for step in due), default=-1)
    return due, _earliest(step for step in ahead if step.step.height > top)


def check_step(step: LadderStep, taken: Collection[LadderStep]) -> None:
    """Whether it may be taken now, by hand or by rule. Raises `StepBackwards`."""
    if not taken or step.height > _top(taken):
        return
    top = _ORDER[_top(taken)]
    raise StepBackwards(taken=top.label(), step=step.label(), taken_en=top.label("en"), step_en=step.label("en"))


def check_rules(rules: Iterable[LadderRule]) -> None:
    """Raises `LadderFault` for a rule without one time, a step twice in a stage, or a step before a lower one."""
    stages: dict[str, list[LadderRule]] = {}
    for rule in rules:
        stages.setdefault(rule.stage, []).append(rule)
    for stage, own in stages.items():
        for rule in own:
            _check_rule(rule)
        _check_order(stage, sorted(own, key=lambda rule: rule.step.height))


def _earliest(steps: Iterable[StepDue]) -> StepDue | None:
    return min(steps, key=lambda step: step.at, default=None)


def _ahead(
    rules: Iterable[LadderRule], running: StageTimer, taken: Collection[LadderStep], calendar: WorkCalendar
) -> list[StepDue]:
    top = _top(taken) if taken else -1
    own = sorted((rule for rule in rules if rule.stage == running.stage), key=lambda rule: rule.step.height)
    moments = ((rule.step, _moment(rule, running, calendar)) for rule in own if rule.step.height > top)
    return [StepDue(running.stage, step, at) for step, at in moments if at is not None]


def _moment(rule: LadderRule, running: StageTimer, calendar: WorkCalendar) -> datetime | None:
    timer, begins = running.timer, running.begins
    share = Decimal(1) if rule.share_used is None else rule.share_used
    at = running.due_at if share == 1 and running.due_at is not None else moment(share, timer, calendar)
    if at is None:
        return None
    if rule.overdue_by is None:
        return None if begins is not None and at <= begins else at
    return due_after(at if begins is None else max(at, begins), rule.overdue_by, calendar, timer.pauses)


def _top(taken: Collection[LadderStep]) -> int:
    return max(step.height for step in taken)


def _check_rule(rule: LadderRule) -> None:
    if (rule.share_used is None) == (rule.overdue_by is None):
        raise LadderFault(
            stage=rule.stage,
            problem_zh=f"{rule.step.label()}须写明一个时间：已用比例，或超期多久。",
            problem_en=f"{rule.step.label('en')} needs one time: the share used, or how long overdue.",
        )
    if rule.share_used is not None and not 0 <= rule.share_used <= 1:
        raise LadderFault(
            stage=rule.stage,
            problem_zh=f"{rule.step.label()}的已用比例须在 0 和 1 之间。",
            problem_en=f"{rule.step.label('en')}: the share used is between 0 and 1.",
        )


def _check_order(stage: str, rules: Sequence[LadderRule]) -> None:
    twice = [step for step, times in Counter(rule.step for rule in rules).items() if times > 1]
    if twice:
        raise LadderFault(
            stage=stage,
            problem_zh=f"{twice[0].label()}出现两次。",
            problem_en=f"{twice[0].label('en')} is there twice.",
        )
    for lower, higher in pairwise(rules):
        if _is_before(higher, lower):
            raise LadderFault(
                stage=stage,
                problem_zh=f"{higher.step.label()}早于{lower.step.label()}。",
                problem_en=f"{higher.step.label('en')} comes before {lower.step.label('en')}.",
            )


def _is_before(one: LadderRule, other: LadderRule) -> bool:
    """As far as it can be told without a calendar: times overdue in different units are not compared."""
    if one.share_used is not None:
        return other.share_used is None or one.share_used < other.share_used
    if one.overdue_by is None or other.overdue_by is None:
        return False
    return one.overdue_by.kind is other.overdue_by.kind and one.overdue_by.amount < other.overdue_by.amount
