"""Repeated failures: counted although the answer is an error, locked for a while, and told when it ends."""

from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings
from freezegun import freeze_time

from wangge.accounts.tests.signing import PASSWORD, give_password, sign_in
from wangge.testing.client import anybody, api_as
from wangge.testing.committed import at_once
from wangge.testing.world import Person, World


@pytest.fixture
def seat(world: World) -> Person:
    give_password(world["street_seat"])
    return world["street_seat"]


def fail(person: Person, times: int) -> list[int]:
    return [sign_in(anybody(), person, "wrong").status_code for _ in range(times)]


def test_after_five_failures_the_right_password_waits_too(seat: Person, settings: LazySettings) -> None:
    with freeze_time("2026-03-02T01:00:00Z") as now:
        assert fail(seat, 5) == [401, 401, 401, 401, 429]
        answer = sign_in(anybody(), seat)
        assert (answer.status_code, answer.json()["code"]) == (429, "session.locked")
        until = datetime.fromisoformat(answer.json()["data"]["until"])
        assert until == datetime.fromisoformat("2026-03-02T01:00:00Z") + settings.AXES_COOLOFF_TIME
        assert "15 分钟" in answer.json()["message"]
        now.tick(timedelta(minutes=10))
        assert fail(seat, 1) == [429]  # trying on does not make it longer
        now.move_to(until - timedelta(seconds=1))
        assert sign_in(anybody(), seat).status_code == 429
        now.move_to(until + timedelta(seconds=1))
        assert sign_in(anybody(), seat).status_code == 200


def test_a_name_that_does_not_exist_is_locked_in_the_same_words(seat: Person) -> None:
    with freeze_time("2026-03-02T01:00:00Z"):
        for _ in range(5):
            unknown = anybody().post("/api/session", {"username": "nobody_here", "password": "wrong"})
            known = sign_in(anybody(), seat, "wrong")
            assert (unknown.status_code, unknown.json()) == (known.status_code, known.json())
        assert unknown.status_code == 429


def test_success_forgets_earlier_failures(seat: Person) -> None:
    assert fail(seat, 4) == [401] * 4
    assert sign_in(anybody(), seat).status_code == 200
    assert fail(seat, 4) == [401] * 4


def test_another_address_or_browser_does_not_begin_anew(seat: Person) -> None:
    for number in range(4):
        api = anybody()
        api.client.defaults["REMOTE_ADDR"] = f"198.51.100.{number}"
        api.headers["User-Agent"] = f"browser {number}"
        assert sign_in(api, seat, "wrong").status_code == 401
    assert fail(seat, 1) == [429]


def test_one_locked_name_locks_nobody_else_at_the_address(world: World, seat: Person) -> None:
    give_password(world["community"])
    assert fail(seat, 5)[-1] == 429
    assert sign_in(anybody(), world["community"]).status_code == 200


def test_wrong_old_passwords_lock_as_wrong_sign_ins_do(seat: Person) -> None:
    api = api_as(seat)
    statuses = [
        api.post("/api/session/password", {"old": f"guess {n}", "new": "whatever it takes"}).status_code
        for n in range(6)
    ]
    assert statuses == [403, 403, 403, 403, 403, 429]


@pytest.mark.parametrize("officer", ["administrator", "security_officer"])
def test_an_officer_unlocks(world: World, seat: Person, officer: str) -> None:
    assert fail(seat, 5)[-1] == 429
    path = f"/api/accounts/{seat.user.pk}"
    assert api_as(world[officer]).get(path).json()["locked_until"] is not None
    assert api_as(world.stranger(officer)).post(f"{path}/unlock").status_code == 404
    assert api_as(world["auditor"]).post(f"{path}/unlock").status_code == 403
    assert sign_in(anybody(), seat).status_code == 429
    assert api_as(world[officer]).post(f"{path}/unlock").json()["locked_until"] is None
    assert sign_in(anybody(), seat).status_code == 200


def test_the_password_is_in_no_table_of_the_lock(seat: Person) -> None:
    from axes.models import AccessAttempt

    api = anybody()
    api.client.post(  # a body that also reads as a form
        "/api/session",
        data='{"username": "street_seat", "password": "my=secret&word"}',
        content_type="application/x-www-form-urlencoded",
        headers=api.headers,
    )
    attempt = AccessAttempt.objects.get()
    assert "secret" not in f"{attempt.post_data}{attempt.get_data}{attempt.path_info}"


def test_failures_at_once_are_all_counted_and_stay(committed_world: World) -> None:
    person = committed_world["street_seat"]
    give_password(person)
    statuses = at_once(*[lambda: sign_in(anybody(), person, "wrong").status_code] * 5)
    assert set(statuses) <= {401, 429}
    assert sign_in(anybody(), person).status_code == 429
    assert sign_in(anybody(), person, PASSWORD).json()["data"]["until"]
