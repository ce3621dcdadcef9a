"""Accounts and posts, administered within one's area; what ends when a post or an account does."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.accounts.contacts import phone_of
from wangge.accounts.models import Post, Session, User
from wangge.accounts.tests.signing import OTHER_PASSWORD, give_password, sign_in
from wangge.core.crypto import hash_phone
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import Api, anybody, api_as
from wangge.testing.committed import at_once
from wangge.testing.world import World


def newcomer(world: World, **changes: Any) -> dict[str, Any]:
    post = {"unit_id": world.unit(town.STREET).pk, "role": "street_seat", "codes": [town.STREET]}
    return {"username": "newcomer", "name": "新来的", "phone": "138 0000 5678", "post": post} | changes


def test_a_new_account_signs_in_with_its_first_password_and_changes_it(world: World) -> None:
    answer = api_as(world["administrator"]).post("/api/accounts", newcomer(world))
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    first = answer.json()["password"]
    api = anybody()
    assert api.post("/api/session", {"username": "newcomer", "password": first}).json()["status"] == "change_password"
    done = api.post("/api/session/password", {"old": first, "new": OTHER_PASSWORD}).json()
    assert done["me"]["post"]["role"] == "street_seat"
    assert not JournalEntry.objects.filter(data__icontains=first).exists()
    assert list(JournalEntry.objects.order_by("id").values_list("kind", flat=True))[:2] == [
        "post.given",
        "account.created",
    ]


def test_a_telephone_is_sealed_found_by_hash_and_shown_masked(world: World) -> None:
    admin = api_as(world["administrator"])
    made = admin.post("/api/accounts", newcomer(world)).json()["account"]["id"]
    user = User.objects.get(pk=made)
    assert phone_of(user) == "13800005678"
    assert bytes(user.phone_hash or b"") == hash_phone("13800005678")
    assert b"5678" not in bytes(user.phone_sealed or b"")
    assert admin.get(f"/api/accounts/{made}").json()["phone"] == "138****5678"
    assert admin.patch(f"/api/accounts/{made}", {"phone": ""}).json()["phone"] == ""
    assert admin.patch(f"/api/accounts/{made}", {"phone": "no number"}).status_code == 422


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"username": "street_seat"}, 409, "account.username_taken"),
        ({"username": "Street_Seat"}, 409, "account.username_taken"),
        ({"username": "王 小"}, 422, "invalid"),
        ({"name": ""}, 422, "invalid"),
        ({"phone": "12"}, 422, "invalid"),
        ({"username": "x" * 65}, 422, "invalid"),
        ({"name": "a\0b"}, 422, "text_not_storable"),
    ],
)
def test_what_cannot_be_an_account_leaves_nothing(world: World, changes: Any, status: int, code: str) -> None:
    before = User.objects.count()
    answer = api_as(world["administrator"]).post("/api/accounts", newcomer(world, **changes))
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert User.objects.count() == before


def test_an_account_whose_post_is_refused_is_not_made(world: World) -> None:
    post = {"unit_id": world.unit(town.OTHER_DISTRICT).pk, "role": "district_seat"}
    admin = api_as(world["administrator"])
    assert admin.post("/api/accounts", newcomer(world, post=post)).json()["code"] == "unit.out_of_area"
    assert not User.objects.filter(username="newcomer").exists()
    assert admin.post("/api/accounts", newcomer(world)).status_code == 201


def test_one_username_at_once_is_taken_once(committed_world: World) -> None:
    admin = api_as(committed_world["administrator"])
    body = newcomer(committed_world)
    statuses = at_once(*[lambda: admin.post("/api/accounts", body).status_code] * 2)
    assert sorted(map(str, statuses)) == ["201", "409"]


def test_the_list_shows_ones_area_in_four_queries(world: World) -> None:
    admin, stranger = api_as(world["administrator"]), api_as(world.stranger("administrator"))
    page = admin.get("/api/accounts", limit=100).json()
    names = {account["username"] for account in page["items"]}
    assert page["count"] == len(names)
    assert {"street_seat", "stranger_street_seat", "auditor", "administrator"} <= names
    assert names.isdisjoint({"stranger_district_seat", "stranger_auditor"})
    assert {account["username"] for account in stranger.get("/api/accounts").json()["items"]} == {
        "stranger_district_seat",
        "stranger_commander",
        "stranger_assessor",
        "stranger_administrator",
        "stranger_security_officer",
        "stranger_auditor",
        "stranger_wall",
        "stranger_data_clerk",
    }
    with CaptureQueriesContext(connection) as few:
        admin.get("/api/accounts", limit=2)
    with CaptureQueriesContext(connection) as many:
        admin.get("/api/accounts", limit=100)
    assert len(many) == len(few)


def test_the_list_is_filtered(world: World) -> None:
    admin = api_as(world["administrator"])

    def found(**query: Any) -> set[str]:
        return {account["username"] for account in admin.get("/api/accounts", **query).json()["items"]}

    assert found(q="stranger_grid") == {"stranger_grid_worker", "stranger_grid_chief"}
    assert found(q="钱街") == {"street_seat"}
    assert found(role="street_seat") == {"street_seat", "stranger_street_seat"}
    assert found(unit_id=world.unit("D-CG").pk) == {"department_leader"}
    world["assessor"].user.is_active = False
    world["assessor"].user.save()
    assert found(active="false") == {"assessor"}


@pytest.mark.parametrize("key", ["street_seat", "commander", "auditor", "department_leader"])
def test_who_administers_nothing_sees_no_accounts(world: World, key: str) -> None:
    api, path = api_as(world[key]), f"/api/accounts/{world['grid_worker'].user.pk}"
    assert api.get("/api/accounts").status_code == 403
    assert api.get(path).status_code == 403
    assert api.get("/api/posts").status_code == 403
    assert api.patch(path, {"name": "改名"}).status_code == 403
    assert api.post(f"{path}/reset-password").status_code == 403
    assert api_as(world["administrator"]).get(path).status_code == 200


def test_absent_and_out_of_area_look_alike(world: World) -> None:
    stranger, target = api_as(world.stranger("administrator")), world["street_seat"].user.pk
    for account in (target, 2**62):
        for answer in (
            stranger.get(f"/api/accounts/{account}"),
            stranger.patch(f"/api/accounts/{account}", {"name": "改名"}),
            stranger.post(f"/api/accounts/{account}/reset-password"),
            stranger.post(f"/api/accounts/{account}/disable"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert api_as(world["administrator"]).get(f"/api/accounts/{target}").status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "9223372036854775808", "abc", "1.5"])
def test_odd_ids_are_the_callers_fault(world: World, number: str) -> None:
    assert api_as(world["administrator"]).get(f"/api/accounts/{number}").status_code == 422


def test_somebody_with_a_post_above_is_not_an_administrators_below(world: World) -> None:
    """Otherwise the street's administrator could take over a district seat by giving it a new password."""
    Post.objects.filter(pk=world["administrator"].post.pk).update(codes=[town.STREET])
    Post.objects.create(
        user=world["street_seat"].user,
        unit=world.unit(town.DISTRICT),
        role=world.roles["assessor"],
        valid_from=date(2021, 1, 1),
    )
    street_admin = api_as(world["administrator"])
    refused = street_admin.post(f"/api/accounts/{world['street_seat'].user.pk}/reset-password")
    assert (refused.status_code, refused.json()["code"]) == (403, "account.partly_out_of_area")
    assert street_admin.post(f"/api/accounts/{world['community'].user.pk}/reset-password").status_code == 200


