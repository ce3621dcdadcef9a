"""The cases of a year, in the order they were reported, a batch at a time. The same seed invents the same cases."""

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

import numpy as np

from wangge.accounts.models import Unit
from wangge.cases.actions.intake import case_number
from wangge.cases.configuration import CategoryInfo, Configuration
from wangge.cases.rules.states import Source, Urgency
from wangge.demo import names, topics
from wangge.demo.filing import Filed
from wangge.demo.ground import GridGround, Ground
from wangge.demo.people import DEPARTMENTS, Desk, People
from wangge.demo.plan import Plan
from wangge.demo.plots import Scene, play
from wangge.demo.story import RESIDENT, Story
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
TITLES_WITH_PLACE = 34  # characters; longer ones lose the place


@dataclass(slots=True, kw_only=True)
class Inventor:
    plan: Plan
    ground: Ground
    people: People
    config: Configuration
    filed: Filed
    serials: Sequence[int]
    now: datetime

    def stories(self) -> Iterator[Story]:
        rng = random.Random(self.plan.seed + 2)
        calendar = Calendar(self.config.calendar)
        numbers = np.random.default_rng(self.plan.seed + 2)
        found = arrivals(TOPICS, self.plan.cases, self.plan.days, self.now, calendar, numbers)
        choose_grid = _Grids(self.ground.grids, rng)
        scene = Scene(people=self.people, calendar=calendar, rng=rng, pool=[])
        for serial, (at, index) in zip(self.serials, found, strict=True):
            topic = TOPICS[index]
            story = self._story(topic, choose_grid.of(topic), at, serial, rng)
            play(story, topic, scene)
            scene.pool.append(story)
            del scene.pool[:-400]
            yield story

    def _story(self, topic: Topic, grid: GridGround, at: datetime, serial: int, rng: random.Random) -> Story:
        source = _source(topic, rng)
        spot = rng.choice(grid.spots[:4] if rng.random() < 0.4 else grid.spots)
        holder = self._holder(source, grid)
        variant = rng.choice(topic.variants)
        where = rng.choice(variant.spots or topic.spots)
        category = self.filed[variant.category]
        voice = {Source.GRID: "grid", Source.RESIDENT: "resident"}.get(source, "call")
        return Story(
            id=_id(at, rng),
            number=case_number(grid.code, at, serial),
            source=source,
            title=_title(variant, spot.place, where, rng),
            description=topics.describe(variant, voice, rng, place=spot.place, spot=where),
            spot=spot,
            grid=grid.code,
            category=category,
            condition_id=rng.choice(list(category.conditions)) if category.conditions else None,
            urgency=_urgency(topic, category, rng),
            reported_at=at,
            by=self._by(source, grid, holder, rng),
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


class _Grids:
    """Which grid the next case lies in: some see far more than others, and each topic has its hot places."""

    def __init__(self, grids: Sequence[GridGround], rng: random.Random) -> None:
        self._grids, self._rng = grids, rng
        weights = [rng.lognormvariate(0, 0.7) * (0.6 if grid.type == "dedicated" else 1.0) for grid in grids]
        self._sums = list(accumulate(weights))
        self._hot = {topic.key: rng.sample(range(len(grids)), min(HOT_GRIDS, len(grids))) for topic in TOPICS}

    def of(self, topic: Topic) -> GridGround:
        if self._rng.random() < HOT_SHARE:
            return self._grids[self._rng.choice(self._hot[topic.key])]
        return self._rng.choices(self._grids, cum_weights=self._sums)[0]


def _source(topic: Topic, rng: random.Random) -> Source:
    if rng.random() < topic.from_grid:
        return Source.GRID
    return rng.choices([source for source, _ in OTHER_SOURCES], [weight for _, weight in OTHER_SOURCES])[0]


def _title(variant: Variant, place: str, where: str, rng: random.Random) -> str:
    template = rng.choice(variant.titles)
    if "{p}" not in template and rng.random() < 0.55:
        template = "{p}" + template
    title = topics.fill(template, rng, place=place, spot=where)
    return title if len(title) <= TITLES_WITH_PLACE else topics.fill(rng.choice(variant.titles), rng, spot=where)


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
