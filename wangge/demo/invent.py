"""The cases of a year, in the order they were reported, a batch at a time. The same seed invents the same cases."""

import random
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate

import numpy as np

from wangge.accounts.models import Unit
from wangge.cases.actions.intake import case_number
from wangge.cases.configuration import CategoryInfo, Configuration
from wangge.cases.rules.states import OPEN, Source, Urgency
from wangge.demo import names, wording
from wangge.demo.course import RESIDENT
from wangge.demo.filing import Filed
from wangge.demo.ground import GridGround, Ground, Spot
from wangge.demo.people import DEPARTMENTS, Desk, People
from wangge.demo.plan import Plan
from wangge.demo.plots import LATEST_FIRST, LEFT_IN, WHISTLE_CALLED, WHISTLE_MUSTERING, Scene, play
from wangge.demo.story import Story
from wangge.demo.topics import TOPICS, Topic, Variant
from wangge.demo.when import Calendar, arrivals

HOT_GRIDS, HOT_SHARE = 5, 0.16  # of each topic: places that come up again and again
OTHER_SOURCES = (
    (Source.TELEPHONE, 46),
    (Source.RESIDENT, 33),
    (Source.WALK_IN, 8),
    (Source.PARTNER, 6),
    (Source.SUPERIOR, 3),
    (Source.LEADER, 2),
    (Source.VIDEO, 2),
)
HEARD_BY_STREET = {Source.RESIDENT, Source.WALK_IN}
IN_PERSON = {Source.TELEPHONE, Source.RESIDENT, Source.WALK_IN}
SHOWN_OPEN = 90  # of the newest cases every third is left somewhere, so that each state is there to see
TRIES = 8  # for it to come where it is to be left
AT_WHISTLE = (WHISTLE_CALLED, WHISTLE_MUSTERING)
RECENT, AGAIN_WITHIN = 60, timedelta(hours=36)  # what a second caller may tell of again
TITLES_WITH_PLACE = 34  # characters; longer ones lose the place


def whistles_before(case: int, plan: Plan) -> int:
    """How many numbers of whistles are put aside for the cases before this one: twice what is likely."""
    return int(case * plan.whistled * 2)


