"""Whistles on paper: called by the grid, confirmed or refused by its centre, mustered, rated by the caller.

A whistle takes its own course beside the case's (`Story.later`): units arrive while the case is being handled.
"""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from math import cos, radians

from wangge.accounts.models import Unit
from wangge.cases.actions.whistle import ENDED
from wangge.cases.rules.evidence import distance_m
from wangge.cases.rules.moves import Move
from wangge.core.clock import day_of
from wangge.demo import wording
from wangge.demo.people import DEPARTMENTS, Desk, People
from wangge.demo.records import Charge, Mustered, Whistled
from wangge.demo.story import Story
from wangge.demo.when import minutes

COMES = 0.9
# Who is called beside the department of the matter itself.
PARTNERS = {
    "cg": ("ga", "sc"),
    "ga": ("cg", "sf"),
    "sc": ("cg", "ga", "wj"),
    "fc": ("js", "xf", "sf"),
    "js": ("cg", "yj"),
    "hb": ("cg", "sc"),
    "rs": ("js", "ga", "sf"),
    "sw": ("js", "cg"),
    "yj": ("xf", "ga"),
    "xf": ("yj", "ga", "fc"),
    "mz": ("wj", "ga"),
    "wj": ("sc", "mz"),
    "sf": ("ga", "mz"),
    "jt": ("ga", "cg"),
}
METRES_OF_A_DEGREE = 111_195  # of latitude, on the sphere that distance_m uses


