"""People who move and posts that end, as an administrator does it on an ordinary day."""

from datetime import timedelta
from typing import Any

from wangge.accounts.models import Post, Session
from wangge.core import clock
from wangge.core.models import JournalEntry
from wangge.testing.client import api_as
from wangge.testing.world import World

TODAY = clock.today()


def move(world: World, **more: Any) -> Any:
    post = world["department_clerk"].post
    body = {"unit_id": world.unit("D-SW").pk, "role": "department_clerk", **more}
    return api_as(world["administrator"]).post(f"/api/posts/{post.pk}/move", body)


def test_somebody_moves_today_and_the_old_post_ends_at_once(world: World) -> None:
    clerk = api_as(world["department_clerk"])
    moved = move(world)
    assert moved.status_code == 201 and moved.json()["unit_name"] == "测试区水务局"
    assert clerk.get("/api/session").status_code == 401
    old = Post.objects.get(pk=world["department_clerk"].post.pk)
    assert old.revoked_at is not None and Session.objects.get(post=old).ended_by == "post_revoked"
    kinds = JournalEntry.objects.filter(subject_type="post").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["post.revoked", "post.given"]


def test_a_move_on_a_coming_day_leaves_no_day_without_a_post(world: World) -> None:
    day = TODAY + timedelta(days=7)
    moved = move(world, valid_from=str(day)).json()
    old = Post.objects.get(pk=world["department_clerk"].post.pk)
    assert (old.revoked_at, old.valid_to, moved["valid_from"]) == (None, day, str(day))
    assert api_as(world["department_clerk"]).get("/api/session").status_code == 200


def test_a_move_does_not_lengthen_a_post_that_ends_before(world: World) -> None:
    post, ends = world["department_clerk"].post, TODAY + timedelta(days=3)
    Post.objects.filter(pk=post.pk).update(valid_to=ends)
    assert move(world, valid_from=str(TODAY + timedelta(days=7))).status_code == 201
    assert Post.objects.get(pk=post.pk).valid_to == ends


def test_a_move_that_is_refused_leaves_the_old_post(world: World) -> None:
    day = str(TODAY + timedelta(days=7))
    other_power = move(world, role="administrator", valid_from=day)
    assert other_power.json()["code"] == "post.two_powers", "until that day both would be held"
    assert move(world, unit_id=10**9).status_code == 422
    old = Post.objects.get(pk=world["department_clerk"].post.pk)
    assert old.revoked_at is None and old.valid_to is None


def test_a_post_gets_its_last_day_and_loses_it_again(world: World) -> None:
    admin, post = api_as(world["administrator"]), world["department_clerk"].post
    path, day = f"/api/posts/{post.pk}", TODAY + timedelta(days=30)
    assert admin.patch(path, {"valid_to": str(day)}).json()["valid_to"] == str(day)
    assert admin.patch(path, {"valid_to": None}).json()["valid_to"] is None
    past = admin.patch(path, {"valid_to": str(TODAY)})
    assert past.status_code == 422 and "valid_to" in past.json()["fields"]
    entries = JournalEntry.objects.filter(subject_type="post", kind="post.dated")
    assert entries.count() == 2
    Post.objects.filter(pk=post.pk).update(valid_to=TODAY)
    over = admin.patch(path, {"valid_to": str(day)})
    assert (over.status_code, over.json()["code"]) == (409, "post.over")


def test_a_stranger_moves_nobody(world: World) -> None:
    path = f"/api/posts/{world['department_clerk'].post.pk}"
    stranger = api_as(world.stranger("administrator"))
    assert stranger.patch(path, {"valid_to": None}).status_code == 404
    body = {"unit_id": world.unit("D-SW").pk, "role": "department_clerk"}
    assert stranger.post(f"{path}/move", body).status_code == 404
