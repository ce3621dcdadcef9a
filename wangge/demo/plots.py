"""Which way a case goes, and how long each step takes: settled by the grid, dispatched, sent back, reworked.

Shares are those districts report: about 70 % settled inside the community, 3–5 % returned, 4 % reworked, 12 % late.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from wangge.accounts.models import Unit
from wangge.cases.actions.review import REOPEN_WITHIN
from wangge.cases.rules.limits import LimitKind, TimeLimit
from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import Outcome, Source, Stage, State, Urgency
from wangge.demo import joins, wording
from wangge.demo.course import RESIDENT, NotYet
from wangge.demo.people import DEPARTMENTS, Desk, People
from wangge.demo.story import Story
from wangge.demo.topics import Topic
from wangge.demo.when import Calendar, daytime, hours, minutes
from wangge.demo.whistles import Course

RETURNED, RECALLED, REWORKED, LATE = 0.07, 0.012, 0.06, 0.08
SLOW = {"js": 1.5, "fc": 1.7, "cg": 0.9, "ga": 0.6, "rs": 1.3, "hb": 1.2}  # departments are not equally prompt
STUCK = 0.0008  # cases that somebody simply leaves lying
LATELY = timedelta(days=9)
ONE_DAY_S = 86_400
# Where a case may be left lying, by the state it is in there; at the last two with a whistle open.
LEFT_IN = (
    *(State.REPORTED, State.ACCEPTED, State.DISPATCHED, State.HANDLING, State.HANDLING),
    *(State.HANDLED, State.REVIEWED, State.SUSPENDED, State.ACCEPTED, State.ACCEPTED),
)
PLACES = len(LEFT_IN)
WHISTLE_CALLED, WHISTLE_MUSTERING = 8, 9
LATEST_FIRST = (0, 1, WHISTLE_CALLED, WHISTLE_MUSTERING, 2, 3, 7, 5, 6, 4)  # the longer it takes, the older the case
CORRECTED, ADDED, SEPARATED = 0.06, 0.08, 0.1
ARCHIVER = Desk(
    user_id=0, post_id=0, name="retention", unit_id=0, unit_name="", unit_path="", username="", role="system"
)


@dataclass(slots=True, kw_only=True)
class Scene:
    """Everything a plot needs beside the case: who sits where, the calendar, and chance."""

    people: People
    calendar: Calendar
    rng: random.Random
    stuck_lately: float


def play(story: Story, topic: Topic, scene: Scene, *, stuck_at: int | None = None) -> None:
    """The case from its report to its end, to now, or to the place where it is left lying."""
    try:
        _Plot(story, topic, scene, stuck_at).run()
    except NotYet:
        pass
    story.end()


class _Plot:
    def __init__(self, story: Story, topic: Topic, scene: Scene, stuck_at: int | None) -> None:
        self.story, self.topic, self.scene, self.rng = story, topic, scene, scene.rng
        lately = story.reported_at > story.now - LATELY
        self.is_recent = lately
        by_chance = self.rng.randrange(PLACES) if self.rng.random() < (scene.stuck_lately if lately else STUCK) else 99
        self.stuck_at = by_chance if stuck_at is None else stuck_at

    # -- ways ----------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        self._plan_whistle()
        if self.story.source is Source.GRID:
            self._from_grid()
        else:
            self._from_centre()

    def _from_grid(self) -> None:
        rng, story = self.rng, self.story
        settles = story.category.settle_on_spot and not story.category.procedure
        local = self.topic.local if settles else 0.0
        chance = rng.random()
        if chance < local * 0.9 and self.stuck_at > PLACES and story.whistle_serial is None:
            self._settle(story.reported_at + minutes(rng, 1.3, 0.6), story.by)  # done first, then both sent
            return
        at = story.reported_at + self._answer_time()
        community = self._desk(story.holder)
        self._halt(0)
        if chance < local:
            story.accept(at, community, rng.choice(wording.ACCEPTED))
            self._halt(1)
            at += self._within(Stage.DISPATCH)
            story.dispatch(at, community, story.holder)
            self._halt(2)
            self._handle(at, story.holder, (), community)
            return
        story.accept(at, community, rng.choice(wording.ACCEPTED))
        self._halt(1)
        at += self._within(Stage.DISPATCH)
        above = self._unit(story.grid[:9])
        story.hand_up(at, community, above, rng.choice(wording.HAND_UPS))
        self._from_centre()

    def _from_centre(self) -> None:
        """The centre that holds it now takes it in and has it handled."""
        rng, story = self.rng, self.story
        desk = self._desk(story.holder)
        start = story.lines[-1].at
        at = start + self._answer_time(at_once=story.source is Source.TELEPHONE and story.by is not RESIDENT)
        self._halt(0)
        chance = rng.random()
        if chance < 0.02 and len(story.lines) == 1:
            story.refuse(at, desk, rng.choice(wording.REFUSALS))
            story.archive(at + REOPEN_WITHIN + timedelta(seconds=rng.uniform(1, 60)), ARCHIVER)
            return
        if story.repeats is not None and joins.can_join(story, story.repeats, at):
            joins.join(story, at, desk, story.repeats, wording.JOINED.format(number=story.repeats.number))
            at += minutes(rng, 2, 0.4)
            if rng.random() >= SEPARATED or not joins.may_separate(story, at):
                return
            joins.separate(story, at, desk, story.repeats, rng.choice(wording.SEPARATED))
            at += minutes(rng, 1, 0.3)
        if chance < 0.22 and story.reporter is not None:
            story.contact(at, desk, rng.choice(wording.CONTACTS))
            at += minutes(rng, 2)
        if story.source is not Source.GRID and rng.random() < CORRECTED:
            story.correct(at, desk, self._mistaken(), rng.choice(wording.CORRECTED))
            at += timedelta(seconds=rng.uniform(10, 60))
        story.accept(at, desk, rng.choice(wording.ACCEPTED))
        if story.reporter is not None and rng.random() < ADDED:
            story.later(at + hours(rng, 5), self._add)
        self._halt(1)
        if story.source is not Source.GRID and rng.random() < 0.05 and not self.topic.complaint:
            story.answer(at + self._within(Stage.DISPATCH), desk, Outcome.EXPLAINED, rng.choice(wording.ANSWERS))
            self._afterwards(desk)
            return
        at += self._within(Stage.DISPATCH)
        if len(story.holder.division) == 9 and rng.random() < 0.06:
            above = self._unit(story.grid[:6])
            story.hand_up(at, desk, above, rng.choice(wording.TO_DISTRICT))
            desk = self._desk(above)
            at += self._answer_time()
            story.accept(at, desk)
            at += self._within(Stage.DISPATCH)
        self._send(at, desk)

    def _send(self, at: datetime, desk: Desk) -> None:
        rng, story = self.rng, self.story
        lead = self._responsible()
        if rng.random() < RETURNED:
            wrong = self._unit(f"D-{rng.choice(DEPARTMENTS).key.upper()}")
            if wrong != lead and not self._is_complained(wrong):
                story.dispatch(at, desk, wrong, rng.choice(wording.DISPATCHED))
                at = self._attended(at + self._within(Stage.SIGN))
                story.give_back(at, self._desk(wrong), rng.choice(wording.RETURNS))
                at += self._within(Stage.DISPATCH)
        elif rng.random() < RECALLED:
            story.dispatch(at, desk, self._unit("D-CG"))
            at += minutes(rng, 8)
            story.recall(at, desk, rng.choice(wording.RECALLS))
            at += minutes(rng, 3)
        assist = [self._unit(story.grid[:12])] if len(lead.division) < 12 and rng.random() < 0.12 else []
        story.dispatch(at, desk, lead, rng.choice(wording.DISPATCHED), assist)
        self._halt(2)
        self._handle(at, lead, assist, desk)

    def _handle(self, at: datetime, lead: Unit, assist: Sequence[Unit], desk: Desk) -> None:
        rng, story = self.rng, self.story
        clerk = self._desk(lead)
        at = self._attended(at + self._within(Stage.SIGN))
        story.sign(at, clerk, rng.choice(wording.SIGNED))
        self._halt(3)
        for unit in assist:
            at = self._attended(at + minutes(rng, 25))
            story.assist_done(at, self._desk(unit), unit, "已到现场配合，情况属实，已做好居民解释。")
        for step in story.category.procedure:
            at = self._attended(at + minutes(rng, 18))
            story.sign_step(at, clerk, step.number)
        for again in range(3):
            at = self._work(at, lead, clerk, desk)
            story.finish(at, clerk, self._done())
            self._halt(5)
            at = self.scene.calendar.office(at + hours(rng, 1.6, 0.7), rng)
            if again == 2 or rng.random() >= REWORKED:
                break
            story.rework(at, desk, wording.fill(rng.choice(wording.REWORKS), rng, spot=rng.choice(self.topic.spots)))
        self._conclude(at, desk)

    def _work(self, at: datetime, lead: Unit, clerk: Desk, desk: Desk) -> datetime:
        """When the unit is done: mostly within its limit, sometimes after asking, now and then late."""
        rng, story = self.rng, self.story
        end = self._handle_due()
        left = max(end - at, timedelta(minutes=40))
        if self.stuck_at != 7 and rng.random() < 0.04:
            asks_at = self.scene.calendar.office(at + left * rng.uniform(0.3, 0.7), rng)
            limit = TimeLimit(LimitKind.WORK_DAYS, Decimal(rng.choice((1, 2, 3))))
            story.ask(asks_at, clerk, limit, rng.choice(wording.EXTENSIONS))
            self._halt(4)
            decided = self.scene.calendar.office(asks_at + hours(rng, 1), rng)
            grant = rng.random() < 0.8
            story.decide(decided, desk, grant=grant, text="" if grant else rng.choice(wording.DENIALS))
            left = max(self._handle_due() - decided, timedelta(minutes=40))
            return daytime(decided + left * rng.uniform(0.3, 0.95), rng)
        if self.stuck_at == 7 or rng.random() < 0.012:
            at = self.scene.calendar.office(at + left * 0.2, rng)
            story.suspend(at, desk, rng.choice(wording.SUSPENSIONS))
            self._halt(7)
            at = self.scene.calendar.office(at + timedelta(days=rng.uniform(1, 12)), rng)
            story.resume(at, desk, rng.choice(wording.RESUMPTIONS))
            return daytime(at + left * rng.uniform(0.3, 0.7), rng)
        slow = SLOW.get(lead.code[2:4].lower(), 1.0)
        if self.stuck_at == 4 or rng.random() < LATE * slow:
            return self._late(max(at, end), clerk, desk)
        return self._outdoors(at + left * min(0.97, rng.betavariate(1.3, 3.2) * slow))

    def _late(self, end: datetime, clerk: Desk, desk: Desk) -> datetime:
        rng, story = self.rng, self.story
        done = daytime(end + hours(rng, 14, 1.0), rng)
        if self.stuck_at == 4:
            done = max(done, story.now) + timedelta(days=1)
        if rng.random() < 0.35:
            at = self.scene.calendar.office(end + hours(rng, 3), rng)
            if at < done:
                story.supervise(at, desk, rng.choice((2, 2, 3)), rng.choice(wording.SUPERVISED))
                at = self.scene.calendar.office(at + hours(rng, 2), rng)
                if at < done and any(warn.receipt_at is None for warn in story.warns):
                    story.receipt(at, clerk, rng.choice(wording.RECEIPTS))
        return done

    def _conclude(self, at: datetime, desk: Desk) -> None:
        rng, story = self.rng, self.story
        story.pass_review(at, desk, rng.choice(wording.PASSED))
        self._halt(6)
        at += minutes(rng, 12, 1.2)
        outcome = rng.choices((Outcome.SOLVED, Outcome.PARTLY, Outcome.EXPLAINED, Outcome.UNFOUNDED), (84, 6, 7, 3))[0]
        story.close(at, desk, outcome, rng.choice(wording.CLOSED))
        self._afterwards(desk)

    def _settle(self, at: datetime, by: Desk) -> None:
        story = self.story
        self._halt(0)
        outcome = self.rng.choices((Outcome.SOLVED, Outcome.EXPLAINED, Outcome.UNFOUNDED), (93, 5, 2))[0]
        story.settle(at, by, outcome, self._done())
        if story.reporter is None:
            story.archive(at + REOPEN_WITHIN + timedelta(seconds=self.rng.uniform(1, 60)), ARCHIVER)
        else:
            self._afterwards(self._desk(story.holder))

    def _afterwards(self, desk: Desk) -> None:
        """Rated, sometimes taken up again, and put away when the window is over."""
        rng, story = self.rng, self.story
        closed = story.closed_at
        if closed is None:
            return
        if story.reporter is not None and rng.random() < 0.42:
            by_phone = rng.random() < 0.6
            at = self.scene.calendar.office(closed + hours(rng, 12), rng) if by_phone else closed + hours(rng, 4)
            late = story.was_late or story.reworks > 0
            score = rng.choices((5, 4, 3, 2, 1), (30, 28, 20, 12, 10) if late else (62, 24, 8, 3, 3))[0]
            words = rng.choice(wording.GOOD_WORDS if score >= 4 else wording.BAD_WORDS)
            story.rate(at, desk if by_phone else RESIDENT, score, solved=score >= 3, text=words)
            if score <= 2 and rng.random() < 0.25 and story.reopenings == 0:
                at = self.scene.calendar.office(at + hours(rng, 3), rng)
                story.reopen(at, desk, rng.choice(wording.REOPENED))
                self._send(at + self._within(Stage.DISPATCH), desk)
                return
        story.archive(closed + REOPEN_WITHIN + timedelta(seconds=rng.uniform(1, 60)), ARCHIVER)

    def _plan_whistle(self) -> None:
        """Blown by the grid soon after the report, or when the handling has begun; fresh where it is still open."""
        rng, story = self.rng, self.story
        if story.whistle_serial is None:
            return
        at = story.reported_at + minutes(rng, 5, 0.5)
        if self.stuck_at == WHISTLE_CALLED and self.is_recent:
            at = max(at, story.now - timedelta(minutes=rng.uniform(3, 25)))
        elif self.stuck_at == WHISTLE_MUSTERING and self.is_recent:
            at = max(at, story.now - timedelta(minutes=rng.uniform(25, 45)))
        elif story.source is not Source.GRID or rng.random() < 0.5:
            at += hours(rng, 6)
        goes_on = self.stuck_at != WHISTLE_CALLED or not self.is_recent
        course = Course(story, self.scene.people, rng, self.topic.department, goes_on=goes_on)
        story.later(at, course.blow)

    def _add(self, at: datetime) -> None:
        """The reporter adds something on the follow page."""
        if self.story.may(Move.NOTE):
            words = wording.fill(self.rng.choice(wording.ADDED), self.rng, place=self.story.spot.place)
            self.story.note(at, RESIDENT, words)

    def _mistaken(self) -> dict[str, Any]:
        """What the case said before a seat put it right."""
        rng, story = self.rng, self.story
        kind = rng.choices(("address", "category_id", "urgency"), (45, 35, 20))[0]
        if kind == "address" and story.address != story.spot.place:
            return {"address": story.spot.place}
        if kind == "category_id":
            others = [one for one in story.config.categories.values() if one.is_leaf and one.is_active]
            beside = [one for one in others if one.parent_id == story.category.parent_id and one != story.category]
            if beside:
                return {"category_id": rng.choice(beside).id, "condition_id": None}
        return {"urgency": str(Urgency.URGENT if story.urgency is Urgency.NORMAL else Urgency.NORMAL)}

    # -- details -------------------------------------------------------------------------------------------------------

    def _halt(self, place: int) -> None:
        """Some cases are left lying at one of these places; with a whistle open, when they were accepted."""
        if self.stuck_at == place or (place == 1 and self.stuck_at in (WHISTLE_CALLED, WHISTLE_MUSTERING)):
            raise NotYet

    def _answer_time(self, *, at_once: bool = False) -> timedelta:
        if at_once:
            return timedelta(seconds=self.rng.uniform(0.5, 4))
        return self._within(Stage.RESPOND)

    def _within(self, stage: Stage) -> timedelta:
        """About a third of the stage's limit; one time in fifty longer than the limit."""
        limit = self.story.category.limit(stage, self.story.condition_id)
        return timedelta(seconds=limit.kind.seconds * float(limit.amount) * 0.28 * self.rng.lognormvariate(0, 0.62))

    def _attended(self, at: datetime) -> datetime:
        """Whoever counts in working hours is there in office hours; what is urgent finds somebody on duty."""
        limits = (self.story.category.limit(stage, self.story.condition_id) for stage in (Stage.SIGN, Stage.HANDLE))
        urgent = any(not limit.kind.works and limit.kind.seconds < ONE_DAY_S for limit in limits)
        return at if urgent else self.scene.calendar.office(at, self.rng)

    def _outdoors(self, at: datetime) -> datetime:
        limit = self.story.category.limit(Stage.HANDLE, self.story.condition_id)
        urgent = not limit.kind.works and limit.kind.seconds < ONE_DAY_S
        return at if urgent else daytime(at, self.rng)

    def _handle_due(self) -> datetime:
        found = [clock for clock in self.story.clocks if clock.stage is Stage.HANDLE and clock.runs]
        due_at = found[0].due_at if found else None
        return due_at or self.story.lines[-1].at + timedelta(days=2)

    def _responsible(self) -> Unit:
        """The community for what is its own, else the department's branch on the spot, else the department."""
        rng, story = self.rng, self.story
        if story.complained is not None:
            return self._unit(story.grid[:9])
        if rng.random() < self.topic.local * 0.7:
            return self._unit(story.grid[:12])
        code = f"D-{self.topic.department.upper()}"
        branch = f"{code}-{story.grid[7:9]}"
        return self._unit(branch if branch in self.scene.people.units and rng.random() < 0.85 else code)

    def _is_complained(self, unit: Unit) -> bool:
        return self.story.complained is not None and unit.path.startswith(self.story.complained.path)

    def _done(self) -> str:
        return wording.fill(self.story.done, self.rng, place=self.story.spot.place)

    def _unit(self, code: str) -> Unit:
        return self.scene.people.units[code]

    def _desk(self, unit: Unit) -> Desk:
        return self.rng.choice(self.scene.people.desks[unit.code])
