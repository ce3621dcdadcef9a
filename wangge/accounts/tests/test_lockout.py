"""Repeated failures: counted although the answer is an error, locked for a while, and told when it ends."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.conf import LazySettings

from wangge.accounts import devices
from wangge.accounts.tests.signing import PASSWORD, give_password, sign_in
from wangge.testing.client import Api, anybody, api_as
from wangge.testing.committed import at_once
from wangge.testing.moments import at_moment
from wangge.testing.world import Person, World


@pytest.fixture
def seat(world: World) -> Person:
    give_password(world["street_seat"])
    return world["street_seat"]


def fail(person: Person, times: int) -> list[int]:
    return [sign_in(anybody(), person, "wrong").status_code for _ in range(times)]


def test_after_five_failures_the_right_password_waits_too(seat: Person, settings: LazySettings) -> None:
    with at_moment("2026-03-02T01:00:00Z") as now:
        assert fail(seat, 5) == [401, 401, 401, 401, 429]
        answer = sign_in(anybody(), seat)
        assert (answer.status_code, answer.json()["code"]) == (429, "session.locked")
        until = datetime.fromisoformat(answer.json()["data"]["until"])
        assert until == datetime.fromisoformat("2026-03-02T01:00:00Z") + settings.AXES_COOLOFF_TIME
        assert "15 分钟" in answer.json()["message"]
        now.shift(timedelta(minutes=10))
        assert fail(seat, 1) == [429]  # trying on does not make it longer
        now.move_to(until - timedelta(seconds=1))
        assert sign_in(anybody(), seat).status_code == 429
        now.move_to(until + timedelta(seconds=1))
        assert sign_in(anybody(), seat).status_code == 200


def test_a_name_that_does_not_exist_is_locked_in_the_same_words(seat: Person) -> None:
    with at_moment("2026-03-02T01:00:00Z"):
        for _ in range(5):
            unknown = anybody().post("/api/session", {"username": "nobody_here", "password": "wrong"})
            known = sign_in(anybody(), seat, "wrong")
            assert (unknown.status_code, unknown.json()) == (known.status_code, known.json())
        assert unknown.status_code == 429


def test_success_forgets_earlier_failures(seat: Person) -> None:
    assert fail(seat, 4) == [401] * 4
    assert sign_in(anybody(), seat).status_code == 200
    assert fail(seat, 4) == [401] * 4


def elsewhere(number: int, *, device: str = "") -> Api:
    """Somebody at another address, with a browser that has (or has not) been here."""
    api = anybody()
    api.client.defaults["REMOTE_ADDR"] = f"198.51.100.{number}"
    if device:
        api.client.cookies[devices.COOKIE] = device
    return api


def device_of(api: Api) -> str:
    return api.client.cookies[devices.COOKIE].value


def test_another_browser_does_not_begin_anew(seat: Person) -> None:
    for number in range(4):
        api = anybody()
        api.headers["User-Agent"] = f"browser {number}"
        assert sign_in(api, seat, "wrong").status_code == 401
    assert fail(seat, 1) == [429]


@pytest.mark.parametrize("agent", ["device:", "device:abc", "code:"])
def test_words_of_the_browser_do_not_pass_for_ours(seat: Person, agent: str) -> None:
    api = anybody()
    api.headers["User-Agent"] = agent
    assert [sign_in(api, seat, "wrong").status_code for _ in range(5)] == [401, 401, 401, 401, 429]
    assert sign_in(anybody(), seat).status_code == 429


def test_a_stranger_elsewhere_locks_out_nobody_but_themselves(seat: Person) -> None:
    stranger = elsewhere(1)
    assert [sign_in(stranger, seat, "wrong").status_code for _ in range(6)][-1] == 429
    assert sign_in(anybody(), seat).status_code == 200
    assert sign_in(stranger, seat).status_code == 429, "who signs in here forgives nobody there"


def test_a_whole_ipv6_household_is_one_address(seat: Person) -> None:
    statuses = []
    for number in range(5):
        api = anybody()
        api.client.defaults["REMOTE_ADDR"] = f"2001:db8:1:2::{number + 1:x}"
        statuses.append(sign_in(api, seat, "wrong").status_code)
    assert statuses[-1] == 429
    api.client.defaults["REMOTE_ADDR"] = "2001:db8:1:3::1"
    assert sign_in(api, seat).status_code == 200


def from_everywhere(seat: Person, settings: LazySettings) -> None:
    """As many failures as lock the name for whoever comes from a place not seen before."""
    for number in range(settings.LOCK_NAME_AFTER // 4 + 1):
        for _ in range(4):
            sign_in(elsewhere(number + 1), seat, "wrong")


def test_guessing_from_many_addresses_locks_the_name_for_places_not_seen_before(
    seat: Person, settings: LazySettings
) -> None:
    settings.LOCK_NAME_AFTER = 12
    with at_moment("2026-03-02T01:00:00Z") as now:
        mine = anybody()
        assert sign_in(mine, seat).status_code == 200
        from_everywhere(seat, settings)
        answer = sign_in(elsewhere(200), seat)
        assert (answer.status_code, answer.json()["code"]) == (429, "session.locked")
        until = datetime.fromisoformat(answer.json()["data"]["until"])
        known = elsewhere(201, device=device_of(mine))
        assert sign_in(known, seat).status_code == 200, "one's own device goes on, wherever it is"
        assert sign_in(elsewhere(200), seat).status_code == 429
        now.move_to(until + timedelta(seconds=1))
        assert sign_in(elsewhere(200), seat).status_code == 200


def test_a_known_device_is_locked_by_its_own_failures_alone(seat: Person) -> None:
    first = anybody()
    assert sign_in(first, seat).status_code == 200
    cookie = device_of(first)
    known = elsewhere(1, device=cookie)
    assert [sign_in(known, seat, "wrong").status_code for _ in range(5)][-1] == 429
    assert sign_in(elsewhere(2, device=cookie), seat).status_code == 429, "the device, not its address"
    assert sign_in(elsewhere(1), seat).status_code == 200, "another browser at the same address"
    assert sign_in(known, seat).status_code == 429


def test_a_device_is_known_for_whoever_signed_in_there_only(world: World, seat: Person) -> None:
    give_password(world["community"])
    shared = anybody()
    assert sign_in(shared, seat).status_code == 200
    cookie = device_of(shared)
    assert devices.known_device(cookie, seat.user.username)
    assert not devices.known_device(cookie, "community")
    assert sign_in(shared, world["community"]).status_code == 200
    both = device_of(shared)
    assert devices.known_device(both, "community") == devices.known_device(both, seat.user.username)


@pytest.mark.parametrize("spoil", [lambda cookie: cookie[:-2] + "xx", lambda cookie: "nonsense", lambda cookie: "é\0"])
def test_a_device_made_up_is_no_device(seat: Person, spoil: Callable[[str], str]) -> None:
    first = anybody()
    assert sign_in(first, seat).status_code == 200
    made_up = spoil(device_of(first))
    assert devices.known_device(made_up, seat.user.username) == ""
    assert devices.known_device(devices.with_name(made_up, seat.user.username), seat.user.username)


def test_a_device_is_forgotten_after_half_a_year(seat: Person) -> None:
    with at_moment("2026-03-02T01:00:00Z") as now:
        first = anybody()
        sign_in(first, seat)
        now.shift(devices.KEPT + timedelta(days=1))
        assert not devices.known_device(device_of(first), seat.user.username)


def test_a_failed_or_unfinished_sign_in_makes_no_device_known(world: World, seat: Person) -> None:
    api = anybody()
    sign_in(api, seat, "wrong")
    assert devices.COOKIE not in api.client.cookies
    give_password(world["community"], must_change=True)
    assert sign_in(api, world["community"]).json()["status"] == "change_password"
    assert devices.COOKIE not in api.client.cookies


def test_the_cookie_is_for_signing_in_only(seat: Person) -> None:
    api = anybody()
    sign_in(api, seat)
    cookie = api.client.cookies[devices.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/api/session", True, "Strict")
    assert seat.user.username not in cookie.value


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
