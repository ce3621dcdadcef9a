"""The second factor: wanted or compulsory, enrolled at sign-in, each code good once, wrong codes counted."""

from datetime import date, timedelta

import pyotp
import pytest

from wangge.accounts import totp
from wangge.accounts.models import Post, Session, User
from wangge.accounts.tests.signing import OTHER_PASSWORD, PASSWORD, give_password, sign_in
from wangge.core import clock
from wangge.core.models import JournalEntry
from wangge.testing.client import Api, anybody, api_as
from wangge.testing.committed import at_once
from wangge.testing.moments import at_moment
from wangge.testing.world import Person, World

AT = "2026-03-02T01:00:10Z"


@pytest.fixture
def seat(world: World) -> Person:
    give_password(world["street_seat"])
    return world["street_seat"]


def demand(world: World, unit: str, *, by: Person | None = None) -> None:
    officer = by or world["security_officer"]
    answer = api_as(officer).patch(f"/api/units/{world.unit(unit).pk}", {"totp_required": True})
    assert answer.status_code == 200


def give_post(world: World, person: Person, unit: str) -> Post:
    return Post.objects.create(
        user=person.user, unit=world.unit(unit), role=world.roles["assessor"], valid_from=date(2021, 1, 1)
    )


def enrol(api: Api) -> str:
    secret: str = api.get("/api/session/totp").json()["secret"]
    answer = api.post("/api/session/totp", {"code": pyotp.TOTP(secret).now()})
    assert answer.status_code == 200, answer.json()
    return secret


def test_a_unit_that_asks_for_it_gets_everybody_in_and_below_enrolled(world: World, seat: Person) -> None:
    demand(world, "320104")  # the district: above the street
    api = anybody()
    answer = sign_in(api, seat).json()
    assert (answer["status"], answer["enrolling"], answer["me"]) == ("totp_required", True, None)
    assert api.get("/api/session").json()["code"] == "session.step_missing"
    offered = api.get("/api/session/totp").json()
    assert offered["qr_svg"].startswith("<svg")
    assert f"secret={offered['secret']}" in offered["uri"]
    before = api.token
    done = api.post("/api/session/totp", {"code": pyotp.TOTP(offered["secret"]).now()}).json()
    assert done["status"] == "signed_in"
    assert api.token != before
    assert Api(before).get("/api/session").status_code == 401
    assert JournalEntry.objects.filter(kind="account.totp_confirmed", subject_id=str(seat.user.pk)).exists()


def test_a_unit_elsewhere_that_asks_for_it_asks_nobody_here(world: World, seat: Person) -> None:
    answer = api_as(world.stranger("security_officer")).patch(
        f"/api/units/{world.unit('320105').pk}", {"totp_required": True}
    )
    assert answer.status_code == 200
    assert sign_in(anybody(), seat).json()["status"] == "signed_in"


def test_made_compulsory_it_ends_what_came_in_without_one(world: World, seat: Person) -> None:
    without, elsewhere = api_as(seat), api_as(world["commander"])
    with_one = api_as(seat)
    enrol(with_one)
    demand(world, "320104001")
    assert without.get("/api/session").status_code == 401
    assert Session.objects.get(ended_by="totp_required").user_id == seat.user.pk
    assert with_one.get("/api/session").status_code == 200
    assert elsewhere.get("/api/session").status_code == 200, "the district above was not asked"


def test_a_post_that_asks_for_it_is_not_entered_with_the_password_alone(world: World, seat: Person) -> None:
    """An open session changes to a post given since, in a unit that asks."""
    demand(world, "320105", by=world.stranger("security_officer"))
    api = api_as(seat)
    second = give_post(world, seat, "320105")
    asked = api.post("/api/session/post", {"post_id": second.pk})
    assert (asked.status_code, asked.json()["status"], asked.json()["enrolling"]) == (200, "totp_required", True)
    assert api.get("/api/session").json()["code"] == "session.step_missing"
    assert api.post("/api/session/post", {"post_id": second.pk}).status_code == 401
    enrolled = api.get("/api/session/totp").json()["secret"]
    done = api.post("/api/session/totp", {"code": pyotp.TOTP(enrolled).now()})
    assert done.json()["status"] == "choose_post"
    assert api.post("/api/session/post", {"post_id": second.pk}).json()["status"] == "signed_in"
    assert api.post("/api/session/post", {"post_id": seat.post.pk}).json()["status"] == "signed_in"


def test_made_compulsory_between_password_and_post_it_is_asked(world: World, seat: Person) -> None:
    give_post(world, seat, "320105")
    choosing, changing = anybody(), anybody()
    assert sign_in(choosing, seat).json()["status"] == "choose_post"
    give_password(seat, must_change=True)
    assert sign_in(changing, seat).json()["status"] == "change_password"
    demand(world, "320104001")
    assert choosing.post("/api/session/post", {"post_id": seat.post.pk}).json()["status"] == "totp_required"
    answer = changing.post("/api/session/password", {"old": PASSWORD, "new": OTHER_PASSWORD})
    assert answer.json()["status"] == "totp_required"