class Course:
    """One whistle from the call to its end; `goes_on` False leaves it waiting for its centre."""

    def __init__(self, story: Story, people: People, rng: random.Random, department: str, *, goes_on: bool) -> None:
        self.story, self.people, self.rng = story, people, rng
        self.department, self.goes_on = department, goes_on
        self.caller = self._caller()

    def blow(self, at: datetime) -> None:
        story = self.story
        if not story.may(Move.WHISTLE) or story.whistle_serial is None:
            return
        centre = self.people.units[story.grid[:9]]  # over the community, whose own people call
        reason = self.rng.choice(wording.WHISTLES)
        story.turn(Move.WHISTLE, at)
        self.whistle = Whistled(number=_number(story, at), by=self.caller, centre=centre, reason=reason, called_at=at)
        story.whistles.append(self.whistle)
        story.say(Move.WHISTLE, at, self.caller, reason, {"whistle": self.whistle.number, "centre": centre.name})
        if self.goes_on:
            then = self._refuse if story.whistle_refused else self._confirm
            story.later(at + minutes(self.rng, 5, 0.5), then)

    def _refuse(self, at: datetime) -> None:
        if not self.story.may(Move.REFUSE_WHISTLE):
            return
        reason = self.rng.choice(wording.WHISTLE_REFUSALS)
        self.story.turn(Move.REFUSE_WHISTLE, at)
        self.whistle.refused_at, self.whistle.refusal = at, reason
        self.story.say(Move.REFUSE_WHISTLE, at, self._seat(), reason, {"whistle": self.whistle.number})

    def _confirm(self, at: datetime) -> None:
        story, rng = self.story, self.rng
        if not story.may(Move.CONFIRM_WHISTLE):
            return
        units = self._called()
        story.turn(Move.CONFIRM_WHISTLE, at)
        self.whistle.confirmed_at = at
        self.whistle.musters = [Mustered(unit=unit, called_at=at) for unit in units]
        charged = [charge.unit for charge in story.charges if charge.ended_at is None]
        story.charges += [Charge(unit=unit, role="assist", dispatched_at=at) for unit in units if unit not in charged]
        told = {"whistle": self.whistle.number, "units": [unit.name for unit in units]}
        story.say(Move.CONFIRM_WHISTLE, at, self._seat(), rng.choice(wording.CONFIRMED), told)
        there = at
        for muster in self.whistle.musters:
            if rng.random() < COMES:
                arrives = at + timedelta(minutes=5) + minutes(rng, 14, 0.6)
                there = max(there, arrives)
                story.later(arrives, lambda at, muster=muster: self._arrive(at, muster))  # type: ignore[misc]
        story.later(there + timedelta(minutes=20) + minutes(rng, 50, 0.6), self._end)

    def _arrive(self, at: datetime, muster: Mustered) -> None:
        story, rng = self.story, self.rng
        if not story.may(Move.ARRIVE) or not self.whistle.is_open:
            return
        who = rng.choice(self.people.desks[muster.unit.code])
        away_m, turned = rng.lognormvariate(3.4, 0.6), rng.uniform(-1, 1)
        step = away_m / METRES_OF_A_DEGREE
        muster.lat = round(story.spot.lat + step * turned, 6)
        muster.lon = round(story.spot.lon + step * (1 - abs(turned)) / cos(radians(story.spot.lat)), 6)
        muster.distance_m = round(distance_m(muster.lon, muster.lat, story.spot.lon, story.spot.lat), 1)
        muster.arrived_at, muster.arrived_by = at, f"{who.unit_name} {who.name}"
        story.turn(Move.ARRIVE, at)
        told = {"whistle": self.whistle.number, "unit": muster.unit.name, "distance_m": muster.distance_m}
        story.say(Move.ARRIVE, at, who, rng.choice(wording.ARRIVED), told)

    def _end(self, at: datetime) -> None:
        story, rng = self.story, self.rng
        if not story.may(Move.END_WHISTLE):
            return
        for muster in self.whistle.musters:
            if muster.arrived_at is not None:
                muster.score = rng.choices((5, 4, 3, 2), (52, 31, 12, 5))[0]
                muster.comment = rng.choice(wording.MUSTER_WORDS if muster.score > 3 else wording.MUSTER_BAD_WORDS)
            elif rng.random() < 0.6:
                muster.score, muster.comment = 1, "未到场。"
        story.turn(Move.END_WHISTLE, at)
        self.whistle.ended_at = at
        self._dismiss(at)
        scores = [{"unit": muster.unit.name, "score": muster.score} for muster in self.whistle.musters]
        text = rng.choice(wording.WHISTLE_ENDS)
        story.say(Move.END_WHISTLE, at, self.caller, text, {"whistle": self.whistle.number, "scores": scores})

    def _dismiss(self, at: datetime) -> None:
        """Those who were charged because of the whistle, and not before it."""
        called = [muster.unit for muster in self.whistle.musters]
        for charge in self.story.charges:
            is_own = charge.role == "assist" and charge.unit in called
            if is_own and charge.ended_at is None and charge.dispatched_at >= (self.whistle.confirmed_at or at):
                charge.ended_at, charge.ended_how = at, ENDED

    def _caller(self) -> Desk:
        story, people = self.story, self.people
        if story.by.unit_path == people.units[story.grid[:12]].path:
            return story.by
        own = people.workers.get(story.grid) or people.chiefs.get(story.grid)
        return own or self.rng.choice(people.desks[story.grid[:12]])

    def _called(self) -> Sequence[Unit]:
        """The department of the matter and one or two beside it, by their branches where they have some."""
        known = {one.key for one in DEPARTMENTS}
        partners = PARTNERS.get(self.department, ("cg", "ga"))
        beside = self.rng.sample(partners, self.rng.randrange(1, min(3, len(partners) + 1)))
        units = self.people.units
        found = []
        for key in (self.department, *beside):
            code = f"D-{key.upper()}"
            if key in known:
                found.append(units.get(f"{code}-{self.story.grid[7:9]}") or units[code])
        return found

    def _seat(self) -> Desk:
        return self.rng.choice(self.people.desks[self.whistle.centre.code])


def _number(story: Story, at: datetime) -> str:
    return f"CS{story.grid[:6]}{day_of(at):%Y%m%d}{story.whistle_serial:06d}"