def test_disabling_ends_every_session_at_once_and_can_be_undone(world: World) -> None:
    give_password(world["street_seat"])
    api, admin = api_as(world["street_seat"]), api_as(world["administrator"])
    path = f"/api/accounts/{world['street_seat'].user.pk}"
    assert api.get("/api/session").status_code == 200
    assert admin.post(f"{path}/disable").json()["is_active"] is False
    assert api.get("/api/session").status_code == 401
    assert sign_in(anybody(), world["street_seat"]).status_code == 401
    assert admin.patch(path, {"is_active": True}).status_code == 200
    assert api.get("/api/session").status_code == 401
    assert sign_in(anybody(), world["street_seat"]).status_code == 200


def test_a_new_first_password_ends_sessions_and_replaces_the_old_one(world: World) -> None:
    person = world["street_seat"]
    give_password(person)
    api = api_as(person)
    first = api_as(world["administrator"]).post(f"/api/accounts/{person.user.pk}/reset-password").json()["password"]
    assert api.get("/api/session").status_code == 401
    assert sign_in(anybody(), person).status_code == 401
    assert sign_in(anybody(), person, first).json()["status"] == "change_password"


# -- posts ---------------------------------------------------------------------------------------------------------


def seat_post(world: World, **changes: Any) -> dict[str, Any]:
    body = {
        "account_id": world["grid_worker"].user.pk,
        "unit_id": world.unit(town.STREET).pk,
        "role": "street_seat",
        "codes": [town.STREET],
    }
    return body | changes


