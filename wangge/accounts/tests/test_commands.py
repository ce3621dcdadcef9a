"""Commands for whoever runs the machine, and the worker's duties."""

import csv
import io
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from wangge.accounts import tasks
from wangge.accounts.models import Post, Session, Unit, User
from wangge.accounts.tests.signing import give_password, sign_in
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.duties import found
from wangge.core.models import JournalEntry
from wangge.testing.client import anybody, api_as
from wangge.testing.moments import at_moment
from wangge.testing.world import World


def run(command: str, *arguments: str, **options: Any) -> str:
    out = io.StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


def password_in(output: str) -> str:
    return output.split("初始密码: ")[1].split()[0]


def test_the_first_administrator_comes_with_the_first_unit(db: None) -> None:
    output = run(
        "createaccount",
        *("--username", "Root.Admin", "--name", "管理员", "--role", "administrator"),
        *("--unit", "320104", "--unit-name", "区中心", "--division", "320104"),
    )
    api = anybody()
    step = api.post("/api/session", {"username": "root.admin", "password": password_in(output)}).json()
    assert step["status"] == "change_password"
    post = Post.objects.get(user__username="root.admin")
    assert (post.role.code, post.codes, post.unit.path) == ("administrator", ["320104"], "320104/")
    assert JournalEntry.objects.filter(actor_kind="system", actor_name="createaccount").count() == 3


def test_auditors_are_made_on_the_machine(world: World) -> None:
    run("createaccount", *("--username", "second.auditor", "--name", "审", "--role", "auditor", "--unit", "320104"))
    assert Post.objects.get(user__username="second.auditor").role.code == "auditor"
    assert Unit.objects.count() == 12


def test_a_refusal_is_one_sentence_and_leaves_nothing(world: World) -> None:
    before = User.objects.count()
    with pytest.raises(CommandError, match="street_seat"):
        run("createaccount", *("--username", "street_seat", "--name", "x", "--role", "assessor", "--unit", "320104"))
    with pytest.raises(CommandError, match="username"):
        run("createaccount", *("--username", "a b", "--name", "x", "--role", "assessor", "--unit", "320104"))
    assert User.objects.count() == before


def test_a_forgotten_auditor_gets_a_new_first_password(world: World) -> None:
    session = api_as(world["auditor"])
    output = run("createaccount", "--reset", "--username", "auditor")
    assert session.get("/api/session").status_code == 401
    assert sign_in(anybody(), world["auditor"], password_in(output)).json()["status"] == "change_password"


def test_first_passwords_go_into_a_file_of_ones_own(world: World, tmp_path: Path) -> None:
    give_password(world["street_seat"])
    target = tmp_path / "passwords.csv"
    run("firstpasswords", str(target), unit="320104001")
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    rows = {row[0]: row[2] for row in csv.reader(target.read_text(encoding="utf-8-sig").splitlines()[1:])}
    assert set(rows) == {"community", "grid_chief", "grid_worker"}  # the seat has one already
    assert sign_in(anybody(), world["community"], rows["community"]).json()["status"] == "change_password"
    with pytest.raises(CommandError):
        run("firstpasswords", str(target))


def test_sessions_nobody_came_back_to_are_ended(world: World, settings: LazySettings) -> None:
    with at_moment("2026-03-02T01:00:00Z") as now:
        api_as(world["street_seat"])
        now.shift(settings.SESSION_IDLE - timedelta(seconds=1))
        api_as(world["community"])
        by = Actor.system("test")
        with acting(by):
            assert tasks.end_idle_sessions(by=by, at=clock.now()) == 0
            now.shift(timedelta(seconds=2))
            assert tasks.end_idle_sessions(by=by, at=clock.now()) == 1
        assert Session.objects.get(ended_at=None).user == world["community"].user
        assert JournalEntry.objects.get(kind="session.ended").data["why"] == "idle"


def test_what_is_past_its_time_is_forgotten_and_nothing_else(world: World) -> None:
    with at_moment("2026-03-02T01:00:00Z") as now:
        api_as(world["street_seat"]).delete("/api/session")
        sign_in(anybody(), world["street_seat"], "wrong")
        now.shift(tasks.KEPT - timedelta(seconds=1))
        api_as(world["community"])
        tasks.forget_old(at=clock.now())
        assert (Session.objects.count(), AccessAttempt.objects.count()) == (2, 0)
        now.shift(timedelta(seconds=2))
        tasks.forget_old(at=clock.now())
        assert [session.user.username for session in Session.objects.all()] == ["community"]


def test_the_worker_finds_these_duties(db: None) -> None:
    assert {"accounts.idle", "accounts.forget"} <= {duty.name for duty in found()}
    assert not tasks.end_idle()
    assert not tasks.forget()
