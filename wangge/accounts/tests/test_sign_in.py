"""Signing in: password, first password, post; what the cookie is; who is refused and what that tells them."""

from datetime import date, timedelta

import pytest
from django.conf import LazySettings

from wangge.accounts.auth import open_sessions, token_hash
from wangge.accounts.models import Post, Session
from wangge.accounts.tests.signing import OTHER_PASSWORD, PASSWORD, give_password, sign_in
from wangge.core import clock
from wangge.core.models import JournalEntry
from wangge.testing.client import Api, anybody, api_as
from wangge.testing.moments import at_moment
from wangge.testing.world import Person, World

ELSEWHERE = "203.0.113.7"


@pytest.fixture
def seat(world: World) -> Person:
    give_password(world["street_seat"])
    return world["street_seat"]


def give_second_post(world: World, person: Person) -> Post:
    return Post.objects.create(
        user=person.user,
        unit=world.unit("320104"),
        role=world.roles["assessor"],
        codes=["320104"],
        valid_from=date(2021, 1, 1),
    )


def kinds_of(subject_type: str) -> list[str]:
    return list(JournalEntry.objects.filter(subject_type=subject_type).order_by("id").values_list("kind", flat=True))


def test_the_right_password_of_somebody_with_one_post_is_enough(seat: Person) -> None:
    api = anybody()
    answer = sign_in(api, seat)
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "signed_in"
    assert body["me"]["user"] == {"id": seat.user.pk, "name": seat.user.name, "username": "street_seat"}
    assert body["me"]["post"]["unit_name"] == seat.unit.name
    assert body["me"]["post"]["role_name"] == "街道坐席"
    assert body["me"]["ranges"] == ["320104001"]
    assert "case.dispatch" in body["me"]["permissions"]
    assert api.get("/api/session").json() == body["me"]
    assert kinds_of("session") == ["session.opened"]


def test_role_names_come_in_the_readers_language(seat: Person) -> None:
    assert sign_in(anybody(language="en"), seat).json()["me"]["post"]["role_name"] == "Sub-district seat"