def test_a_post_is_given_and_can_be_chosen(world: World) -> None:
    api = api_as(world["grid_worker"])
    answer = api_as(world["administrator"]).post("/api/posts", seat_post(world))
    assert answer.status_code == 201
    assert answer.json()["codes"] == [town.STREET]
    chosen = api.post("/api/session/post", {"post_id": answer.json()["id"]})
    assert chosen.json()["me"]["post"]["role"] == "street_seat"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"codes": ["320105"]}, 403, "post.range_out_of_area"),
        ({"codes": ["3201"]}, 403, "post.range_out_of_area"),
        ({"codes": [""]}, 403, "post.range_out_of_area"),
        ({"codes": ["32010"]}, 422, "invalid"),
        ({"role": "emperor"}, 422, "invalid"),
        ({"unit_id": 2**62}, 422, "invalid"),
        ({"account_id": 2**62}, 404, "not_found"),
        ({"valid_from": "2026-03-02", "valid_to": "2026-03-02"}, 422, "invalid"),
    ],
)
def test_a_post_that_is_not_the_administrators_to_give(world: World, changes: Any, status: int, code: str) -> None:
    admin = api_as(world["administrator"])
    refused = admin.post("/api/posts", seat_post(world, **changes))
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert admin.post("/api/posts", seat_post(world)).status_code == 201


def test_the_same_post_twice_is_refused(world: World) -> None:
    admin = api_as(world["administrator"])
    assert admin.post("/api/posts", seat_post(world)).status_code == 201
    again = admin.post("/api/posts", seat_post(world))
    assert (again.status_code, again.json()["code"]) == (409, "post.held_already")


def test_revoking_a_post_ends_its_sessions_at_once_and_no_others(world: World) -> None:
    admin = api_as(world["administrator"])
    second = admin.post("/api/posts", seat_post(world)).json()["id"]
    in_first, in_second = api_as(world["grid_worker"]), api_as(world["grid_worker"])
    in_second.post("/api/session/post", {"post_id": second})
    assert admin.delete(f"/api/posts/{second}").status_code == 204
    assert in_second.get("/api/session").status_code == 401
    assert in_first.get("/api/session").status_code == 200
    assert Session.objects.get(post_id=second).ended_by == "post_revoked"
    assert list(JournalEntry.objects.order_by("id").values_list("kind", flat=True))[-2:] == [
        "post.revoked",
        "session.ended",
    ]
    assert admin.delete(f"/api/posts/{second}").status_code == 404


def test_a_stranger_does_not_revoke(world: World) -> None:
    post = world["grid_worker"].post.pk
    assert api_as(world.stranger("administrator")).delete(f"/api/posts/{post}").status_code == 404
    assert api_as(world["commander"]).delete(f"/api/posts/{post}").status_code == 403
    assert api_as(world["administrator"]).delete(f"/api/posts/{post}").status_code == 204


def test_posts_are_listed_by_unit_and_person(world: World) -> None:
    admin = api_as(world["administrator"])
    of_unit = admin.get("/api/posts", unit_id=world.unit(town.COMMUNITY).pk).json()
    assert [post["account"]["username"] for post in of_unit["items"]] == ["grid_worker", "grid_chief", "community"]
    assert admin.get("/api/posts", account_id=world.stranger("auditor").user.pk).json()["count"] == 0
    world["assessor"].post.revoked_at = world["assessor"].user.created_at
    world["assessor"].post.save()
    assert admin.get("/api/posts", role="assessor").json()["count"] == 0
    assert admin.get("/api/posts", role="assessor", ended="true").json()["count"] == 1


# -- sessions ------------------------------------------------------------------------------------------------------


def test_sessions_are_listed_and_one_elsewhere_is_ended(world: World) -> None:
    here, there = api_as(world["street_seat"]), api_as(world["street_seat"])
    listed = here.get("/api/sessions").json()
    assert listed["count"] == 2
    other = next(session for session in listed["items"] if not session["current"])
    assert other["unit_name"] == world.unit(town.STREET).name
    assert here.delete(f"/api/sessions/{other['id']}").status_code == 204
    assert there.get("/api/session").status_code == 401
    assert here.get("/api/session").status_code == 200


def test_nobody_but_the_security_officer_ends_or_sees_another_persons_sessions(world: World) -> None:
    person = world["street_seat"]
    theirs = api_as(person)
    number = Session.objects.get(user=person.user).pk
    for key in ("administrator", "commander", "stranger_security_officer", "auditor"):
        api = api_as(world[key])
        assert api.delete(f"/api/sessions/{number}").status_code == 404, key
        assert api.get("/api/sessions", account_id=person.user.pk).status_code in (403, 404), key
    assert theirs.get("/api/session").status_code == 200
    security = api_as(world["security_officer"])
    assert security.get("/api/sessions", account_id=person.user.pk).json()["items"][0]["id"] == number
    assert security.delete(f"/api/sessions/{number}").status_code == 204
    assert theirs.get("/api/session").status_code == 401
    assert Api(theirs.token).get("/api/session").status_code == 401
