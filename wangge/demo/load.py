"""The demonstration district, written whole or not at all, into a database that holds nothing yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from tqdm import tqdm

from wangge.accounts.models import Unit, User
from wangge.cases import rollups
from wangge.cases.configuration import configuration
from wangge.cases.models import Case
from wangge.core import clock, crypto
from wangge.core.actor import Actor, acting
from wangge.core.revisions import bump
from wangge.demo import answers, batches, duty, evidence, filing, ground, names, orders, people, plan, registry, walls
from wangge.demo import field as fieldwork
from wangge.demo.invent import Inventor, whistles_before
from wangge.demo.people import Desk
from wangge.demo.plan import Plan
from wangge.either import either
from wangge.grids.models import Division

ACTOR = Actor.system("demo")


class NotEmpty(Exception):
    """There are divisions, units, people or cases already: real ones, or an earlier demonstration."""


@dataclass(slots=True)
class Loaded:
    cases: int
    workers: int
    grids: int
    accounts: list[Desk] = field(default_factory=list)
    password: str = plan.PASSWORD


def load(small: bool = False, seed: int = 20_260, *, show: bool = False) -> Loaded:
    """Raises NotEmpty, NoCategories, RuleBroken. One transaction: a demonstration cut short leaves nothing behind."""
    chosen = plan.small(seed) if small else plan.full(seed)
    crypto.ensure_keys()
    at = clock.now()
    if not is_empty():
        raise NotEmpty
    with acting(ACTOR):
        loaded = _load(chosen, at, show=show)
    if not connection.in_atomic_block:  # in one snapshot of its own: not within a test's transaction
        with _step("汇总 roll-ups", show):
            rollups.rebuild()
    return loaded


def is_empty() -> bool:
    with acting(ACTOR):
        return not (
            Case.objects.exists() or Division.objects.exists() or Unit.objects.exists() or User.objects.exists()
        )


def _load(chosen: Plan, at: datetime, *, show: bool) -> Loaded:
    with _step(either("网格与边界", "grids"), show):
        land = ground.make(chosen)
        ground.write(land)
    with _step(either("单位与队伍", "people"), show):
        crew = people.write(land, chosen, at=at)
    bump("grids")
    bump("units")
    config = configuration()
    filed = filing.file_topics(config)
    filing.write_rules(filed, crew.units)
    inventor = Inventor(
        plan=chosen,
        ground=land,
        people=crew,
        config=config,
        filed=filed,
        serials=batches.taken("case_serial", chosen.cases),
        whistle_serials=batches.taken("whistle_serial", whistles_before(chosen.cases, chosen)),
        now=at,
    )
    inventor.prepare()
    written = batches.write(inventor, by=ACTOR, at=at, show=show)
    with _step(either("值班与指挥", "command"), show):
        duty.write(crew, chosen, at=at)
        orders.write(crew, chosen, at=at)
    with _step(either("巡查、走访与任务", "field"), show):
        fieldwork.write(land, crew, chosen, at=at)
    with _step(either("人房机构", "registry"), show):
        registry.write(land, crew, chosen, by=ACTOR, at=at)
    with _step(either("标准答复", "answers"), show):
        answers.write(names.DISTRICT[0], by=ACTOR, at=at)
    with _step(either("图片", "pictures"), show):
        evidence.write(chosen.pictured, chosen.seed)
    walls.write(by=ACTOR, at=at)
    bump("cases")
    return Loaded(written, crew.workers_in_all, len(land.grids) + len(land.micros), crew.shown)


@contextmanager
def _step(title: str, show: bool) -> Iterator[None]:
    with tqdm(total=1, desc=title, bar_format="{desc} {elapsed}", disable=not show) as bar:
        yield
        bar.update()
