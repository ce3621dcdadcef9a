"""The field of the demonstration: patrol plans and the list of visits everywhere, and beside the first workers a day's
life: rounds walked, visits made, errands open, late and done, by the product's own actions."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from wangge.accounts.models import Post
from wangge.accounts.queries import actor_of_post
from wangge.cases.models import Case
from wangge.cases.rules.states import State as CaseState
from wangge.core import clock, crypto
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.masking import mask_name, mask_phone
from wangge.demo import copying, names
from wangge.demo.ground import GridGround, Ground, Spot
from wangge.demo.people import Desk, People
from wangge.demo.plan import Plan
from wangge.demo.tracks import locate
from wangge.demo.walks import street_route
from wangge.field.actions.compaction import compact
from wangge.field.actions.errand_late import say_late_errands
from wangge.field.actions.errand_moves import MoveGiven, move_errand
from wangge.field.actions.errands import ErrandGiven, give_errand
from wangge.field.actions.given import RecordGiven
from wangge.field.actions.patrol_days import plans_of, roll_up
from wangge.field.actions.records import make_record
from wangge.field.actions.round_making import make_rounds
from wangge.field.actions.rounds import CheckGiven, SheetGiven, check_point, miss_rounds
from wangge.field.actions.visits import NAME, PHONE
from wangge.field.days import make_days
from wangge.field.models import Form, PatrolPlan, PatrolPoint, Round, Subject
from wangge.field.rules.errands import ErrandKind
from wangge.field.rules.errands import ErrandMove as Move

ALIVE = 12  # grids whose workers have a day behind them
LOCATED = 60  # workers with a track of yesterday, beside those
POINTS = 5
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
POINT_NAMES = ("东门岗亭", "电动车棚", "垃圾投放点", "消防通道", "沿街商铺", "配电房", "小广场", "地下车库出口")
SHOPS = ("便民超市", "早餐店", "理发店", "水果店", "小餐馆", "药店", "五金店", "快递驿站")
# kind, form, level, how many in each general grid
VISITED = (
    ("dwelling", "visit_rental", "b", 6),
    ("shop", "visit_shop", "c", 4),
    ("household", "visit_general", "b", 3),
    ("site", "inspect_fire", "d", 1),
)
POINT_ANSWERS = (
    {"state": "normal"},
    {"state": "minor", "problems": ["rubbish"], "text": "花坛边一袋垃圾，已带走。"},
    {"state": "normal"},
    {"state": "normal"},
    {"state": "report", "problems": ["facility"], "text": "路灯杆检修门未关。"},
)
VISIT_ANSWERS = {
    "visit_rental": (
        {"met": "met", "tenants": 3, "rooms": 2, "registered": "all"},
        {"met": "absent"},
        {"met": "family", "tenants": 5, "registered": "some", "hazards": ["electric"], "hazard_text": "拉线充电"},
    ),
    "visit_shop": (
        {"open": "open", "licence": "shown", "extinguishers": 2, "three_in_one": False, "gas": "none"},
        {"open": "open", "licence": "expired", "three_in_one": False, "gas": "bottle", "street": ["occupied"]},
    ),
    "visit_general": (
        {"met": "met", "topics": ["health", "safety"], "needs": "楼道灯不亮，已报修。", "followed_up": False},
        {"met": "phone", "topics": ["needs"], "needs": "希望协助办理证明。", "followed_up": True},
    ),
    "inspect_fire": (
        dict.fromkeys(("exits", "doors", "extinguishers", "hydrants", "lights", "electric", "charging"), "pass"),
        {"exits": "pass", "extinguishers": "fail", "electric": "pass", "charging": "fail",
         "fail_text": "两具灭火器压力不足，门厅有电动自行车充电，已当场要求移走。",
         "person": "陆建国", "person_phone": names.phone(7)},
    ),
}  # fmt: skip
# kind, title, words, minutes ago, moves made so far, due in hours
ERRANDS: tuple[tuple[ErrandKind, str, str, int, tuple[Move, ...], float | None], ...] = (
    (ErrandKind.RESPOND, "{place}有人反映积水，请立即到场", "先拉警戒，看是否需要排水车。", 2, (), None),
    (ErrandKind.COLLECT, "核对{place}出租房台账", "对照台账逐户核对，变化的当场更正。", 26 * 60, (Move.SIGN,), 22),
    (ErrandKind.OTHER, "张贴寒潮提示", "每个单元门口张贴一份，拍照反馈。", 50 * 60, (Move.SIGN, Move.SET_OUT), -2),
    (ErrandKind.OTHER, "劝导{place}楼道堆物", "", 72 * 60, (Move.SIGN, Move.SET_OUT, Move.ARRIVE, Move.FINISH), 30),
    (ErrandKind.RESPOND, "{place}电梯困人，协助维保", "", 100 * 60, (Move.SET_OUT, Move.ARRIVE, Move.FINISH), None),
    (ErrandKind.OTHER, "配合消防演练维持秩序", "", 30 * 60, (Move.RETURN,), 40),
)
MOVE_WORDS = {Move.FINISH: "已处理完毕，现场恢复正常。", Move.RETURN: "当天轮休，请另派人员。"}


def write(ground: Ground, people: People, plan: Plan, *, at: datetime) -> None:
    """Once: a house that has plans keeps them."""
    if not PatrolPlan.objects.exists():
        _Field(ground, people, random.Random(plan.seed + 23), at).write()


class _Field:
    def __init__(self, ground: Ground, people: People, rng: random.Random, at: datetime) -> None:
        self.people, self.rng, self.at, self.today = people, rng, at, clock.day_of(at)
        self.grids = [grid for grid in ground.grids if grid.type == "general"]
        self.alive = [grid for grid in self.grids if grid.code in people.workers][:ALIVE]

    def write(self) -> None:
        self._plan_patrols()
        self._list_visits()
        self._locate()
        self._walk()
        for place, grid in enumerate(self.alive):
            worker = actor_at(self.people.workers[grid.code])
            self._visit(grid, worker)
            self._send(grid, worker, place)
        with acting(Actor.system("demo")) as by:
            say_late_errands(by=by, at=self.at, limit=200)

    # -- patrols ----------------------------------------------------------------------------------------------------
    def _plan_patrols(self) -> None:
        form = Form.objects.get(code="patrol_point")
        plans, points = [], []
        for grid in self.grids:
            spots = self.rng.sample(grid.spots, min(POINTS, len(grid.spots)))
            plan = PatrolPlan(
                id=new_id(),
                code=grid.code,
                name="日常巡查",
                form=form,
                form_since=clock.day_start(self.today - 60 * DAY),
                valid_from=self.today - 60 * DAY,
                route=street_route([(spot.lon, spot.lat) for spot in spots]),
            )
            plans.append(plan)
            points += [self._point(plan, number, spot) for number, spot in enumerate(spots, start=1)]
        PatrolPlan.objects.bulk_create(plans, batch_size=2000)
        copying.write(points)

    def _point(self, plan: PatrolPlan, number: int, spot: Spot) -> PatrolPoint:
        return PatrolPoint(
            id=new_id(),
            plan=plan,
            number=number,
            name=f"{spot.place}{self.rng.choice(POINT_NAMES)}",
            lon=spot.lon,
            lat=spot.lat,
            radius_m=self.rng.choice((20, 30, 30, 50)),
            photo_needed=number == POINTS,
            token=f"demo-{plan.code}-{number}" if number == 2 else "",
        )

    def _walk(self) -> None:
        """Yesterday's rounds and today's: most kept, one skipped point, some begun, most of today's still to come."""
        for day in (self.today - DAY, self.today):
            with acting(Actor.system("demo")) as by:
                make_rounds(day=day, by=by, at=min(clock.day_start(day) + 6 * HOUR, self.at))
            for place, grid in enumerate(self.alive):
                self._walk_one(self.people.workers[grid.code], day, place)
        with acting(Actor.system("demo")) as by:
            miss_rounds(by=by, at=self.at, limit=10_000)
            for day in (self.today - DAY, self.today):
                roll_up(day=day, plans=plans_of(day), at=self.at)

    def _walk_one(self, desk: Desk, day: date, place: int) -> None:
        worker = actor_at(desk)
        with acting(worker):
            row = Round.objects.filter(post_id=desk.post_id, day=day).select_related("plan__form").first()
            if row is None:
                return
            points = list(row.plan.points.filter(photo_needed=False).order_by("number"))
            wanted = points if day < self.today else points[: (place % 3)]
            for number, point in enumerate(wanted):
                when = min(clock.day_start(day) + 8 * HOUR + (number * 11 + place) * MINUTE, self.at)
                sheet = _sheet(row.plan, number + place) if not (number == 3 and place % 4 == 1) else None
                check_point(round_id=row.pk, given=_check(point, when, sheet), by=worker, at=when + MINUTE)

    def _locate(self) -> None:
        make_days()
        step = max(1, len(self.grids) // LOCATED)
        codes = [grid.code for grid in (*self.alive, *self.grids[::step]) if grid.code in self.people.workers]
        wanted = dict.fromkeys(self.people.workers[code].post_id for code in codes)
        posts = Post.objects.select_related("unit", "role", "user").in_bulk(list(wanted))
        shown = {desk.post_id for desk in self.people.shown}
        locate([posts[post_id] for post_id in wanted], shown, at=self.at)
        with acting(Actor.system("demo")):
            compact(at=self.at, limit=2 * len(posts))

    # -- visits -----------------------------------------------------------------------------------------------------
    def _list_visits(self) -> None:
        forms = {form.code: form for form in Form.objects.all()}
        rows = [
            self._subject(grid, kind, forms[form], level, number)
            for grid in self.grids
            for kind, form, level, count in VISITED
            for number in range(count)
        ]
        copying.write(rows)

    def _subject(self, grid: GridGround, kind: str, form: Form, level: str, number: int) -> Subject:
        homes = [spot for spot in grid.spots if spot.is_home] or list(grid.spots)
        spot = self.rng.choice(homes if kind in ("dwelling", "household") else list(grid.spots))
        who, phone = names.person(self.rng), names.phone(self.rng.randrange(1_000_000))
        row = Subject(
            id=new_id(),
            kind=kind,
            title=self._title(kind, spot),
            address=spot.address,
            code=grid.code,
            lon=None if kind == "household" else spot.lon,
            lat=None if kind == "household" else spot.lat,
            contact_name_masked=mask_name(who),
            contact_phone_masked=mask_phone(phone),
            level=level,
            form=form,
            next_date=self.today + (self.rng.randrange(-2, 5) if number < 2 else self.rng.randrange(1, 60)) * DAY,
        )
        row.contact_name_sealed = crypto.seal(who, context=NAME, row=str(row.pk))
        row.contact_phone_sealed = crypto.seal(phone, context=PHONE, row=str(row.pk))
        return row

    def _title(self, kind: str, spot: Spot) -> str:
        if kind == "shop":
            return f"{spot.place}{self.rng.choice(SHOPS)}"
        if kind == "site":
            return f"{spot.place}物业服务中心"
        room = f"{self.rng.randrange(1, 25)}幢{self.rng.randrange(1, 7)}0{self.rng.randrange(1, 5)}室"
        return f"{spot.place}{room}"

    def _visit(self, grid: GridGround, worker: Actor) -> None:
        with acting(worker):
            for row in Subject.objects.filter(code=grid.code).select_related("form").order_by("-next_date")[:5]:
                day = clock.day_of(self.at) - self.rng.randint(1, 20) * DAY
                when = clock.day_start(day) + self.rng.uniform(8.6, 17.4) * HOUR
                answers = dict(self.rng.choice(VISIT_ANSWERS[row.form.code]))
                given = RecordGiven(
                    id=new_id(),
                    form=row.form.code,
                    version=row.form.version,
                    happened_at=when,
                    answers=answers,
                    subject_id=row.pk,
                    lon=row.lon,
                    lat=row.lat,
                    accuracy=None if row.lon is None else 9.0,
                )
                make_record(given=given, by=worker, at=when + 2 * MINUTE)

    # -- errands ----------------------------------------------------------------------------------------------------
    def _send(self, grid: GridGround, worker: Actor, place: int) -> None:
        giver = actor_at(self.people.desks[grid.code[:12]][-1])
        wanted = ERRANDS if place < 3 else [ERRANDS[place % len(ERRANDS)], ERRANDS[3]]
        for kind, title, words, ago, moves, due in wanted:
            given_at, spot = self.at - (ago + place) * MINUTE, self.rng.choice(grid.spots)
            errand = ErrandGiven(
                kind=kind,
                title=title.format(place=spot.place),
                text=words,
                posts=[worker.post_id or 0],
                grid=grid.code,
                address=spot.address,
                lon=spot.lon,
                lat=spot.lat,
                due_at=given_at + (due + ago / 60) * HOUR if due is not None else None,
            )
            self._give(errand, giver, worker, moves, spot, given_at)
        self._verify(grid, giver, worker)

    def _verify(self, grid: GridGround, giver: Actor, worker: Actor) -> None:
        given_at = self.at - 3 * MINUTE
        waiting = Case.objects.filter(current_grid=grid.code, state__in=(CaseState.REPORTED, CaseState.ACCEPTED))
        # Nobody asks before the case stood so, nor writes before what the house has said since.
        fresh = waiting.filter(changed_at__lt=given_at).exclude(steps__at__gt=given_at)
        case = fresh.order_by("-reported_at", "-id").first()
        if case is None:
            return
        given = ErrandGiven(
            kind=ErrandKind.VERIFY,
            title=f"核实：{case.title}"[:80],
            text="请到现场看情况是否属实，拍照反馈。",
            posts=[worker.post_id or 0],
            case_id=case.pk,
        )
        self._give(given, giver, worker, (), None, given_at)

    def _give(
        self,
        given: ErrandGiven,
        giver: Actor,
        worker: Actor,
        moves: Sequence[Move],
        spot: Spot | None,
        given_at: datetime,
    ) -> None:
        with acting(giver):
            errand = give_errand(given=given, by=giver, at=given_at)
        with acting(worker):
            for number, move in enumerate(moves, start=1):
                when = min(given_at + 2.5 * number * MINUTE, self.at)
                place = (spot.lon + 0.0002, spot.lat) if spot and move is Move.ARRIVE else (None, None)
                done = MoveGiven(
                    move=move, happened_at=when, text=MOVE_WORDS.get(move, ""), lon=place[0], lat=place[1], accuracy=8.0
                )
                move_errand(errand_id=errand.pk, given=done, by=worker, at=when)


def _sheet(plan: PatrolPlan, number: int) -> SheetGiven | None:
    if plan.form is None:
        return None
    answers = dict(POINT_ANSWERS[number % len(POINT_ANSWERS)])
    return SheetGiven(id=new_id(), form=plan.form.code, version=plan.form.version, answers=answers)


def _check(point: PatrolPoint, when: datetime, sheet: SheetGiven | None) -> CheckGiven:
    """Without a sheet it is skipped: the plans here ask for one."""
    skip = sheet is None
    return CheckGiven(
        id=new_id(),
        point_id=point.pk,
        how="skipped" if skip else "place",
        happened_at=when,
        lon=None if skip else point.lon + 0.00008,
        lat=None if skip else point.lat,
        accuracy=7.0,
        reason="道路施工，无法到达。" if skip else "",
        sheet=sheet,
    )


def actor_at(desk: Desk) -> Actor:
    """Whoever sits there, as they sign in."""
    post = Post.objects.select_related("unit", "role", "user").get(pk=desk.post_id)
    return actor_of_post(post)