def test_who_has_a_second_factor_is_always_asked_and_shown_no_secret(world: World, seat: Person) -> None:
    with at_moment(AT) as now:
        secret = enrol(api_as(seat))  # of their own accord
        now.shift(timedelta(seconds=60))
        api = anybody()
        answer = sign_in(api, seat).json()
        assert (answer["status"], answer["enrolling"]) == ("totp_required", False)
        assert api.get("/api/session/totp").status_code == 409
        wrong = api.post("/api/session/totp", {"code": "000000"})
        assert (wrong.status_code, wrong.json()["code"]) == (401, "session.wrong_code")
        assert api.post("/api/session/totp", {"code": pyotp.TOTP(secret).now()}).json()["status"] == "signed_in"


def test_a_code_is_good_once(seat: Person) -> None:
    with at_moment(AT) as now:
        secret = enrol(api_as(seat))
        now.shift(timedelta(seconds=60))
        code = pyotp.TOTP(secret).now()
        first, second = anybody(), anybody()
        sign_in(first, seat)
        sign_in(second, seat)
        assert first.post("/api/session/totp", {"code": code}).status_code == 200
        assert second.post("/api/session/totp", {"code": code}).json()["code"] == "session.wrong_code"


@pytest.mark.parametrize(("off_s", "status"), [(-60, 401), (-30, 200), (0, 200), (30, 200), (60, 401)])
def test_a_clock_may_be_half_a_minute_off(seat: Person, off_s: int, status: int) -> None:
    with at_moment(AT) as now:
        secret = enrol(api_as(seat))
        now.shift(timedelta(minutes=10))
        api = anybody()
        sign_in(api, seat)
        code = pyotp.TOTP(secret).at(clock.now().timestamp() + off_s)
        assert api.post("/api/session/totp", {"code": code}).status_code == status


def test_wrong_codes_lock_and_the_right_password_does_not_unlock(seat: Person) -> None:
    with at_moment(AT) as now:
        secret = enrol(api_as(seat))
        now.shift(timedelta(seconds=60))
        statuses = []
        for _ in range(4):  # a fresh sign-in for each guess
            api = anybody()
            assert sign_in(api, seat).status_code == 200
            statuses.append(api.post("/api/session/totp", {"code": "000000"}).status_code)
        last = anybody()
        sign_in(last, seat)
        statuses += [last.post("/api/session/totp", {"code": "000000"}).status_code for _ in range(2)]
        assert statuses == [401, 401, 401, 401, 401, 429]
        assert last.post("/api/session/totp", {"code": pyotp.TOTP(secret).now()}).status_code == 429
        again = anybody()
        assert sign_in(again, seat).json()["status"] == "totp_required"
        right = {"code": pyotp.TOTP(secret).now()}
        assert again.post("/api/session/totp", right).status_code == 429, "nor does another address"


def test_another_session_is_shown_another_secret(seat: Person) -> None:
    one, other = api_as(seat), api_as(seat)
    secret = one.get("/api/session/totp").json()["secret"]
    assert one.get("/api/session/totp").json()["secret"] == secret
    assert other.get("/api/session/totp").json()["secret"] != secret
    assert other.post("/api/session/totp", {"code": pyotp.TOTP(secret).now()}).status_code == 401
    assert one.post("/api/session/totp", {"code": pyotp.TOTP(secret).now()}).status_code == 200


def test_the_secret_is_sealed_for_its_owner(world: World, seat: Person) -> None:
    secret = enrol(api_as(seat))
    user = User.objects.get(pk=seat.user.pk)
    assert secret.encode() not in bytes(user.totp_sealed or b"")
    assert totp.secret_of(user) == secret


def test_a_lost_telephone_is_the_security_officers_to_forget(world: World, seat: Person) -> None:
    api = api_as(seat)
    enrol(api)
    path = f"/api/accounts/{seat.user.pk}/reset-totp"
    assert api_as(world["administrator"]).post(path).status_code == 403
    assert api_as(world.stranger("security_officer")).post(path).status_code == 404
    answer = api_as(world["security_officer"]).post(path)
    assert (answer.status_code, answer.json()["has_totp"]) == (200, False)
    assert api.get("/api/session").status_code == 401
    assert sign_in(anybody(), seat).json()["status"] == "signed_in"


def test_steps_come_in_their_order(world: World, seat: Person) -> None:
    demand(world, "320104001")
    give_password(seat, must_change=True)
    api = anybody()
    assert sign_in(api, seat).json()["status"] == "totp_required"
    early = api.post("/api/session/password", {"old": "x", "new": "y"})
    assert (early.status_code, early.json()["code"]) == (401, "session.step_missing")
    assert api.post("/api/session/post", {"post_id": seat.post.pk}).status_code == 401
    secret = api.get("/api/session/totp").json()["secret"]
    assert api.post("/api/session/totp", {"code": pyotp.TOTP(secret).now()}).json()["status"] == "change_password"
    assert api.post("/api/session/totp", {"code": "123456"}).status_code == 409


def test_one_code_at_two_doors_at_once_opens_one(committed_world: World) -> None:
    person = committed_world["street_seat"]
    give_password(person)
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    user = User.objects.get(pk=person.user.pk)

    user.totp_sealed, user.totp_confirmed_at = totp.seal_secret(user, secret), clock.now()
    user.save()
    doors = [anybody(), anybody()]
    for door in doors:
        sign_in(door, person)
    code = pyotp.TOTP(secret).now()
    statuses = at_once(
        *[lambda door=door: door.post("/api/session/totp", {"code": code}).status_code for door in doors]
    )
    assert sorted(map(str, statuses)) == ["200", "401"]
