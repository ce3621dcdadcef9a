"""草稿: an intake half done is taken up on another machine by the same post, and by nobody else."""

from datetime import timedelta
from typing import Any

from wangge.cases.actions.retention import LOOSE_KEPT, forget_loose_evidence
from wangge.cases.models import Attachment
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.desk.actions.drafts import KEPT, MOST, end_old_drafts
from wangge.desk.models import Draft
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

PHONE = "13912345678"
TYPED = {"title": "路灯不亮", "phone": PHONE, "address": "听雨路 3 号", "source": "telephone"}


def keeps(api: Api, draft_id: Any, *, version: int = 0, evidence: list[str] | None = None, **typed: Any) -> Any:
    body = {"values": TYPED | typed, "version": version, "evidence": evidence or []}
    return api.put(f"/api/drafts/{draft_id}", body)


def test_what_was_typed_at_one_machine_is_taken_up_at_another(world: World) -> None:
    draft_id = new_id()
    assert keeps(api_as(world["street_seat"]), draft_id).json()["version"] == 1
    elsewhere = api_as(world["street_seat"])
    [line] = elsewhere.get("/api/drafts").json()
    assert (line["title"], line["phone"]) == ("路灯不亮", "139****5678")
    assert elsewhere.get(f"/api/drafts/{draft_id}").json()["values"] == TYPED


def test_a_draft_is_sealed_where_it_lies(world: World) -> None:
    keeps(api_as(world["street_seat"]), new_id())
    with acting(Actor.system("test")):
        sealed = bytes(Draft.objects.get().sealed)
    assert PHONE.encode() not in sealed
    assert "路灯".encode() not in sealed
    assert JournalEntry.objects.get(kind="draft.begun").data == {}


def test_nobody_else_sees_or_writes_it(world: World) -> None:
    draft_id = new_id()
    keeps(api_as(world["street_seat"]), draft_id)
    for who in ("community", "commander", "stranger_street_seat"):
        other = api_as(world.people[who])
        assert other.get("/api/drafts").json() == []
        assert other.get(f"/api/drafts/{draft_id}").status_code == 404
        assert keeps(other, draft_id, title="改掉").status_code == 404
        assert other.delete(f"/api/drafts/{draft_id}").status_code == 204
        with acting(world.people[who].actor):
            assert Draft.objects.count() == 0, who
    assert api_as(world["street_seat"]).get(f"/api/drafts/{draft_id}").json()["title"] == "路灯不亮"


def test_two_machines_do_not_write_over_each_other(world: World) -> None:
    draft_id, seat = new_id(), api_as(world["street_seat"])
    keeps(seat, draft_id)
    assert keeps(seat, draft_id, version=1, title="路灯不亮，晚上很黑").json()["version"] == 2
    refused = keeps(api_as(world["street_seat"]), draft_id, version=1, title="路灯坏了")
    assert (refused.status_code, refused.json()["code"]) == (409, "draft.changed")
    assert refused.json()["data"]["version"] == 2


def test_a_save_whose_answer_was_lost_is_sent_again(world: World) -> None:
    draft_id, seat = new_id(), api_as(world["street_seat"])
    first = keeps(seat, draft_id).json()
    assert keeps(seat, draft_id).json() == first
    assert keeps(seat, draft_id, version=1, title="改").json() == keeps(seat, draft_id, version=1, title="改").json()


def test_a_draft_that_was_sent_elsewhere_does_not_come_back(world: World) -> None:
    draft_id, seat = new_id(), api_as(world["street_seat"])
    keeps(seat, draft_id)
    assert seat.delete(f"/api/drafts/{draft_id}").status_code == 204
    assert seat.delete(f"/api/drafts/{draft_id}").status_code == 204
    assert keeps(seat, draft_id, version=1, title="改").json()["code"] == "draft.ended"
    assert seat.get("/api/drafts").json() == []


def test_drafts_have_an_end_in_size_and_number(world: World) -> None:
    seat = api_as(world["street_seat"])
    assert set(keeps(seat, new_id(), description="长" * 40_000).json()["fields"]) == {"values"}
    for _ in range(MOST):
        assert keeps(seat, new_id()).status_code == 200
    assert keeps(seat, new_id()).json()["code"] == "draft.too_many"


def test_a_draft_untouched_for_seven_days_is_erased(world: World) -> None:
    keeps(api_as(world["street_seat"]), new_id())
    at = clock.now() + KEPT
    by = Actor.system("retention")
    with acting(by):
        assert end_old_drafts(by=by, at=at - timedelta(hours=1), limit=10) == 0
        assert end_old_drafts(by=by, at=at + timedelta(hours=1), limit=10) == 1
        assert not Draft.objects.exists()


def test_evidence_waits_as_long_as_its_draft(world: World) -> None:
    seat, draft_id, at = api_as(world["street_seat"]), new_id(), clock.now()
    kept, loose = (_piece(world) for _ in range(2))
    keeps(seat, draft_id, evidence=[str(kept)])
    by = Actor.system("retention")
    with acting(by):
        forget_loose_evidence(by=by, at=at + LOOSE_KEPT + timedelta(hours=1))
        assert set(Attachment.objects.values_list("pk", flat=True)) == {kept}
    assert loose != kept
    seat.delete(f"/api/drafts/{draft_id}")
    with acting(by):
        forget_loose_evidence(by=by, at=at + LOOSE_KEPT + timedelta(hours=1))
        assert not Attachment.objects.exists()


def _piece(world: World) -> Any:
    piece_id = new_id()
    with acting(Actor.system("test")):
        Attachment(
            id=piece_id,
            kind="picture",
            name="a.jpg",
            mime="image/jpeg",
            size=1,
            sha256=piece_id.hex * 2,
            served_sha256=piece_id.hex * 2,
            by_post=world["street_seat"].post.pk,
            at=clock.now(),
        ).save(force_insert=True)
    return piece_id
