"""Killed with -9 in the middle of staging: the next process goes on where it stopped, and nothing is there twice."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured

from wangge.accounts.models import Post, User
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.errors import NotAllowed
from wangge.core.models import JournalEntry
from wangge.grids.models import Division
from wangge.imports import actions, files, running
from wangge.imports.models import Batch, StagedPage
from wangge.imports.staged import staged_rows
from wangge.imports.tasks import forget_unfinished, work_on_imports
from wangge.imports.tests.made import checked, csv_file, go, upload
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.committed import at_once
from wangge.testing.world import Person, World

BY = Actor.system("test")
MANY = 60_000  # twelve pieces of staging


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path, settings: Any) -> None:
    settings.FILES = tmp_path / "files"


def places(count: int) -> bytes:
    lon, lat = town.point_in(town.GRID)
    return csv_file("名称,经度,纬度", *(f"地名{number},{lon},{lat}" for number in range(count)))


def colleague(world: World) -> Person:
    """Another administrator of the same unit."""
    one = world["administrator"]
    user = User.objects.create(username="second", name="郑管理", created_at=clock.now(), must_change_password=False)
    post = Post.objects.create(
        user=user, unit=one.unit, role=one.role, codes=one.post.codes, valid_from=one.post.valid_from
    )
    return replace(one, key="second", user=user, post=post)


def received(content: bytes, tmp_path: Path) -> Batch:
    path = tmp_path / "places.csv"
    path.write_bytes(content)
    with acting(BY):
        return actions.receive_file(
            kind="places",
            file_name="places.csv",
            kept=files.keep_path(path),
            options={},
            mapping=[],
            by=BY,
            at=clock.now(),
            wait=False,
        )


def staging(batch: Batch) -> None:
    running.step(batch.pk, by=BY)
    with acting(BY):
        actions.stage_import(batch_id=batch.pk, skip_faulty=False, by=BY, at=clock.now(), wait=False)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_staging_goes_on_after_a_kill(committed_world: World, tmp_path: Path) -> None:
    batch = received(places(MANY), tmp_path)
    staging(batch)
    worker = subprocess.Popen(
        [sys.executable, "-c", _worker(batch)],
        env={**os.environ, "WANGGE_FILES": str(configured.FILES), "DJANGO_SETTINGS_MODULE": "wangge.config.settings"},
    )
    try:
        _wait_until(lambda: 0 < Batch.objects.get(pk=batch.pk).rows_staged < MANY, worker)
        os.kill(worker.pid, signal.SIGKILL)
    finally:
        worker.kill()
        worker.wait()
    _wait_until(lambda: _is_free(batch), None)
    batch.refresh_from_db()
    reached = batch.rows_staged
    assert 0 < reached < MANY and batch.state == Batch.State.STAGING
    assert len(list(staged_rows(batch.pk))) == reached
    assert work_on_imports()
    batch.refresh_from_db()
    assert (batch.state, batch.rows_staged) == (Batch.State.STAGED, MANY)
    assert [row.number for row in staged_rows(batch.pk)] == list(range(2, MANY + 2))


def test_what_a_killed_worker_left_is_taken_up(committed_world: World, tmp_path: Path) -> None:
    """As a kill leaves it: one piece committed, the state still `staging`."""
    batch = received(places(6_000), tmp_path)
    staging(batch)

    class Killed(Exception):
        pass

    def told(done: int) -> None:
        raise Killed

    with pytest.raises(Killed):
        running.stage(batch.pk, told=told)
    batch.refresh_from_db()
    assert (batch.state, batch.rows_staged, batch.staged_to) == ("staging", 5_000, 5_001)
    assert work_on_imports()
    batch.refresh_from_db()
    assert (batch.state, batch.rows_staged, len(list(staged_rows(batch.pk)))) == ("staged", 6_000, 6_000)


def test_large_files_are_the_workers(committed_world: World) -> None:
    api = api_as(committed_world["administrator"])
    answer = upload(api, "places", places(5_001))
    assert answer.json()["state"] == "received"
    while work_on_imports():
        pass
    report = api.get(f"/api/imports/{answer.json()['id']}").json()
    assert (report["state"], report["rows_total"], report["errors"]) == ("checked", 5_001, 0)
    assert go(api, report, "stage")["state"] == "staging"
    while work_on_imports():
        pass
    assert go(api, report, "apply")["state"] == "applying"
    while work_on_imports():
        pass
    done = api.get(f"/api/imports/{report['id']}").json()
    assert (done["state"], done["counts"]["created"], done["by_name"]) == ("applied", 5_001, "陈管理")
    assert not StagedPage.objects.exists()
    assert not list((Path(configured.FILES) / "imports").iterdir())


def test_a_post_that_has_ended_imports_nothing_more(committed_world: World) -> None:
    person = committed_world["administrator"]
    batch_id = upload(api_as(person), "places", places(5_001)).json()["id"]
    person.post.revoked_at = clock.now()
    person.post.save(update_fields=["revoked_at"])
    assert work_on_imports() and not work_on_imports()
    batch = Batch.objects.get(pk=batch_id)
    assert batch.failure is not None and batch.failure["code"] == "import.post_ended"


def test_a_large_import_is_applied_as_whoever_pressed(committed_world: World) -> None:
    world = committed_world
    first, second = api_as(world["administrator"]), colleague(world)
    report = first.get(f"/api/imports/{upload(first, 'places', places(5_001)).json()['id']}").json()
    while work_on_imports():
        pass
    go(first, report, "stage")
    while work_on_imports():
        pass
    assert go(api_as(second), report, "apply")["state"] == "applying"
    while work_on_imports():
        pass
    done = first.get(f"/api/imports/{report['id']}").json()
    assert (done["state"], done["by_name"]) == ("applied", "陈管理")
    entries = JournalEntry.objects.filter(subject_id=report["id"], kind__in=["import.applying", "places.imported"])
    assert {(entry.kind, entry.actor_user) for entry in entries} == {
        ("import.applying", second.user.pk),
        ("places.imported", second.user.pk),
    }


def test_whoever_pressed_and_has_left_since_applies_nothing(committed_world: World) -> None:
    world = committed_world
    first, second = api_as(world["administrator"]), colleague(world)
    report = upload(first, "places", places(5_001)).json()
    while work_on_imports():
        pass
    go(first, report, "stage")
    while work_on_imports():
        pass
    go(api_as(second), report, "apply")
    Post.objects.filter(pk=second.post.pk).update(revoked_at=clock.now())
    while work_on_imports():
        pass
    left = first.get(f"/api/imports/{report['id']}").json()
    assert (left["state"], left["failure"]["code"]) == ("failed", "import.post_ended")
    assert go(first, report, "apply")["state"] == "applying", "somebody who is there may press again"


def test_a_file_that_ends_the_worker_twice_is_set_aside(committed_world: World, tmp_path: Path) -> None:
    """As kills leave it: the step was begun, and nothing of it was finished."""
    batch = received(places(10), tmp_path)
    for begun in (1, 2):
        with pytest.raises(NotAllowed):
            running.step(batch.pk, by=Actor(kind="person", name="nobody"))
        batch.refresh_from_db()
        assert (batch.state, batch.attempts) == ("checking", begun)
    assert work_on_imports() and not work_on_imports()
    batch.refresh_from_db()
    assert batch.failure is not None and batch.failure["code"] == "import.gave_up"
    assert (batch.state, batch.file_errors) == ("checked", 1)
    with acting(BY):
        again = actions.check_again(batch_id=batch.pk, options={}, mapping=[], by=BY, at=clock.now())
    assert (again.state, again.errors, again.attempts) == ("checked", 0, 0)


def test_one_kill_is_no_reason_to_give_up(committed_world: World, tmp_path: Path) -> None:
    batch = received(places(10), tmp_path)
    Batch.objects.filter(pk=batch.pk).update(state="checking", attempts=1)
    assert work_on_imports()
    batch.refresh_from_db()
    assert (batch.state, batch.errors, batch.attempts) == ("checked", 0, 0)


def test_what_nobody_goes_on_with_is_forgotten(committed_world: World) -> None:
    api = api_as(committed_world["administrator"])
    report = checked(api, "places", places(3))
    go(api, report, "stage")
    forget_unfinished()
    assert Batch.objects.get().state == "staged"
    Batch.objects.update(received_at=clock.now() - timedelta(days=8))
    forget_unfinished()
    assert Batch.objects.get().state == "cancelled" and not StagedPage.objects.exists()
    assert not list((Path(configured.FILES) / "imports").iterdir())


def test_two_workers_do_not_do_one_thing_twice(committed_world: World, tmp_path: Path) -> None:
    batch = received(places(6_000), tmp_path)
    staging(batch)
    assert sorted(map(str, at_once(work_on_imports, work_on_imports))) in (["False", "True"], ["True", "True"])
    while work_on_imports():
        pass
    assert len(list(staged_rows(batch.pk))) == 6_000


def test_two_people_applying_at_once_apply_once(committed_world: World) -> None:
    person = committed_world["administrator"]
    api = api_as(person)
    report = checked(api, "divisions", csv_file("代码,名称", f"{town.STREET}003,新河社区"))
    go(api, report, "stage")
    path = f"/api/imports/{report['id']}/apply"
    answers = at_once(*[lambda: api_as(person).post(path).status_code] * 2)
    assert sorted(map(str, answers)) == ["200", "409"]
    assert Division.objects.filter(code=f"{town.STREET}003").count() == 1


def _worker(batch: Batch) -> str:
    return f"""
import time, django
django.setup()
from uuid import UUID
from wangge.core.actor import Actor
from wangge.imports import running
with running.claimed(UUID("{batch.pk}")) as mine:
    assert mine
    running.step(UUID("{batch.pk}"), by=Actor.system("test"), told=lambda done: time.sleep(0.5))
"""


def _wait_until(done: Any, worker: "subprocess.Popen[bytes] | None") -> None:
    for _ in range(600):
        if done():
            return
        assert worker is None or worker.poll() is None, "the worker ended by itself"
        time.sleep(0.05)
    raise AssertionError("it did not come about")


def _is_free(batch: Batch) -> bool:
    with running.claimed(batch.pk) as mine:
        return mine
