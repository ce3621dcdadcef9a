"""The ladder 提醒 → 催办 → 督办 → 黄牌 → 红牌."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.cases.rules.calendar import WorkCalendar
from wangge.cases.rules.deadlines import Extension, Pause, Timer
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.rules.supervision import (
    LadderFault,
    LadderRule,
    LadderStep,
    StageTimer,
    StepBackwards,
    check_rules,
    check_step,
    default_rules,
    next_step,
    steps_due,
)
from wangge.core.clock import BEIJING

CALENDAR = WorkCalendar()
RULES = default_rules("handle")
MONDAY_NINE = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
TEN_HOURS = TimeLimit(LimitKind.URGENT_HOURS, Decimal(10))
# Reminder at 16:00, due 19:00 Monday; 4 working hours later is Tuesday 12:00; cards on Tuesday and Thursday at 18:00.
RUNNING = StageTimer("handle", Timer(MONDAY_NINE, TEN_HOURS))
MOMENTS = {
    LadderStep.REMIND: datetime(2026, 3, 2, 16, tzinfo=BEIJING),
    LadderStep.URGE: datetime(2026, 3, 2, 19, tzinfo=BEIJING),
    LadderStep.SUPERVISE: datetime(2026, 3, 3, 12, tzinfo=BEIJING),
    LadderStep.YELLOW_CARD: datetime(2026, 3, 3, 18, tzinfo=BEIJING),
    LadderStep.RED_CARD: datetime(2026, 3, 5, 18, tzinfo=BEIJING),
}
SECOND = timedelta(seconds=1)


def due_at(now: datetime, taken: set[LadderStep], running: StageTimer = RUNNING) -> list[LadderStep]:
    return [found.step for found in steps_due(RULES, running, taken, now, CALENDAR)]


@pytest.mark.parametrize("step", list(LadderStep))
def test_each_step_falls_due_at_its_instant_and_not_a_second_before(step: LadderStep) -> None:
    lower = {other for other in LadderStep if other.height < step.height}
    assert due_at(MOMENTS[step] - SECOND, lower) == []
    assert due_at(MOMENTS[step], lower) == [step]
    assert due_at(MOMENTS[step], lower | {step}) == []


def test_a_worker_that_slept_gets_every_step_once_with_its_own_time() -> None:
    late = MOMENTS[LadderStep.YELLOW_CARD] + SECOND
    found = steps_due(RULES, RUNNING, set(), late, CALENDAR)
    assert {step.step: step.at for step in found} == {
        step: at for step, at in MOMENTS.items() if step is not LadderStep.RED_CARD
    }
    assert due_at(late, {step.step for step in found}) == []


def test_a_step_taken_early_by_hand_ends_the_ones_below_it() -> None:
    taken = {LadderStep.SUPERVISE}
    assert due_at(MOMENTS[LadderStep.SUPERVISE], taken) == []
    assert due_at(MOMENTS[LadderStep.YELLOW_CARD], taken) == [LadderStep.YELLOW_CARD]


def test_by_hand_a_step_may_skip_ahead_but_not_repeat_or_go_back() -> None:
    check_step(LadderStep.YELLOW_CARD, set())
    check_step(LadderStep.YELLOW_CARD, {LadderStep.REMIND})
    for step in (LadderStep.YELLOW_CARD, LadderStep.REMIND):
        with pytest.raises(StepBackwards) as fault:
            check_step(step, {LadderStep.YELLOW_CARD})
        assert "黄牌" in fault.value.message("zh")


def test_another_stages_rules_do_not_apply() -> None:
    other = StageTimer("review", RUNNING.timer)
    assert due_at(MOMENTS[LadderStep.RED_CARD], set(), other) == []


def test_the_ladder_stands_still_while_the_clock_does() -> None:
    pause = Pause(MONDAY_NINE + timedelta(hours=1))
    paused = StageTimer("handle", Timer(MONDAY_NINE, TEN_HOURS, (pause,)))
    assert due_at(MOMENTS[LadderStep.RED_CARD], set(), paused) == []
    assert next_step(RULES, paused, set(), CALENDAR) is None
    late = StageTimer("handle", Timer(MONDAY_NINE, TEN_HOURS, (Pause(MOMENTS[LadderStep.URGE] + SECOND),)))
    assert due_at(MOMENTS[LadderStep.RED_CARD], set(), late) == [LadderStep.REMIND, LadderStep.URGE]


def test_an_extension_moves_the_ladder() -> None:
    extension = Extension(TEN_HOURS, MONDAY_NINE)
    extended = StageTimer("handle", Timer(MONDAY_NINE, TEN_HOURS, (), (extension,)))
    assert due_at(MOMENTS[LadderStep.URGE], set(), extended) == []
    assert due_at(MONDAY_NINE + timedelta(hours=14), set(), extended) == [LadderStep.REMIND]
    assert due_at(MONDAY_NINE + timedelta(hours=20), set(), extended) == [LadderStep.REMIND, LadderStep.URGE]


def test_the_next_step_says_when_to_wake_up() -> None:
    first = next_step(RULES, RUNNING, set(), CALENDAR)
    assert first is not None
    assert (first.step, first.at) == (LadderStep.REMIND, MOMENTS[LadderStep.REMIND])
    assert next_step(RULES, RUNNING, {LadderStep.RED_CARD}, CALENDAR) is None


@pytest.mark.parametrize(
    "rules",
    [
        (LadderRule("handle", LadderStep.REMIND),),
        (LadderRule("handle", LadderStep.REMIND, Decimal("0.5"), TEN_HOURS),),
        (LadderRule("handle", LadderStep.REMIND, Decimal("1.5")),),
        (LadderRule("handle", LadderStep.URGE, Decimal("0.5")), LadderRule("handle", LadderStep.URGE, Decimal(1))),
        (LadderRule("handle", LadderStep.REMIND, Decimal(1)), LadderRule("handle", LadderStep.URGE, Decimal("0.5"))),
        (LadderRule("handle", LadderStep.REMIND, None, TEN_HOURS), LadderRule("handle", LadderStep.URGE, Decimal(1))),
    ],
)
def test_rules_that_contradict_themselves_are_refused(rules: tuple[LadderRule, ...]) -> None:
    with pytest.raises(LadderFault) as fault:
        check_rules(rules)
    assert "handle" in fault.value.message("zh")


def test_the_rules_shipped_are_in_order_and_two_stages_may_have_the_same_steps() -> None:
    check_rules((*RULES, *default_rules("review")))


@given(st.lists(st.integers(0, 8_000), max_size=20))
def test_however_the_worker_wakes_each_step_is_taken_once_and_upwards(minutes: list[int]) -> None:
    taken: list[LadderStep] = []
    for minute in sorted(minutes):
        now = MONDAY_NINE + timedelta(minutes=minute)
        for found in steps_due(RULES, RUNNING, taken, now, CALENDAR):
            check_step(found.step, taken)
            taken.append(found.step)
        assert set(taken) == {step for step, at in MOMENTS.items() if at <= now}
    assert [step.height for step in taken] == sorted({step.height for step in taken})
