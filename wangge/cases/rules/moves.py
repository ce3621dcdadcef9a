"""The loop as one table: which move leads from where to where, whose it is, and what it needs.

Whether somebody is the party that a move asks for: parties.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from wangge.accounts.permissions import Permission
from wangge.cases.rules.states import OPEN, State

S, P = State, Permission
WITH_UNIT = (S.DISPATCHED, S.HANDLING, S.SUSPENDED)


class Move(StrEnum):
    """What can be done with a case. Stored in its history; never renamed."""

    REPORT = "report"  # 上报
    CONTACT = "contact"  # 联系报告人
    ACCEPT = "accept"  # 受理
    REFUSE = "refuse"  # 不予受理
    CORRECT = "correct"  # 更正
    SETTLE = "settle"  # 自办自结
    ANSWER = "answer"  # 直接答复
    DISPATCH = "dispatch"  # 派发
    RECALL = "recall"  # 撤回派发
    TRANSFER = "transfer"  # 改派
    SIGN = "sign"  # 签收
    RETURN = "return"  # 退回
    ASK_EXTENSION = "ask_extension"  # 申请延期
    GRANT_EXTENSION = "grant_extension"  # 同意延期
    DENY_EXTENSION = "deny_extension"  # 不同意延期
    SUSPEND = "suspend"  # 挂起
    RESUME = "resume"  # 恢复
    HAND_UP = "hand_up"  # 上报上级
    SIGN_STEP = "sign_step"  # 流程步骤签办
    ASSIST_DONE = "assist_done"  # 协办完成
    FINISH = "finish"  # 处置完成
    PASS = "pass"  # noqa: S105 - 复核通过, no password
    REWORK = "rework"  # 返工
    CLOSE = "close"  # 结案
    RATE = "rate"  # 评价
    REOPEN = "reopen"  # 重启
    ARCHIVE = "archive"  # 归档
    NOTE = "note"  # 补充说明
    SUPERVISE = "supervise"  # 督办
    RECEIPT = "receipt"  # 督办回执
    WHISTLE = "whistle"  # 吹哨
    CONFIRM_WHISTLE = "confirm_whistle"  # 联动确认
    REFUSE_WHISTLE = "refuse_whistle"  # 不予联动
    ARRIVE = "arrive"  # 部门报到
    END_WHISTLE = "end_whistle"  # 哨毕评价
    JOIN = "join"  # 并案
    SEPARATE = "separate"  # 拆案
    OVERDUE = "overdue"  # 超期 (by the worker)
    RECOUNT = "recount"  # 时限重算 (the calendar was changed)
    TAKE_OVER = "take_over"  # 接手: another seat's claim (rules/claims.py); no row of the table


class Party(StrEnum):
    """Whose move it is, apart from the permission."""

    HOLDER = "holder"  # the centre that holds the case (or a commander above it)
    LEAD = "lead"  # the unit charged with it, or the department above it
    ASSIST = "assist"
    STEP = "step"  # the unit whose step of the procedure it is now, or the lead
    PLACE = "place"  # a post that looks after the place
    ABOVE = "above"  # a centre that covers the place, holder or not
    CALLER = "caller"  # who blew the whistle
    CALLED = "called"  # the centre asked to confirm it
    OWING = "owing"  # whoever a step of supervision was addressed to: now, or while it was the lead
    ANYONE = "anyone"  # whoever sees the case


class Need(StrEnum):
    REASON = "reason"
    TEXT = "text"
    UNIT = "unit"
    CATEGORY = "category"
    PLACE = "place"
    LIMIT = "limit"
    OUTCOME = "outcome"
    EVIDENCE = "evidence"
    SCORE = "score"
    STEP = "step"
    CASE = "case"
    UNITS = "units"
    DOUBTS = "doubts"  # why it passes although something speaks against its evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """`to` None: the state stays. `needs` is what the form asks; the action checks it again."""

    move: Move
    sources: tuple[State, ...]
    to: State | None
    permission: Permission
    party: Party
    needs: tuple[Need, ...] = ()


N = Need
RULES: tuple[Rule, ...] = (
    Rule(
        move=Move.CONTACT,
        sources=(*OPEN, S.CLOSED),
        to=None,
        permission=P.CASE_ACCEPT,
        party=Party.HOLDER,
        needs=(N.TEXT,),
    ),
    Rule(
        move=Move.ACCEPT,
        sources=(S.REPORTED,),
        to=S.ACCEPTED,
        permission=P.CASE_ACCEPT,
        party=Party.HOLDER,
        needs=(N.CATEGORY,),
    ),
    Rule(
        move=Move.REFUSE,
        sources=(S.REPORTED,),
        to=S.REFUSED,
        permission=P.CASE_ACCEPT,
        party=Party.HOLDER,
        needs=(N.REASON,),
    ),
    Rule(move=Move.CORRECT, sources=(S.REPORTED, S.ACCEPTED), to=None, permission=P.CASE_ACCEPT, party=Party.HOLDER),
    Rule(
        move=Move.SETTLE,
        sources=(S.REPORTED, S.ACCEPTED),
        to=S.CLOSED,
        permission=P.CASE_SELF_HANDLE,
        party=Party.PLACE,
        needs=(N.CATEGORY, N.OUTCOME, N.TEXT, N.EVIDENCE),
    ),
    Rule(
        move=Move.ANSWER,
        sources=(S.ACCEPTED,),
        to=S.CLOSED,
        permission=P.CASE_REVIEW,
        party=Party.HOLDER,
        needs=(N.OUTCOME, N.TEXT),
    ),
    Rule(
        move=Move.DISPATCH,
        sources=(S.ACCEPTED,),
        to=S.DISPATCHED,
        permission=P.CASE_DISPATCH,
        party=Party.HOLDER,
        needs=(N.UNIT,),
    ),
    Rule(
        move=Move.RECALL,
        sources=(S.DISPATCHED,),
        to=S.ACCEPTED,
        permission=P.CASE_DISPATCH,
        party=Party.HOLDER,
        needs=(N.REASON,),
    ),
    Rule(
        move=Move.TRANSFER,
        sources=(S.DISPATCHED, S.HANDLING),
        to=S.DISPATCHED,
        permission=P.CASE_DISPATCH,
        party=Party.HOLDER,
        needs=(N.UNIT, N.REASON),
    ),
    Rule(
        move=Move.HAND_UP,
        sources=(S.REPORTED, S.ACCEPTED),
        to=S.REPORTED,
        permission=P.CASE_HAND_UP,
        party=Party.HOLDER,
        needs=(N.REASON,),
    ),
    Rule(move=Move.SIGN, sources=(S.DISPATCHED,), to=S.HANDLING, permission=P.CASE_HANDLE, party=Party.LEAD),
    Rule(
        move=Move.RETURN,
        sources=(S.DISPATCHED, S.HANDLING),
        to=S.ACCEPTED,
        permission=P.CASE_HANDLE,
        party=Party.LEAD,
        needs=(N.REASON,),
    ),
    Rule(
        move=Move.SIGN_STEP, sources=(S.HANDLING,), to=None, permission=P.CASE_HANDLE, party=Party.STEP, needs=(N.STEP,)
    ),
    Rule(
        move=Move.ASK_EXTENSION,
        sources=(S.HANDLING,),
        to=None,
        permission=P.CASE_HANDLE,
        party=Party.LEAD,
        needs=(N.LIMIT, N.REASON),
    ),
    Rule(move=Move.GRANT_EXTENSION, sources=(S.HANDLING,), to=None, permission=P.CASE_EXTEND, party=Party.HOLDER),
    Rule(
        move=Move.DENY_EXTENSION,
        sources=(S.HANDLING,),
        to=None,
        permission=P.CASE_EXTEND,
        party=Party.HOLDER,
        needs=(N.REASON,),
    ),
    Rule(
        move=Move.SUSPEND,
        sources=(S.HANDLING,),
        to=S.SUSPENDED,
        permission=P.CASE_EXTEND,
        party=Party.HOLDER,
        needs=(N.REASON,),
    ),
    Rule(move=Move.RESUME, sources=(S.SUSPENDED,), to=S.HANDLING, permission=P.CASE_EXTEND, party=Party.HOLDER),
    Rule(
        move=Move.ASSIST_DONE,
        sources=(S.DISPATCHED, S.HANDLING),
        to=None,
        permission=P.CASE_HANDLE,
        party=Party.ASSIST,
        needs=(N.TEXT,),
    ),
    Rule(
        move=Move.FINISH,
        sources=(S.HANDLING,),
        to=S.HANDLED,
        permission=P.CASE_HANDLE,
        party=Party.LEAD,
        needs=(N.TEXT, N.EVIDENCE),
    ),
    Rule(
        move=Move.PASS,
        sources=(S.HANDLED,),
        to=S.REVIEWED,
        permission=P.CASE_REVIEW,
        party=Party.HOLDER,
        needs=(N.DOUBTS,),
    ),
    Rule(
        move=Move.REWORK,
        sources=(S.HANDLED, S.REVIEWED),
        to=S.HANDLING,
        permission=P.CASE_REVIEW,
        party=Party.HOLDER,
        needs=(N.REASON,),
    ),
    Rule(
        move=Move.CLOSE,
        sources=(S.REVIEWED,),
        to=S.CLOSED,
        permission=P.CASE_REVIEW,
        party=Party.HOLDER,
        needs=(N.OUTCOME,),
    ),
    Rule(move=Move.RATE, sources=(S.CLOSED,), to=None, permission=P.CASE_REVIEW, party=Party.HOLDER, needs=(N.SCORE,)),
    Rule(
        move=Move.REOPEN,
        sources=(S.CLOSED,),
        to=S.ACCEPTED,
        permission=P.CASE_REOPEN,
        party=Party.HOLDER,
        needs=(N.REASON,),
    ),
    Rule(
        move=Move.ARCHIVE, sources=(S.CLOSED, S.REFUSED), to=S.ARCHIVED, permission=P.CASE_ARCHIVE, party=Party.HOLDER
    ),
    Rule(
        move=Move.NOTE, sources=(*OPEN, S.CLOSED), to=None, permission=P.CASE_READ, party=Party.ANYONE, needs=(N.TEXT,)
    ),
    Rule(
        move=Move.SUPERVISE,
        sources=WITH_UNIT,
        to=None,
        permission=P.CASE_SUPERVISE,
        party=Party.ABOVE,
        needs=(N.STEP, N.TEXT),
    ),
    Rule(
        move=Move.RECEIPT,
        sources=(*OPEN, S.CLOSED),
        to=None,
        permission=P.CASE_HANDLE,
        party=Party.OWING,
        needs=(N.TEXT,),
    ),
    Rule(
        move=Move.WHISTLE,
        sources=(S.REPORTED, S.ACCEPTED, *WITH_UNIT),
        to=None,
        permission=P.CASE_WHISTLE,
        party=Party.PLACE,
        needs=(N.REASON,),
    ),
    Rule(
        move=Move.CONFIRM_WHISTLE,
        sources=OPEN,
        to=None,
        permission=P.WHISTLE_CONFIRM,
        party=Party.CALLED,
        needs=(N.UNITS,),
    ),
    Rule(
        move=Move.REFUSE_WHISTLE,
        sources=OPEN,
        to=None,
        permission=P.WHISTLE_CONFIRM,
        party=Party.CALLED,
        needs=(N.REASON,),
    ),
    Rule(move=Move.ARRIVE, sources=OPEN, to=None, permission=P.CASE_HANDLE, party=Party.ANYONE, needs=(N.PLACE,)),
    Rule(
        move=Move.END_WHISTLE,
        sources=(*OPEN, S.CLOSED),
        to=None,
        permission=P.CASE_WHISTLE,
        party=Party.CALLER,
        needs=(N.SCORE,),
    ),
    Rule(
        move=Move.JOIN,
        sources=(S.REPORTED, S.ACCEPTED),
        to=S.JOINED,
        permission=P.CASE_DISPATCH,
        party=Party.HOLDER,
        needs=(N.CASE,),
    ),
    Rule(
        move=Move.SEPARATE,
        sources=(S.JOINED,),
        to=None,
        permission=P.CASE_DISPATCH,
        party=Party.HOLDER,
        needs=(N.REASON,),
    ),
)
BY_MOVE: dict[Move, Rule] = {rule.move: rule for rule in RULES}

# Reached by the house itself or by the reporter's own page, not offered to a post.
WITHOUT_POST = (Move.REPORT, Move.OVERDUE, Move.RECOUNT, Move.TAKE_OVER)

# What the reporter may do on the follow page, with the code they were given.
BY_REPORTER = (Move.RATE, Move.REOPEN, Move.NOTE)

# What is asked only while it waits: (move, what the case must have waiting).
ONLY_WHILE = {
    Move.GRANT_EXTENSION: "extension",
    Move.DENY_EXTENSION: "extension",
    Move.CONFIRM_WHISTLE: "whistle_called",
    Move.REFUSE_WHISTLE: "whistle_called",
    Move.ARRIVE: "muster",
    Move.END_WHISTLE: "whistle_confirmed",
    Move.SIGN_STEP: "procedure",
}

# What is not asked again while it waits: refused with a reason of its own, and not offered then.
NOT_WHILE: dict[Move, frozenset[str]] = {
    Move.ASK_EXTENSION: frozenset({"extension"}),
    Move.WHISTLE: frozenset({"whistle_called", "whistle_confirmed"}),
}


def rule_for(move: Move) -> Rule:
    return BY_MOVE[move]


def needs_of(rule: Rule, *, has_category: bool, evidence: Iterable[str], has_doubts: bool = False) -> list[str]:
    """What the form asks: a category only where the case has none, evidence only where its category requires some, a
    reason to pass only where there are doubts."""
    asked = {Need.CATEGORY: not has_category, Need.EVIDENCE: any(evidence), Need.DOUBTS: has_doubts}
    unasked = {need for need, is_asked in asked.items() if not is_asked}
    return [need for need in rule.needs if need not in unasked]
