"""Orders, announcements, meetings and what is told of them: given by the product's own actions, some days ago."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from wangge.accounts.models import Post
from wangge.accounts.queries import actor_of_post
from wangge.cases.models import Case, Step, Whistle
from wangge.cases.rules.states import State
from wangge.command import actions, noticing
from wangge.command.actions import Came, Decision, MeetingCalled, OrderGiven
from wangge.command.actions.announcements import publish
from wangge.command.actions.meeting_tasks import say_overdue
from wangge.command.actions.orders import say_late
from wangge.command.models import Order, Task
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.journal import Batch, Read
from wangge.demo import names
from wangge.demo.people import Desk, People
from wangge.demo.plan import Plan

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOLD_SINCE = timedelta(hours=30)
MOST_TOLD = 1500
# title, details, report asked, hours ago, hours until due, how many of those it is for have answered
ORDERS = (
    ("今晚暴雨，低洼点位值守", "各中心 18 时前到岗，重点盯防下穿通道和老旧小区地下车库，险情随时报。", True, 5, 9, 0.5),
    ("开展电动自行车飞线充电排查", "以小区为单位逐栋排查，三日内报数。", True, 30, 72, 0.35),
    ("夜市占道经营联合整治", "城管牵头，公安、市场监管配合，20 时在夜市入口集合。", True, 50, 20, 0.6),
    ("报送本周网格员在岗情况", "", False, 20, 6, 0.8),
    ("重大活动期间加强巡查", "活动沿线网格每两小时巡查一次。", False, 75, 48, 1.0),
)
MEETINGS = (
    ("on_site", "小区管网堵塞反复投诉现场会", "现场查看，明确责任和完成时间。", 3 * DAY),
    ("joint", "沿街商铺油烟扰民联席会议", "通报近一个月投诉，议定整治办法。", 6 * DAY),
    ("consult", "老旧小区加装电梯纠纷会商", "听取各方意见，研究调解方案。", -DAY),
)
DECISIONS = (
    ("疏通并清掏主管网，公示完成情况", 3, "done"),
    ("逐户上门说明并留存签字", 2, "confirmed"),
    ("制定长效管护责任表", 1, "late"),
    ("对屡次违规商户立案查处", 8, "open"),
)
CAME = 2  # of the units called to a meeting
MINUTES = "各单位通报了情况，现场查看并核对了台账。会议认为问题成因清楚、责任明确，议定以下事项，由召集单位跟踪落实。"


def write(people: People, plan: Plan, *, at: datetime) -> None:
    """Once: a house that has orders keeps them."""
    if not Order.objects.exists():
        _Desk(people, random.Random(plan.seed + 11), at).write()


class _Desk:
    def __init__(self, people: People, rng: random.Random, at: datetime) -> None:
        self.people, self.rng, self.at = people, rng, at
        self.streets = sorted(code for code in people.units if code.isdigit() and len(code) == 9)
        self.departments = sorted(code for code in people.units if code.startswith("D-") and code.count("-") == 1)

    def write(self) -> None:
        self._announce()
        for number, (title, text, report, ago, until, share) in enumerate(ORDERS):
            self._order(number, title, text, needs_report=report, ago=ago, until=until, share=share)
        for number, (kind, title, agenda, since) in enumerate(MEETINGS):
            self._meeting(number, kind, title, agenda, since)
        with acting(Actor.system("demo")) as by:
            say_late(by=by, at=self.at, limit=50)
            say_overdue(by=by, at=self.at, limit=50)
        _tell_of_cases(self.at)

    def _announce(self) -> None:
        district = self._leader(names.DISTRICT[0])
        for title, text, pinned, days in (
            ("寒潮蓝色预警", "今夜起气温骤降，请各网格走访独居老人和困难家庭，排查用火用电隐患。", True, 2),
            ("平台升级通知", "本周六 23 时至次日 1 时升级，期间可照常登记，推送可能延迟。", False, 5),
        ):
            with acting(district):
                publish(
                    title=title,
                    text=text,
                    codes=[],
                    roles=[],
                    from_at=None,
                    to_at=self.at + days * DAY,
                    is_pinned=pinned,
                    by=district,
                    at=self.at - 2 * HOUR,
                )

    def _order(
        self, number: int, title: str, text: str, *, needs_report: bool, ago: int, until: int, share: float
    ) -> None:
        giver = self._leader(names.DISTRICT[0] if number % 3 else self.streets[number % len(self.streets)])
        given_at = self.at - ago * HOUR
        units = self._below(giver, number)
        given = OrderGiven(
            title=title,
            text=text,
            units=[self.people.units[code].pk for code in units],
            due_at=given_at + until * HOUR,
            needs_report=needs_report,
        )
        with acting(giver):
            order = actions.give_order(given=given, by=giver, at=given_at)
        for code in units[: round(len(units) * share)]:
            by, then = self._leader(code), given_at + self.rng.uniform(0.1, min(ago, 3)) * HOUR
            with acting(by):
                actions.receive_order(order_id=order.pk, by=by, at=then)
                if needs_report and self.rng.random() < 0.7:
                    words = self.rng.choice(("已安排到岗。", "已完成，台账附后。", "已通知到人，现场正常。"))
                    actions.report_back(order_id=order.pk, text=words, by=by, at=then + 0.2 * HOUR)

    def _below(self, giver: Actor, number: int) -> Sequence[str]:
        if giver.division == names.DISTRICT[0]:
            departments = self.departments[number : number + 3]
            return [*self.streets[:6], *departments]
        return sorted(code for code in self.people.units if code.startswith(giver.division) and len(code) == 12)[:6]

    def _meeting(self, number: int, kind: str, title: str, agenda: str, ago: timedelta) -> None:
        street = self.streets[number % len(self.streets)]
        by = self._leader(street)
        begins_at = clock.day_start(clock.day_of(self.at - ago)) + 10 * HOUR
        open_ones = Case.objects.filter(
            current_grid__startswith=street, state=State.HANDLING, reported_at__lt=min(begins_at, self.at) - DAY
        )
        case = open_ones.order_by("-reported_at", "-id").first()
        units = [code for code in (f"D-CG-{street[-2:]}", f"D-GA-{street[-2:]}", "D-FC") if code in self.people.units]
        called = MeetingCalled(
            kind=kind,
            title=title,
            agenda=agenda,
            begins_at=begins_at,
            place=case.address if case and case.address else "街道综合指挥分中心会议室",
            units=[self.people.units[code].pk for code in units],
            case_id=case.pk if case else None,
        )
        with acting(by):
            meeting = actions.call_meeting(called=called, by=by, at=min(begins_at - DAY, self.at - HOUR))
            if begins_at > self.at:
                return
            held_at = begins_at + 2 * HOUR
            there = units[:CAME]  # who did not come is not charged
            decisions = [
                Decision(
                    text=text,
                    unit_id=self.people.units[there[place % len(there)]].pk,
                    due_at=held_at + days * DAY,
                )
                for place, (text, days, _) in enumerate(DECISIONS)
            ]
            came = [
                Came(
                    unit_id=self.people.units[code].pk,
                    came=code in there,
                    who=self._desk(code).name if code in there else "",
                )
                for code in units
            ]
            actions.hold_meeting(
                meeting_id=meeting.pk, minutes=MINUTES, came=came, decisions=decisions, version=1, by=by, at=held_at
            )
        for task in Task.objects.filter(meeting=meeting).select_related("unit"):
            self._work(task, DECISIONS[task.place - 1][2], by, held_at)

    def _work(self, task: Task, how: str, by: Actor, held_at: datetime) -> None:
        if how not in ("done", "confirmed"):
            return
        unit = self._leader(task.unit.code)
        with acting(unit):
            actions.finish_task(task_id=task.pk, text="已按要求完成，现场照片附后。", by=unit, at=held_at + DAY)
        if how == "confirmed":
            with acting(by):
                actions.confirm_task(task_id=task.pk, by=by, at=held_at + 1.5 * DAY)

    def _desk(self, code: str) -> Desk:
        return self.people.desks[code][-1]

    def _leader(self, code: str) -> Actor:
        """Whoever sits there, as an actor."""
        post = Post.objects.select_related("unit", "role", "user").get(pk=self._desk(code).post_id)
        return actor_of_post(post)


def _tell_of_cases(at: datetime) -> None:
    """Cases on paper have no entries in the journal: their newest steps are told by the same rules as entries."""
    steps = list(Step.objects.filter(at__gt=at - TOLD_SINCE).order_by("-at", "-id")[:MOST_TOLD])
    blown = Whistle.objects.filter(case__in={step.case_id for step in steps})
    whistles = {row.number: str(row.pk) for row in blown}
    entries = [_entry(step, place - len(steps), whistles) for place, step in enumerate(reversed(steps))]
    noticing.handle(Batch(entries=entries, position=0, as_of=at))


def _entry(step: Step, number: int, whistles: dict[str, str]) -> Read:
    data = {name: value for name, value in step.data.items() if name in ("step", "stage", "score", "unit_path")}
    if step.data.get("whistle") in whistles:
        data["whistle"] = whistles[step.data["whistle"]]
    return Read(
        id=number,
        at=step.at,
        kind=f"case.{step.kind}",
        subject_type="case",
        subject_id=str(step.case_id),
        code="",
        unit_paths=[],
        actor_kind=step.by_kind,
        actor_user=step.by_user,
        actor_post=step.by_post,
        actor_name=step.by_name,
        permission="",
        changed=[],
        data=data,
    )
