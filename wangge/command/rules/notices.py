"""What is told to whom when something happens, as one table. Pure: an entry of the journal in, who hears of it out.

`{number}` is the case's; other names come from the entry. Titles are added by who reads, as far as they may see them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from wangge.accounts.permissions import Permission as P
from wangge.cases.rules.states import Stage
from wangge.cases.words import STAGES


class Group(StrEnum):
    """What a person chooses a way of being told for."""

    ASSIGNED = "assigned"  # 派来、收回的案件
    DEADLINE = "deadline"  # 延期、超期
    SUPERVISION = "supervision"  # 督办
    WHISTLE = "whistle"  # 吹哨报到
    REVIEW = "review"  # 复核、返工、重启、差评
    OUTCOME = "outcome"  # 我上报的案件
    COMMAND = "command"  # 指令、会商、任务
    HOUSE = "house"  # 导入、网格调整


class To(StrEnum):
    LEAD = "lead"
    ASSISTING = "assisting"
    LEFT = "left"  # who was charged until now
    HOLDER = "holder"
    UNIT = "unit"  # the unit the entry names
    ROOT = "root"  # the whole department of that unit
    REPORTER = "reporter"  # the post that reported
    WHISTLE_CENTRE = "whistle_centre"
    WHISTLE_CALLER = "whistle_caller"
    MUSTERED = "mustered"
    TOLD = "told"  # `units`, `posts` of the entry
    GIVER = "giver"  # the unit that gave the order
    ABOVE = "above"  # the units over those that did not answer it
    DOER = "doer"  # whose long job is done
    CENTRE = "centre"  # of the place, and the one above it


Data = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    on: str  # kind of the entry
    kind: str
    group: Group
    to: tuple[To, ...]
    zh: str
    en: str
    needs: str = P.CASE_READ  # of the posts in a unit, those that may do this
    urgent: bool | Callable[[Data], bool] = False
    when: Callable[[Data], bool] | None = None
    confides: bool = False  # about what the reporter said or was told: never to the unit complained of


LOW_SCORE = 2
CARD = 4  # yellow and red: from here on the whole department hears of it
_STEPS = ("remind", "urge", "supervise", "yellow_card", "red_card")
STEP_WORDS = (
    ("提醒", "reminder"),
    ("催办", "urging"),
    ("督办", "supervision"),
    ("黄牌", "yellow card"),
    ("红牌", "red card"),
)


def height(data: Data) -> int:
    """Of a step of the ladder, 1 to 5, as a rule or a person wrote it."""
    step = data.get("step")
    return _STEPS.index(step) + 1 if isinstance(step, str) else int(step or 1)


def _is_high(data: Data) -> bool:
    return height(data) >= CARD


RULES: tuple[Rule, ...] = (
    Rule(
        on="case.dispatch", kind="assigned", group=Group.ASSIGNED, to=(To.LEAD, To.ASSISTING), needs=P.CASE_HANDLE,
        zh="案件派到本单位", en="A case was dispatched to your unit",
    ),
    Rule(
        on="case.transfer", kind="assigned", group=Group.ASSIGNED, to=(To.LEAD,), needs=P.CASE_HANDLE,
        zh="案件改派到本单位", en="A case was transferred to your unit",
    ),
    Rule(
        on="case.transfer", kind="taken_away", group=Group.ASSIGNED, to=(To.LEFT,), needs=P.CASE_HANDLE,
        zh="案件已改派其他单位", en="A case of yours went to another unit",
    ),
    *(
        Rule(
            on=on, kind="step_waits", group=Group.ASSIGNED, to=(To.UNIT,), needs=P.CASE_HANDLE,
            when=lambda data: bool(data.get("unit_path")),
            zh="轮到本单位签办流程步骤", en="A step of a case is your unit's to sign off",
        )
        for on in ("case.sign", "case.sign_step")
    ),
    Rule(
        on="case.recall", kind="taken_away", group=Group.ASSIGNED, to=(To.LEFT,), needs=P.CASE_HANDLE,
        zh="派给本单位的案件已撤回", en="A case dispatched to your unit was recalled",
    ),
    Rule(
        on="case.return", kind="returned", group=Group.ASSIGNED, to=(To.HOLDER,), needs=P.CASE_DISPATCH,
        zh="案件被退回，请另行派发", en="A case was returned; dispatch it again",
    ),
    Rule(
        on="case.hand_up", kind="handed_up", group=Group.ASSIGNED, to=(To.HOLDER,), needs=P.CASE_ACCEPT,
        zh="下级上报案件", en="A case was handed up to you",
    ),
    Rule(
        on="case.ask_extension", kind="extension_asked", group=Group.DEADLINE, to=(To.HOLDER,), needs=P.CASE_EXTEND,
        zh="申请延期，请审批", en="More time is asked for; please decide",
    ),
    Rule(
        on="case.grant_extension", kind="extension_answered", group=Group.DEADLINE, to=(To.LEAD,), needs=P.CASE_HANDLE,
        zh="延期申请已同意", en="More time was granted",
    ),
    Rule(
        on="case.deny_extension", kind="extension_answered", group=Group.DEADLINE, to=(To.LEAD,), needs=P.CASE_HANDLE,
        zh="延期申请未获同意", en="More time was denied",
    ),
    Rule(
        on="case.overdue", kind="overdue", group=Group.DEADLINE, to=(To.UNIT, To.HOLDER),
        zh="{stage}超期", en="The time to {stage} has run out",
    ),
    Rule(
        on="case.supervise", kind="supervised", group=Group.SUPERVISION, to=(To.UNIT,), needs=P.CASE_READ,
        urgent=_is_high, zh="{step}，请办理并回执", en="{step}: act on it and give a receipt",
    ),
    Rule(
        on="case.supervise", kind="carded", group=Group.SUPERVISION, to=(To.ROOT, To.HOLDER), when=_is_high,
        urgent=True, zh="{unit}被出示{step}", en="{unit} was given a {step}",
    ),
    Rule(
        on="case.receipt", kind="receipted", group=Group.SUPERVISION, to=(To.HOLDER,), needs=P.CASE_SUPERVISE,
        zh="督办已回执", en="A supervision was answered",
    ),
    Rule(
        on="case.whistle", kind="whistle_blown", group=Group.WHISTLE, to=(To.WHISTLE_CENTRE,), needs=P.WHISTLE_CONFIRM,
        urgent=True, zh="网格吹哨，请联动", en="A whistle was blown; please confirm",
    ),
    Rule(
        on="case.confirm_whistle", kind="whistle_called", group=Group.WHISTLE, to=(To.MUSTERED,), needs=P.CASE_HANDLE,
        urgent=True, zh="请立即到场报到", en="Come to the spot at once",
    ),
    Rule(
        on="case.confirm_whistle", kind="whistle_answered", group=Group.WHISTLE, to=(To.WHISTLE_CALLER,),
        zh="吹哨已联动，部门正在赶来", en="Your whistle was confirmed; departments are coming",
    ),
    Rule(
        on="case.refuse_whistle", kind="whistle_answered", group=Group.WHISTLE, to=(To.WHISTLE_CALLER,),
        zh="吹哨未予联动", en="Your whistle was refused",
    ),
    Rule(
        on="case.arrive", kind="arrived", group=Group.WHISTLE, to=(To.WHISTLE_CALLER, To.WHISTLE_CENTRE),
        needs=P.WHISTLE_CONFIRM, zh="部门已到场报到", en="A unit has arrived",
    ),
    Rule(
        on="case.end_whistle", kind="whistle_rated", group=Group.WHISTLE, to=(To.MUSTERED,), needs=P.CASE_HANDLE,
        zh="吹哨结束，已评价", en="The whistle has ended and was rated",
    ),
    Rule(
        on="case.finish", kind="handled", group=Group.REVIEW, to=(To.HOLDER,), needs=P.CASE_REVIEW,
        zh="处置完成，待复核", en="Handled; to be reviewed",
    ),
    Rule(
        on="case.rework", kind="reworked", group=Group.REVIEW, to=(To.LEAD,), needs=P.CASE_HANDLE,
        zh="复核未通过，请返工", en="Sent back for rework",
    ),
    Rule(
        on="case.reopen", kind="reopened", group=Group.REVIEW, to=(To.HOLDER,),
        zh="案件重启", en="A case was reopened",
    ),
    Rule(
        on="case.rate", kind="rated_badly", group=Group.REVIEW, to=(To.HOLDER,), needs=P.CASE_REVIEW, confides=True,
        when=lambda data: int(data.get("score") or 5) <= LOW_SCORE,
        zh="报告人不满意（{score} 分）", en="The reporter is dissatisfied (score {score})",
    ),
    Rule(
        on="case.suspend", kind="suspended", group=Group.DEADLINE, to=(To.LEAD,), needs=P.CASE_HANDLE,
        zh="案件已挂起，时限暂停", en="Suspended; its clocks stand still",
    ),
    Rule(
        on="case.resume", kind="suspended", group=Group.DEADLINE, to=(To.LEAD,), needs=P.CASE_HANDLE,
        zh="案件已恢复办理", en="Resumed; its clocks run",
    ),
    Rule(
        on="case.close", kind="my_report", group=Group.OUTCOME, to=(To.REPORTER,),
        zh="您上报的案件已结案", en="A case you reported was closed",
    ),
    Rule(
        on="case.refuse", kind="my_report", group=Group.OUTCOME, to=(To.REPORTER,),
        zh="您上报的案件不予受理", en="A case you reported was refused",
    ),
    Rule(
        on="order.given", kind="order", group=Group.COMMAND, to=(To.TOLD,), urgent=True,
        zh="新指令，请签收", en="A new order; please receive it",
    ),
    Rule(
        on="order.withdrawn", kind="order_withdrawn", group=Group.COMMAND, to=(To.TOLD,), urgent=True,
        zh="指令已撤回", en="An order was withdrawn",
    ),
    Rule(
        on="order.received", kind="order_answered", group=Group.COMMAND, to=(To.GIVER,), needs=P.ORDER_GIVE,
        zh="指令已签收", en="An order was received",
    ),
    Rule(
        on="order.reported", kind="order_answered", group=Group.COMMAND, to=(To.GIVER,), needs=P.ORDER_GIVE,
        zh="指令有反馈", en="An order was reported back on",
    ),
    Rule(
        on="order.late", kind="order_late", group=Group.COMMAND, to=(To.TOLD,), urgent=True,
        zh="指令已到时限，请立即签收、反馈", en="An order is due: receive it and report back now",
    ),
    Rule(
        on="order.late", kind="order_unanswered", group=Group.COMMAND, to=(To.GIVER, To.ABOVE), urgent=True,
        zh="指令到时限，{missing} 个对象未办（共 {all} 个）",
        en="An order is due; {missing} of {all} have not answered",
    ),
    Rule(
        on="meeting.called", kind="meeting", group=Group.COMMAND, to=(To.TOLD,),
        zh="请参加会商", en="You are called to a meeting",
    ),
    Rule(
        on="meeting.cancelled", kind="meeting", group=Group.COMMAND, to=(To.TOLD,),
        zh="会商已取消", en="A meeting was cancelled",
    ),
    Rule(
        on="meeting.held", kind="meeting", group=Group.COMMAND, to=(To.TOLD,),
        zh="会商纪要已形成", en="The minutes of a meeting are written",
    ),
    Rule(
        on="task.set", kind="task", group=Group.COMMAND, to=(To.TOLD,),
        zh="会议议定任务，请按期办理", en="A meeting set you a task",
    ),
    Rule(
        on="task.returned", kind="task", group=Group.COMMAND, to=(To.TOLD,),
        zh="任务被退回，请继续办理", en="A task was sent back",
    ),
    Rule(
        on="task.done", kind="task_done", group=Group.COMMAND, to=(To.TOLD,), needs=P.MEETING_HOLD,
        zh="任务已办结，请确认", en="A task is done; please confirm",
    ),
    Rule(
        on="task.confirmed", kind="task_settled", group=Group.COMMAND, to=(To.TOLD,),
        zh="任务已确认完成", en="A task was confirmed",
    ),
    Rule(
        on="task.dropped", kind="task_settled", group=Group.COMMAND, to=(To.TOLD,),
        zh="任务已取消", en="A task was dropped",
    ),
    Rule(
        on="task.overdue", kind="task_overdue", group=Group.COMMAND, to=(To.TOLD,), urgent=True,
        zh="任务超期", en="A task is overdue",
    ),
    Rule(
        on="errand.given", kind="errand", group=Group.COMMAND, to=(To.TOLD,), needs=P.FIELD_WORK, urgent=True,
        zh="新任务，请签收", en="A new errand; please sign for it",
    ),
    Rule(
        on="errand.withdrawn", kind="errand_withdrawn", group=Group.COMMAND, to=(To.TOLD,), needs=P.FIELD_WORK,
        urgent=True, zh="任务已撤回", en="An errand was withdrawn",
    ),
    Rule(
        on="errand.time_granted", kind="errand_time", group=Group.COMMAND, to=(To.TOLD,), needs=P.FIELD_WORK,
        zh="延时申请已同意", en="More time was granted",
    ),
    Rule(
        on="errand.time_denied", kind="errand_time", group=Group.COMMAND, to=(To.TOLD,), needs=P.FIELD_WORK,
        zh="延时申请未获同意", en="More time was denied",
    ),
    Rule(
        on="errand.time_asked", kind="errand_asked", group=Group.COMMAND, to=(To.GIVER,), needs=P.ERRAND_GIVE,
        zh="任务申请延时，请答复", en="More time is asked for on an errand; please decide",
    ),
    Rule(
        on="errand.arrived", kind="errand_arrived", group=Group.COMMAND, to=(To.GIVER,), needs=P.ERRAND_GIVE,
        zh="任务人员已到场", en="Somebody sent out has arrived",
    ),
    Rule(
        on="errand.done", kind="errand_answered", group=Group.COMMAND, to=(To.GIVER,), needs=P.ERRAND_GIVE,
        zh="任务已办结", en="An errand is done",
    ),
    Rule(
        on="errand.handed_up", kind="errand_answered", group=Group.COMMAND, to=(To.GIVER,), needs=P.ERRAND_GIVE,
        zh="任务上报，请处理", en="An errand was handed up to you",
    ),
    Rule(
        on="errand.returned", kind="errand_answered", group=Group.COMMAND, to=(To.GIVER,), needs=P.ERRAND_GIVE,
        zh="任务被退回", en="An errand was returned",
    ),
    Rule(
        on="errand.late_answer", kind="errand_late", group=Group.COMMAND, to=(To.TOLD, To.GIVER),
        needs=P.ERRAND_GIVE, urgent=True, zh="任务超时未签收", en="An errand has not been signed for in time",
    ),
    Rule(
        on="errand.late_arrive", kind="errand_late", group=Group.COMMAND, to=(To.TOLD, To.GIVER),
        needs=P.ERRAND_GIVE, urgent=True, zh="任务超时未到场", en="Nobody has arrived in time",
    ),
    Rule(
        on="errand.overdue", kind="errand_late", group=Group.COMMAND, to=(To.TOLD, To.GIVER),
        needs=P.ERRAND_GIVE, urgent=True, zh="任务超期", en="An errand is overdue",
    ),
    Rule(
        on="terminal.silent", kind="silent", group=Group.COMMAND, to=(To.CENTRE,), needs=P.FIELD_WATCH,
        zh="在岗人员静默，{minutes} 分钟没有消息，请联系",
        en="On duty and not heard of for {minutes} minutes; please call",
    ),
    Rule(
        on="terminal.heard", kind="silent", group=Group.COMMAND, to=(To.CENTRE,), needs=P.FIELD_WATCH,
        zh="在岗人员已恢复联系", en="Who was silent on duty is heard of again",
    ),
    Rule(
        on="*.imported", kind="import_finished", group=Group.HOUSE, to=(To.DOER,),
        zh="导入完成：新增 {created}，更改 {changed}", en="Import finished: {created} new, {changed} changed",
    ),
    Rule(
        on="grid.redrawn", kind="redrawn", group=Group.HOUSE, to=(To.CENTRE,), needs=P.GRID_READ,
        zh="网格边界调整，{date} 起生效", en="Boundaries were redrawn, in force from {date}",
    ),
)  # fmt: skip

BY_KIND: dict[str, tuple[Rule, ...]] = {
    on: tuple(rule for rule in RULES if rule.on == on) for on in {rule.on for rule in RULES}
}
TEXTS: dict[tuple[str, str], Rule] = {(rule.kind, rule.on): rule for rule in RULES}
GROUP_OF: dict[str, Group] = {rule.kind: rule.group for rule in RULES}


def rules_for(entry_kind: str) -> tuple[Rule, ...]:
    found = BY_KIND.get(entry_kind)
    if found is None and entry_kind.endswith(".imported"):
        return BY_KIND["*.imported"]
    return found or ()


def is_urgent(rule: Rule, data: Data) -> bool:
    return rule.urgent(data) if callable(rule.urgent) else rule.urgent


def sentence(kind: str, on: str, data: Data, language: str) -> str:
    """What the notice says, without the title of its case."""
    rule = TEXTS.get((kind, on)) or TEXTS.get((kind, "*.imported"))
    if rule is None:
        return kind
    return (rule.en if language == "en" else rule.zh).format_map(_Words(data, language))


class _Words(dict[str, Any]):
    """Codes by their names in the reader's language; what an entry does not say stands as a dash."""

    def __init__(self, data: Data, language: str) -> None:
        super().__init__(data)
        self._english = language == "en"

    def __getitem__(self, name: str) -> Any:
        if name == "step" and "step" in self:
            return STEP_WORDS[height(dict(self)) - 1][self._english]
        if name == "stage":
            return STAGES.get(str(self.get("stage")), STAGES[Stage.HANDLE])[self._english]
        return super().get(name, "—")
