"""Who is on duty in the weeks around today."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from wangge.accounts.models import Unit
from wangge.command.actions.duty import set_mobile
from wangge.command.models import DutyPerson, DutyShift, DutySwap
from wangge.command.rules.duty import CENTRE, monday_of, span
from wangge.core import clock
from wangge.core.ids import new_id
from wangge.demo import names
from wangge.demo.people import Desk, People
from wangge.demo.plan import Plan

WEEKS_OF_CENTRES, WEEKS_OF_COMMUNITIES = (-1, 0, 1), (0,)
LEADERS = ("党工委副书记", "办事处副主任", "人大工委主任", "政法委员")
SWAP_REASONS = ("参加区里会议", "身体不适，请假半天", "外出处置突发事件")


def write(people: People, plan: Plan, *, at: datetime) -> None:
    """Once: a house that has a roster keeps it."""
    if not DutyShift.objects.exists():
        _Rosters(people, random.Random(plan.seed + 7), at).write()


class _Rosters:
    def __init__(self, people: People, rng: random.Random, at: datetime) -> None:
        self.people, self.rng, self.at = people, rng, at
        self.shifts: list[DutyShift] = []
        self.persons: list[DutyPerson] = []
        self.swaps: list[DutySwap] = []

    def write(self) -> None:
        monday = monday_of(clock.day_of(self.at))
        for unit in self.people.units.values():
            if unit.kind != CENTRE:
                continue
            is_community = len(unit.division) == 12
            leaders = [names.person(self.rng) for _ in range(4)]
            for week in WEEKS_OF_COMMUNITIES if is_community else WEEKS_OF_CENTRES:
                for day in (monday + timedelta(days=7 * week + step) for step in range(7)):
                    self._day(unit, day, leaders, is_community=is_community)
        DutyShift.objects.bulk_create(self.shifts, batch_size=2000)
        DutyPerson.objects.bulk_create(self.persons, batch_size=2000)
        DutySwap.objects.bulk_create(self.swaps)

    def _day(self, unit: Unit, day: date, leaders: list[str], *, is_community: bool) -> None:
        leader = leaders[day.toordinal() % len(leaders)]
        title = "社区书记" if is_community else LEADERS[day.toordinal() % len(LEADERS)]
        for kind in ("whole",) if is_community else ("day", "night"):
            shift = self._shift(unit, day, kind)
            self._person(shift, "leader", leader, title, mobile=names.phone(day.toordinal() + len(self.shifts)))
            for role, desk in self._seats(unit, kind):
                self._person(shift, role, desk.name, "", user_id=desk.user_id)
            if shift.ends_at <= self.at and self.rng.random() < 0.08:
                self._swap(shift)

    def _shift(self, unit: Unit, day: date, kind: str) -> DutyShift:
        begins_at, ends_at = span(day, kind)
        shift = DutyShift(
            id=new_id(),
            unit=unit,
            unit_path=unit.path,
            code=unit.division,
            day=day,
            kind=kind,
            begins_at=begins_at,
            ends_at=ends_at,
        )
        self.shifts.append(shift)
        return shift

    def _seats(self, unit: Unit, kind: str) -> Iterator[tuple[str, Desk]]:
        """Seats and commanders of the unit in turn; at night fewer."""
        desks = self.people.desks.get(unit.code, [])
        count = min(len(desks), 1 if kind == "night" or len(desks) < 4 else 3)
        start = len(self.shifts) % max(len(desks), 1)
        for place in range(count):
            desk = desks[(start + place) % len(desks)]
            yield ("chief" if place == 0 and len(desks) > 3 else "seat"), desk

    def _person(
        self, shift: DutyShift, role: str, name: str, title: str, *, mobile: str = "", user_id: int | None = None
    ) -> None:
        place = sum(1 for person in self.persons[-4:] if person.duty_id == shift.pk)
        person = DutyPerson(id=new_id(), duty=shift, role=role, place=place, name=name, title=title, user_id=user_id)
        person.phone = shift.unit.phone
        set_mobile(person, mobile)
        self.persons.append(person)

    def _swap(self, shift: DutyShift) -> None:
        out = self.persons[-1]
        reason, at = self.rng.choice(SWAP_REASONS), shift.begins_at - timedelta(hours=3)
        out_name = names.person(self.rng)
        self.swaps.append(
            DutySwap(
                duty=shift, role=out.role, out_name=out_name, in_name=out.name, reason=reason, by_name=out.name, at=at
            )
        )