@dataclass(slots=True, kw_only=True)
class Inventor:
    plan: Plan
    ground: Ground
    people: People
    config: Configuration
    filed: Filed
    serials: Sequence[int]
    whistle_serials: Sequence[int]
    now: datetime
    found: list[tuple[datetime, int]] = field(init=False)
    calendar: Calendar = field(init=False)
    grids: "Grids" = field(init=False)

    def prepare(self) -> None:
        """What all batches share: when cases come in, and which grids see many."""
        calendar = Calendar(self.config.calendar)
        numbers = np.random.default_rng(self.plan.seed + 2)
        plan = self.plan
        self.found = arrivals(TOPICS, plan.cases, plan.days, self.now, calendar, numbers, lately=plan.lately)
        self.calendar = calendar
        self.grids = Grids(self.ground.grids, random.Random(plan.seed + 3))

    def batch(self, first: int, count: int) -> list[Story]:
        """Cases `first` … of the year. Each batch is sown by itself, so it does not matter which process invents it."""
        rng = random.Random(self.plan.seed * 1_000_003 + first)
        scene = Scene(people=self.people, calendar=self.calendar, rng=rng, stuck_lately=self.plan.stuck)
        span = slice(first, first + count)
        pool = list[tuple[Story, Told]]()
        blown = whistles_before(first, self.plan)
        whistles = enumerate(self.whistle_serials[blown : whistles_before(span.stop, self.plan)], blown)
        for place, (serial, (at, index)) in enumerate(zip(self.serials[span], self.found[span], strict=True), first):
            told = Told(TOPICS[index], self.grids, rng)
            source = _source(told.topic, rng)
            earlier = self._earlier(pool, source, at, rng)
            if earlier is not None:
                told = earlier[1]
            left = self.plan.cases - place
            stuck_at = LATEST_FIRST[left // 9] if left % 3 == 0 and left < SHOWN_OPEN else None
            rank, whistle = 0, None
            if not told.topic.complaint and (stuck_at in AT_WHISTLE or rng.random() < self.plan.whistled):
                # By its place among those of the year, whatever numbers the database gave.
                rank, whistle = next(whistles, (0, None))
            for _ in range(1 if stuck_at is None else TRIES):
                story = self._story(told, source, at, serial, rng)
                story.repeats = earlier[0] if earlier and stuck_at is None else None
                story.whistle_serial = whistle
                story.whistle_refused = whistle is not None and (rank + 5) % self.plan.refused_every == 0
                play(story, told.topic, scene, stuck_at=stuck_at)
                if stuck_at is not None and story.state is LEFT_IN[stuck_at]:
                    break  # or it went another way: told once more
            pool.append((story, told))
        return [story for story, _ in pool]

    def _earlier(
        self, pool: Sequence[tuple[Story, "Told"]], source: Source, at: datetime, rng: random.Random
    ) -> "tuple[Story, Told] | None":
        """One that the next caller reports again."""
        if source not in IN_PERSON or rng.random() >= self.plan.repeated:
            return None
        fresh = [
            (story, told)
            for story, told in pool[-RECENT:]
            if at - story.reported_at < AGAIN_WITHIN and story.state_at(at) in OPEN and not told.topic.complaint
        ]
        return rng.choice(fresh) if fresh else None

    def _story(self, told: "Told", source: Source, at: datetime, serial: int, rng: random.Random) -> Story:
        topic, variant, where, spot = told.topic, told.variant, told.where, told.spot
        holder = self._holder(source, told.grid)
        category = self.filed[variant.category]
        voice = {Source.GRID: "grid", Source.RESIDENT: "resident"}.get(source, "call")
        return Story(
            id=_id(at, rng),
            number=case_number(told.grid.code, at, serial),
            source=source,
            title=_title(variant, spot.place, where, rng),
            description=wording.describe(topic, variant, voice, rng, place=spot.place, spot=where),
            spot=spot,
            address=spot.address + where if "幢" in where else spot.address,
            grid=told.grid.code,
            category=category,
            condition_id=rng.choice(list(category.conditions)) if category.conditions else None,
            urgency=_urgency(topic, category, rng),
            reported_at=at,
            by=self._by(source, told.grid, holder, rng),
            holder=holder,
            config=self.config,
            now=self.now,
            complained=self._complained(category, rng),
            done=variant.done,
            reporter=_reporter(source, rng),
        )

    def _holder(self, source: Source, grid: GridGround) -> Unit:
        length = 12 if source is Source.GRID else 9 if source in HEARD_BY_STREET else 6
        return self.people.units[grid.code[:length]]

    def _by(self, source: Source, grid: GridGround, holder: Unit, rng: random.Random) -> Desk:
        if source is Source.RESIDENT:
            return RESIDENT
        if source is Source.GRID:
            own = self.people.workers.get(grid.code) or self.people.chiefs.get(grid.code)
            return own or rng.choice(self.people.desks[holder.code])
        return rng.choice(self.people.desks[holder.code])

    def _complained(self, category: CategoryInfo, rng: random.Random) -> Unit | None:
        if not category.is_complaint:
            return None
        return self.people.units[f"D-{rng.choice(DEPARTMENTS[:4]).key.upper()}"]


class Told:
    """What happens where; a repeated report tells of the same."""

    def __init__(self, topic: Topic, grids: "Grids", rng: random.Random) -> None:
        self.topic = topic
        variant = rng.choice(topic.variants)
        self.where = rng.choice(variant.spots or topic.spots)
        at_home = topic.where == "home" or "幢" in self.where
        self.grid = grids.of(topic, rng, at_home=at_home)
        self.spot = _spot(topic, self.grid, rng, at_home=at_home)
        self.variant = wording.counted(variant, 2 + round(self.spot.lon * 1e5) % 7)


class Grids:
    """Which grid the next case lies in: some see far more than others, and each topic has its hot places."""

    def __init__(self, grids: Sequence[GridGround], rng: random.Random) -> None:
        self._grids = grids
        weights = [rng.lognormvariate(0, 0.7) * (0.6 if grid.type == "dedicated" else 1.0) for grid in grids]
        self._sums = list(accumulate(weights))
        self._hot = {topic.key: rng.sample(range(len(grids)), min(HOT_GRIDS, len(grids))) for topic in TOPICS}

    def of(self, topic: Topic, rng: random.Random, *, at_home: bool) -> GridGround:
        while True:
            found = self._any(topic, rng)
            if found.type == "general" or not at_home:
                return found

    def _any(self, topic: Topic, rng: random.Random) -> GridGround:
        if rng.random() < HOT_SHARE:
            return self._grids[rng.choice(self._hot[topic.key])]
        return rng.choices(self._grids, cum_weights=self._sums)[0]


def _spot(topic: Topic, grid: GridGround, rng: random.Random, *, at_home: bool) -> Spot:
    """Some places come up far more often than others."""
    fitting = [spot for spot in grid.spots if spot.is_home == at_home or (topic.where == "any" and not at_home)]
    fitting = fitting or list(grid.spots)
    return rng.choice(fitting[:3] if rng.random() < 0.4 else fitting)


def _source(topic: Topic, rng: random.Random) -> Source:
    if rng.random() < topic.from_grid:
        return Source.GRID
    return rng.choices([source for source, _ in OTHER_SOURCES], [weight for _, weight in OTHER_SOURCES])[0]


def _title(variant: Variant, place: str, where: str, rng: random.Random) -> str:
    template = rng.choice(variant.titles)
    if "{p}" not in template and rng.random() < 0.55:
        template = "{p}" + template
    title = wording.fill(template, rng, place=place, spot=where)
    return title if len(title) <= TITLES_WITH_PLACE else wording.fill(rng.choice(variant.titles), rng, spot=where)


def _urgency(topic: Topic, category: CategoryInfo, rng: random.Random) -> Urgency:
    if category.urgency != Urgency.NORMAL:
        return Urgency(category.urgency)
    if rng.random() < topic.urgent:
        return Urgency.EMERGENCY if rng.random() < 0.15 else Urgency.URGENT
    return Urgency.NORMAL


def _reporter(source: Source, rng: random.Random) -> tuple[str, str] | None:
    if source not in IN_PERSON:
        return None
    if source is Source.RESIDENT and rng.random() < 0.2:
        return ("", "")
    name = names.person(rng)
    shown = name[0] + rng.choice(("先生", "女士")) if rng.random() < 0.55 else name
    return (shown, names.phone(rng.randrange(10_000)))


def _id(at: datetime, rng: random.Random) -> uuid.UUID:
    """A UUIDv7 of that moment, so that ids sort as the cases came in."""
    value = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | rng.getrandbits(12) << 64 | 0b10 << 62 | rng.getrandbits(62)
    return uuid.UUID(int=value)