def test_case_and_full_width_letters_of_a_username_do_not_matter(seat: Person) -> None:
    answer = anybody().post("/api/session", {"username": " Street_ＳＥＡＴ ", "password": PASSWORD})
    assert answer.status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(seat: Person) -> None:
    answer = sign_in(anybody(), seat)
    cookie = answer.cookies["wangge_session"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Strict"
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(cookie.value) >= 43  # 32 random bytes


def test_the_cookie_is_for_https_alone_where_there_is_https(seat: Person, settings: LazySettings) -> None:
    assert sign_in(anybody(), seat).cookies["wangge_session"]["secure"] == ""
    settings.HTTPS = True
    assert sign_in(anybody(), seat).cookies["wangge_session"]["secure"] is True


def test_the_token_itself_is_stored_nowhere(seat: Person) -> None:
    api = anybody()
    sign_in(api, seat)
    stored = bytes(Session.objects.get().token_hash)
    assert stored == token_hash(api.token)
    assert api.token.encode() not in stored


@pytest.mark.parametrize(
    ("username", "password"),
    [("street_seat", "wrong"), ("nobody_by_this_name", PASSWORD), ("grid_worker", PASSWORD), ("disabled", PASSWORD)],
    ids=["wrong password", "unknown name", "no usable password", "disabled"],
)
def test_every_wrong_sign_in_gets_the_same_answer(world: World, seat: Person, username: str, password: str) -> None:
    give_password(world["commander"])
    world["commander"].user.is_active = False
    world["commander"].user.username = "disabled"
    world["commander"].user.save()
    api = anybody()
    answer = api.post("/api/session", {"username": username, "password": password})
    assert answer.status_code == 401
    assert answer.json() == {
        "code": "session.wrong_password",
        "message": "用户名或密码不正确。",
        "fields": {},
        "data": {},
    }
    assert "wangge_session" not in answer.cookies
    assert sign_in(api, seat).status_code == 200


def test_a_refused_sign_in_is_in_the_journal_for_accounts_that_exist_only(seat: Person) -> None:
    sign_in(anybody(), seat, "wrong")
    anybody().post("/api/session", {"username": "my password by mistake", "password": "x"})
    entries = JournalEntry.objects.filter(kind="session.refused")
    assert [(entry.subject_type, entry.subject_id, entry.code) for entry in entries] == [
        ("account", str(seat.user.pk), "320104001")
    ]
    assert "mistake" not in str(JournalEntry.objects.values_list())


def test_a_first_password_must_be_changed_before_anything_else(world: World) -> None:
    person = world["grid_worker"]
    give_password(person, must_change=True)
    api = anybody()
    assert sign_in(api, person).json() == {
        "status": "change_password",
        "enrolling": False,
        "me": None,
        "posts": None,
    }
    early = api.get("/api/session")
    assert (early.status_code, early.json()["code"]) == (401, "session.step_missing")
    before = api.token
    answer = api.post("/api/session/password", {"old": PASSWORD, "new": OTHER_PASSWORD})
    assert answer.json()["status"] == "signed_in"
    assert api.token != before
    assert Api(before).get("/api/session").status_code == 401
    assert api.get("/api/session").status_code == 200
    assert sign_in(anybody(), person).status_code == 401
    assert sign_in(anybody(), person, OTHER_PASSWORD).json()["status"] == "signed_in"


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("short", "至少"),
        ("83920174629", "全是数字"),
        ("password1234", "太常见"),
        ("street_seat1", "太相似"),
        (PASSWORD, "不能与原密码相同"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(seat: Person, new: str, words: str) -> None:
    answer = api_as(seat).post("/api/session/password", {"old": PASSWORD, "new": new})
    assert answer.status_code == 422
    assert words in answer.json()["fields"]["new"]
    english = api_as(seat, language="en").post("/api/session/password", {"old": PASSWORD, "new": new})
    assert english.json()["fields"]["new"].isascii()


def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(seat: Person) -> None:
    here, there = api_as(seat), api_as(seat)
    wrong = here.post("/api/session/password", {"old": "not it", "new": OTHER_PASSWORD})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "session.wrong_old_password")
    assert there.get("/api/session").status_code == 200
    assert here.post("/api/session/password", {"old": PASSWORD, "new": OTHER_PASSWORD}).status_code == 200
    assert here.get("/api/session").status_code == 200
    assert there.get("/api/session").status_code == 401


def test_somebody_with_two_posts_chooses_and_may_change(world: World, seat: Person) -> None:
    second = give_second_post(world, seat)
    api = anybody()
    answer = sign_in(api, seat).json()
    assert answer["status"] == "choose_post"
    assert [post["id"] for post in answer["posts"]] == [seat.post.pk, second.pk]
    assert api.get("/api/session").status_code == 401
    chosen = api.post("/api/session/post", {"post_id": second.pk}).json()
    assert chosen["me"]["post"]["role"] == "assessor"
    assert chosen["me"]["ranges"] == ["320104"]
    assert [post["id"] for post in chosen["me"]["posts"]] == [seat.post.pk, second.pk]
    back = api.post("/api/session/post", {"post_id": seat.post.pk}).json()
    assert back["me"]["post"]["role"] == "street_seat"
    assert api.get("/api/session").json()["post"]["role"] == "street_seat"
    assert kinds_of("session") == ["session.opened", "session.post_changed"]


def test_nobody_takes_a_post_that_is_not_theirs(world: World, seat: Person) -> None:
    mine = give_second_post(world, seat)
    api = api_as(seat)
    assert api.post("/api/session/post", {"post_id": world["commander"].post.pk}).status_code == 404
    assert api.post("/api/session/post", {"post_id": mine.pk}).status_code == 200


def test_a_post_that_is_over_or_has_not_begun_is_not_offered(world: World, seat: Person) -> None:
    second = give_second_post(world, seat)
    tomorrow = clock.today() + timedelta(days=1)
    Post.objects.filter(pk=second.pk).update(valid_from=tomorrow)
    assert sign_in(anybody(), seat).json()["status"] == "signed_in"
    Post.objects.filter(pk=second.pk).update(valid_from=date(2021, 1, 1), valid_to=clock.today())
    assert sign_in(anybody(), seat).json()["status"] == "signed_in"
    Post.objects.filter(pk=second.pk).update(valid_to=tomorrow)
    assert sign_in(anybody(), seat).json()["status"] == "choose_post"


def test_without_a_post_there_is_no_way_in(seat: Person) -> None:
    assert sign_in(anybody(), seat).status_code == 200
    Post.objects.filter(pk=seat.post.pk).update(revoked_at=clock.now())
    answer = sign_in(anybody(), seat)
    assert (answer.status_code, answer.json()["code"]) == (403, "session.no_post")


def test_without_a_demonstration_its_accounts_are_nobody(seat: Person, settings: LazySettings) -> None:
    seat.user.is_demo = True
    seat.user.save()
    settings.DEMO = True
    before = api_as(seat)
    assert before.get("/api/session").status_code == 200
    hashed = token_hash(before.token)
    assert hashed in open_sessions([hashed], at=clock.now())
    settings.DEMO = False
    answer = sign_in(anybody(), seat)
    assert (answer.status_code, answer.json()["code"]) == (403, "session.demo_is_off")
    assert before.get("/api/session").status_code == 401
    assert not open_sessions([hashed], at=clock.now()), "nor does its feed go on"


def test_demonstration_accounts_sign_in_from_this_machine_only(seat: Person, settings: LazySettings) -> None:
    settings.DEMO = True
    seat.user.is_demo = True
    seat.user.save()
    assert sign_in(anybody(), seat).status_code == 200
    api = anybody()
    api.client.defaults["REMOTE_ADDR"] = ELSEWHERE
    answer = sign_in(api, seat)
    assert (answer.status_code, answer.json()["code"]) == (403, "session.demo_from_elsewhere")
    settings.BEHIND_PROXY = True
    proxied = anybody()
    proxied.headers["X-Forwarded-For"] = f"127.0.0.1, {ELSEWHERE}"
    assert sign_in(proxied, seat).status_code == 403
    silent = anybody()  # a proxy that does not say for whom it asks
    assert sign_in(silent, seat).status_code == 403


def test_another_sites_page_cannot_sign_a_browser_in(seat: Person) -> None:
    ours, theirs = anybody(), anybody()
    theirs.headers["Origin"] = "https://evil.example"
    ours.headers["Origin"] = "http://testserver"
    refused = sign_in(theirs, seat)
    assert (refused.status_code, refused.json()["code"]) == (403, "session.foreign_origin")
    assert sign_in(ours, seat).status_code == 200


def test_writes_need_the_csrf_token(seat: Person) -> None:
    api = api_as(seat)
    del api.headers["X-CSRFToken"]
    refused = api.delete("/api/session")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    assert api.get("/api/session").status_code == 200


def test_signing_out_ends_the_session_and_takes_the_cookie(seat: Person) -> None:
    api = api_as(seat)
    token = api.token
    answer = api.delete("/api/session")
    assert answer.status_code == 204
    assert answer.cookies["wangge_session"]["max-age"] == 0
    assert Api(token).get("/api/session").status_code == 401
    assert kinds_of("session") == ["session.ended"]


def test_an_idle_session_ends_and_a_used_one_does_not(seat: Person, settings: LazySettings) -> None:
    with at_moment("2026-03-02T01:00:00Z") as now:
        idle, used = api_as(seat), api_as(seat)
        for _ in range(2):
            now.shift(settings.SESSION_IDLE - timedelta(seconds=1))
            assert used.get("/api/session").status_code == 200
        answer = idle.get("/api/session")
        assert (answer.status_code, answer.json()["code"]) == (401, "session.expired")
        assert Session.objects.get(token_hash=token_hash(idle.token)).ended_by == "idle"
        assert used.get("/api/session").status_code == 200


def test_a_session_ends_after_its_longest_time_however_busy(seat: Person, settings: LazySettings) -> None:
    with at_moment("2026-03-02T01:00:00Z") as now:
        api = api_as(seat)
        step = settings.SESSION_IDLE / 2
        for _ in range(int(settings.SESSION_LONGEST / step)):
            now.shift(step)
            assert api.get("/api/session").status_code == 200
        now.shift(step)
        assert api.get("/api/session").json()["code"] == "session.expired"


def test_a_post_that_ends_by_its_date_ends_what_was_open_in_it(seat: Person) -> None:
    api = api_as(seat)
    assert api.get("/api/session").status_code == 200
    Post.objects.filter(pk=seat.post.pk).update(valid_to=clock.today())
    answer = api.get("/api/session")
    assert (answer.status_code, answer.json()["code"]) == (401, "session.post_ended")


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 5000, "é", "\x01"])
def test_a_made_up_cookie_is_nobody(db: None, token: str) -> None:
    api = anybody()
    api.client.cookies["wangge_session"] = token
    assert api.get("/api/session").status_code == 401
