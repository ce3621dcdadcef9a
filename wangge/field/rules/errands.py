"""任务 as one table: which move leads from where to where, what it needs, and by when it is owed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ErrandKind(StrEnum):
    VERIFY = "verify"  # 核实: is it real? (before registration)
    INSPECT = "inspect"  # 核查: is it fixed? (after handling)
    RESPOND = "respond"  # 到场处置
    RECTIFY = "rectify"  # 整改
    RECHECK = "recheck"  # 复查
    COLLECT = "collect"  # 信息采集
    OTHER = "other"


class State(StrEnum):
    """Of one worker with one errand."""

    GIVEN = "given"
    SIGNED = "signed"
    SET_OUT = "set_out"
    ARRIVED = "arrived"
    DONE = "done"
    HANDED_UP = "handed_up"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class ErrandMove(StrEnum):
    SIGN = "sign"
    SET_OUT = "set_out"
    ARRIVE = "arrive"
    FINISH = "finish"
    HAND_UP = "hand_up"
    RETURN = "return"
    ASK_TIME = "ask_time"


class ErrandStepKind(StrEnum):
    """What happened with an errand, as its course and, after `errand.`, the journal say it."""

    GIVEN = "given"
    ADDED = "added"
    SIGNED = "signed"
    SET_OUT = "set_out"
    ARRIVED = "arrived"
    DONE = "done"
    HANDED_UP = "handed_up"
    RETURNED = "returned"
    TIME_ASKED = "time_asked"
    TIME_GRANTED = "time_granted"
    TIME_DENIED = "time_denied"
    WITHDRAWN = "withdrawn"


RUNNING = (State.GIVEN, State.SIGNED, State.SET_OUT, State.ARRIVED)


@dataclass(frozen=True, slots=True)
class Rule:
    """`to` None: the state stays as it is."""

    sources: tuple[State, ...]
    to: State | None
    entry: str
    needs_text: bool = False


# A step left out was done without a word: who arrives has set out, who finishes has signed.
RULES: Mapping[ErrandMove, Rule] = {
    ErrandMove.SIGN: Rule(RUNNING[:1], State.SIGNED, "errand.signed"),
    ErrandMove.SET_OUT: Rule(RUNNING[:2], State.SET_OUT, "errand.set_out"),
    ErrandMove.ARRIVE: Rule(RUNNING[:3], State.ARRIVED, "errand.arrived"),
    ErrandMove.FINISH: Rule(RUNNING, State.DONE, "errand.done"),
    ErrandMove.HAND_UP: Rule(RUNNING, State.HANDED_UP, "errand.handed_up", needs_text=True),
    ErrandMove.RETURN: Rule(RUNNING, State.RETURNED, "errand.returned", needs_text=True),
    ErrandMove.ASK_TIME: Rule(RUNNING, None, "errand.time_asked", needs_text=True),
}
RESULTS: Mapping[ErrandKind, tuple[str, ...]] = {
    ErrandKind.VERIFY: ("true", "false"),
    ErrandKind.INSPECT: ("fixed", "not_fixed"),
    ErrandKind.RECTIFY: ("fixed", "not_fixed"),
    ErrandKind.RECHECK: ("fixed", "not_fixed"),
}
ON_CASE = (ErrandKind.VERIFY, ErrandKind.INSPECT)
KIND_WORDS: Mapping[str, tuple[str, str]] = {
    ErrandKind.VERIFY: ("核实", "Verification"),
    ErrandKind.INSPECT: ("核查", "Check"),
    ErrandKind.RESPOND: ("到场处置", "Response"),
    ErrandKind.RECTIFY: ("整改", "Rectification"),
    ErrandKind.RECHECK: ("复查", "Recheck"),
    ErrandKind.COLLECT: ("信息采集", "Collection"),
    ErrandKind.OTHER: ("任务", "Errand"),
}
STATE_WORDS: Mapping[str, tuple[str, str]] = {
    State.GIVEN: ("待签收", "given"),
    State.SIGNED: ("已签收", "signed"),
    State.SET_OUT: ("已出发", "set out"),
    State.ARRIVED: ("已到场", "arrived"),
    State.DONE: ("已办结", "done"),
    State.HANDED_UP: ("已上报", "handed up"),
    State.RETURNED: ("已退回", "returned"),
    State.WITHDRAWN: ("已撤回", "withdrawn"),
}
RESULT_WORDS: Mapping[str, str] = {"true": "属实", "false": "不属实", "fixed": "已解决", "not_fixed": "未解决"}
RECHECK_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Clocks:
    answer_due_at: datetime | None
    arrive_due_at: datetime | None


def clocks_of(kind: ErrandKind, given_at: datetime, *, answer: timedelta, arrive: timedelta) -> Clocks:
    """To answer: what a centre sends somebody out for. To be there: where something is going on right now."""
    asked = kind in (*ON_CASE, ErrandKind.RESPOND)
    return Clocks(given_at + answer if asked else None, given_at + arrive if kind is ErrandKind.RESPOND else None)


def moves_from(state: str) -> list[ErrandMove]:
    return [move for move, rule in RULES.items() if state in rule.sources]


def passed(state: State, to: State) -> list[str]:
    """The instants to be set on the way from one state to another: `signed_at`, `set_out_at`, …"""
    if to not in RUNNING:
        return ["ended_at", *([] if state is not State.GIVEN else ["signed_at"])]
    order = list(RUNNING)
    return [f"{one}_at" for one in order[order.index(state) + 1 : order.index(to) + 1]]
