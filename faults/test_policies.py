"""Row-level security says the same as `visible_to`, on actors and rows nobody thought of; nobody set, nothing seen."""

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import Error, connection, models, transaction
from psycopg import errors

from wangge.cases.models import Assignment, Attachment, Case, Rating, Reporter
from wangge.cases.tests.made import reported
from wangge.core import clock, journal
from wangge.core.actor import PARTNER, PERSON, PUBLIC, Actor, acting, set_in_database
from wangge.core.ids import new_id
from wangge.testing import town
from wangge.testing.world import World

SEED, ACTORS, CASES = 20_261_120, 250, 60
CODES = [town.DISTRICT, town.STREET, town.COMMUNITY, town.OTHER_STREET, town.OTHER_DISTRICT, *town.GRIDS]
GUARDED: tuple[type[models.Model], ...] = (Reporter, Rating, Attachment)


@pytest.fixture
def rows(world: World) -> Iterator[World]:
    """Cases with reporters, ratings and evidence, some complaints, some charged to units, some evidence still loose."""
    draw, at = random.Random(SEED), clock.now()
    units = list(world.units.values())
    with acting(Actor.system("test")):
        made: dict[type[models.Model], list[Any]] = {Reporter: [], Rating: [], Attachment: []}
        for case in reported(world, CASES, at=at - timedelta(hours=1)):
            code, root = draw.choice(CODES), draw.choice(["", "", draw.choice(units).path])
            Case.objects.filter(pk=case.pk).update(current_grid=code, reported_grid=code, complained_root=root)
            shared = {"case": case, "code": code, "complained_root": root, "at": at}
            made[Reporter].append(Reporter(id=new_id(), name="某人", **shared))
            made[Rating].append(Rating(id=new_id(), score=3, **shared))
            for _ in range(2):
                made[Attachment].append(_piece(draw, world, **shared))
            for unit in draw.sample(units, draw.randint(0, 2)):
                Assignment.objects.create(
                    case=case, unit=unit, unit_path=unit.path, role="assist", reported_at=at, dispatched_at=at
                )
        made[Attachment] += [_piece(draw, world, at=at) for _ in range(20)]
        for model, some in made.items():
            model._default_manager.bulk_create(some)
    yield world


def _piece(draw: random.Random, world: World, **values: Any) -> Attachment:
    posts = [None, *(person.post.pk for person in world.people.values())]
    return Attachment(
        id=new_id(),
        kind="picture",
        name="a.jpg",
        mime="image/jpeg",
        size=1,
        sha256="0" * 64,
        served_sha256="0" * 64,
        from_reporter=draw.random() < 0.5,
        is_released=draw.random() < 0.3,
        by_post=draw.choice(posts),
        **values,
    )


def actors(world: World) -> Iterator[Actor]:
    """The town's people as they are, and people put together from parts of them that never meet in earnest."""
    draw = random.Random(SEED + 1)
    known = [person.actor for person in world.people.values()]
    yield from known
    for _ in range(ACTORS):
        one, other = draw.choice(known), draw.choice(known)
        yield replace(
            one,
            kind=draw.choice([PERSON, PERSON, PARTNER, PUBLIC]),
            post_id=draw.choice([one.post_id, other.post_id, None]),
            unit_path=draw.choice([one.unit_path, other.unit_path, "", one.unit_path[:-1] + "X/"]),
            permissions=draw.choice([one.permissions, other.permissions, frozenset(), frozenset({"reporter.read"})]),
            ranges=tuple(draw.sample(CODES, draw.randint(0, 3))),
        )
    yield Actor.system("test")
    yield Actor(kind="nobody")


def test_the_policies_say_what_visible_to_says(rows: World) -> None:
    seen = 0
    for actor in actors(rows):
        for model in GUARDED:
            with acting(Actor.system("test")):
                stated = set(model._default_manager.visible_to(actor).values_list("pk", flat=True))  # type: ignore[attr-defined]
            set_in_database(actor)
            allowed = set(model._default_manager.values_list("pk", flat=True))
            assert allowed == stated, (model.__name__, actor)
            seen += len(allowed)
    assert seen > 1000, "so little was seen that nothing was compared"


def test_nobody_set_nothing_seen_and_nothing_changed(rows: World) -> None:
    set_in_database(Actor(kind="nobody"))
    for model in GUARDED:
        assert not model._default_manager.exists()
        assert not model._default_manager.all().delete()[0]
    for model in GUARDED:
        with pytest.raises(Error), transaction.atomic():
            case = Case.objects.first()
            assert case is not None
            values: dict[str, Any] = {"score": 1} if model is Rating else {}
            if model is Attachment:
                values = {"kind": "picture", "name": "", "mime": "", "size": 0, "sha256": "", "served_sha256": ""}
            model(id=new_id(), case=case, code=town.GRID, at=clock.now(), **values).save(force_insert=True)


def test_only_the_house_itself_changes_or_erases_who_reported_and_how_they_rated(rows: World) -> None:
    for person in rows.people.values():
        set_in_database(person.actor)
        assert Reporter.objects.update(name="另一人") == 0 and Rating.objects.update(score=1) == 0
        for model in GUARDED:
            assert model._default_manager.all()._raw_delete("default") == 0


def test_a_connection_that_sets_nobody_sees_no_row(committed_world: World) -> None:
    """As another program would with the application's password."""
    with acting(Actor.system("test")):
        case = reported(committed_world, 1, at=clock.now())[0]
        Reporter.objects.bulk_create([Reporter(id=new_id(), case=case, name="某人", code=town.GRID, at=clock.now())])
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as other:
        for model in GUARDED:
            table = model._meta.db_table
            assert other.execute(f"select count(*) from {table}").fetchone() == (0,)
            for forbidden in (
                f"alter table {table} disable row level security",
                f"create policy all_of_it on {table} using (true)",
            ):
                with pytest.raises(errors.InsufficientPrivilege):
                    other.execute(forbidden)
            with pytest.raises(errors.InsufficientPrivilege):
                other.execute("set row_security = off")
                other.execute(f"select count(*) from {table}")
            other.execute("reset row_security")


@pytest.mark.parametrize(
    "statement",
    [
        "update {} set kind = 'x'",
        "delete from {}",
        "truncate {}",
        "alter table {} add column x text",
        "drop table {}",
        "update {} set at = at",
    ],
)
def test_the_application_cannot_change_the_journal_nor_any_month_of_it(world: World, statement: str) -> None:
    by = Actor.system("test")
    journal.make_months(using="default")
    journal.record(journal.Entry(kind="test", subject=("test", "1")), by=by, at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            "select inhrelid::regclass::text from pg_inherits where inhparent = 'core_journal'::regclass"
            " union select 'core_journal'"
        )
        tables = [name for (name,) in cursor.fetchall()]
    assert len(tables) > 2
    for table in tables:
        with (
            pytest.raises(Error, match=r"permission denied|must be owner"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))
