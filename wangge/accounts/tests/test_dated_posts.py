"""A post that ends by its date: nobody acts in it from that day on, and the worker says so once."""

from datetime import timedelta

from wangge.accounts import tasks
from wangge.accounts.models import Post, Session, Unit
from wangge.core import clock
from wangge.core.models import JournalEntry
from wangge.testing.client import api_as
from wangge.testing.moments import at_moment
from wangge.testing.world import World


def entries() -> list[tuple[str, str]]:
    found = JournalEntry.objects.filter(kind__in=["post.ended", "session.ended"]).order_by("id")
    return list(found.values_list("kind", "subject_id"))


def test_a_post_that_ends_by_its_date_is_journalled_once_and_its_sessions_end(world: World) -> None:
    with at_moment("2026-03-02T15:59:00Z") as now:  # 23:59 in Beijing
        post = world["street_seat"].post
        api = api_as(world["street_seat"])
        session = Session.objects.get(post=post)
        Post.objects.filter(pk=post.pk).update(valid_to=clock.today() + timedelta(days=1))
        tasks.end_posts()
        assert api.get("/api/session").status_code == 200 and entries() == []
        now.shift(timedelta(minutes=1))
        assert api.get("/api/session").json()["code"] == "session.post_ended"
        tasks.end_posts()
        tasks.end_posts()
        assert entries() == [("post.ended", str(post.pk)), ("session.ended", str(session.pk))]
        ended = Session.objects.get(pk=session.pk)
        assert ended.ended_by == "post_ended" and Post.objects.get(pk=post.pk).ended_at == clock.now()
        entry = JournalEntry.objects.get(kind="post.ended")
        assert (entry.actor_kind, entry.unit_paths) == ("system", [world["street_seat"].unit.path])


def test_a_post_revoked_before_is_not_said_to_end(world: World) -> None:
    post = world["street_seat"].post
    Post.objects.filter(pk=post.pk).update(valid_to=clock.today(), revoked_at=clock.now())
    tasks.end_posts()
    assert entries() == []


def test_a_post_does_not_outlast_its_unit(world: World) -> None:
    ends = clock.today() + timedelta(days=10)
    unit = world.unit("D-GA")
    Unit.objects.filter(pk=unit.pk).update(valid_to=ends)
    admin, person = api_as(world["administrator"]), world["street_seat"].user.pk
    body = {"account_id": person, "unit_id": unit.pk, "role": "assessor"}
    for field, wrong in (
        ("valid_to", {"valid_to": str(ends + timedelta(days=1))}),
        ("valid_from", {"valid_from": str(ends)}),
    ):
        refused = admin.post("/api/posts", body | wrong)
        assert (refused.status_code, list(refused.json()["fields"])) == (422, [field])
    open_ended = admin.post("/api/posts", body)
    assert (open_ended.status_code, open_ended.json()["valid_to"]) == (201, str(ends))
    sooner = admin.post("/api/posts", body | {"role": "department_clerk", "valid_to": str(ends - timedelta(days=1))})
    assert (sooner.status_code, sooner.json()["valid_to"]) == (201, str(ends - timedelta(days=1)))
