"""A queue that its phone could not send: only the centre opens it, and it is carried out once, in its maker's name."""

import base64
import io
import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from PIL import Image

from wangge.accounts.models import Post
from wangge.accounts.permissions import Permission
from wangge.cases.models import Attachment, Case, Step
from wangge.cases.parts import PART, Waiting
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.field.models import HandedIn
from wangge.field.rules.envelopes import seal_envelope
from wangge.field.tests import test_errands as errands
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

LON, LAT = town.point_in(town.GRID)


def entry(method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
    made = {"key": str(new_id()), "method": method, "path": path, "body": body, "subject": "", "after": []}
    return made | {"happened_at": clock.now().isoformat()} | more


def report(**more: Any) -> dict[str, Any]:
    body = {"source": "grid", "title": "楼道堆物", "lon": LON, "lat": LAT}
    return entry("POST", "/api/cases", body | more.pop("body", {}), **more)


def sealed(world: World, *entries: dict[str, Any], key: str = "grid_worker", **more: Any) -> bytes:
    house = api_as(world[key]).get("/api/field/house-key").json()
    content = {"post_id": world[key].post.pk, "user_id": world[key].user.pk, "name": "x", "entries": entries} | more
    envelope = seal_envelope(content, house["jwk"], b"0" * 12)
    return json.dumps(envelope | {"key_id": house["id"], "made_at": clock.now().isoformat(), "device": "d1"}).encode()


def send(api: Api, content: bytes, status: int = 201) -> Any:
    answer = api.send_files("/api/field/handed-in", {"file": SimpleUploadedFile("queue.json", content)})
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def carry(api: Api, row: Any) -> Any:
    answer = api.post(f"/api/field/handed-in/{row['id']}/carry-out")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def test_it_is_carried_out_once_in_its_makers_name(world: World) -> None:
    seat, content = api_as(world["community"]), sealed(world, report())
    row = send(seat, content)
    assert row["worker_name"] == "王小格" and row["counts"] == {"waiting": 1, "done": 0, "refused": 0}
    assert Case.objects.count() == 0, "opened is not carried out"
    assert carry(seat, row)["counts"]["done"] == 1 and carry(seat, row)["counts"]["done"] == 1
    assert send(seat, content)["id"] == row["id"]
    with acting(Actor.system("test")):
        case = Case.objects.get()
        assert Step.objects.get(case=case, kind="report").by_name == "王小格"
        assert case.reported_by_post == world["grid_worker"].post.pk
    kinds = JournalEntry.objects.filter(subject_type="handed_in").values_list("kind", "actor_name")
    assert ("handed_in.opened", "赵社区") in kinds and ("handed_in.carried_out", "赵社区") in kinds
    assert "楼道堆物" not in json.dumps(row, ensure_ascii=False)


def test_what_had_arrived_already_is_not_done_twice(world: World) -> None:
    line = report()
    first = api_as(world["grid_worker"]).post("/api/cases", line["body"], Idempotency_Key=line["key"])
    assert first.status_code == 201
    seat = api_as(world["community"])
    assert carry(seat, send(seat, sealed(world, line)))["counts"]["done"] == 1
    with acting(Actor.system("test")):
        assert Case.objects.count() == 1


def test_photos_come_before_the_report_that_names_them(world: World) -> None:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "green").save(out, "JPEG")
    piece = str(new_id())
    part = entry("PUT", f"/api/uploads/{piece}?part=1&parts=1&name=a.jpg")
    part["body_base64"] = base64.b64encode(out.getvalue()).decode()
    seat = api_as(world["community"])
    done = carry(seat, send(seat, sealed(world, part, report(body={"evidence": [piece]}, after=[part["key"]]))))
    assert done["counts"]["done"] == 2, done
    with acting(Actor.system("test")):
        assert Attachment.objects.get(pk=piece).case_id is not None


def test_what_follows_a_report_finds_the_case_that_it_made(world: World) -> None:
    first = report(subject="report:1")
    second = entry("POST", "/api/cases/@/note", {"text": "已当场清走"}, subject="report:1", after=[first["key"]])
    seat = api_as(world["community"])
    done = carry(seat, send(seat, sealed(world, first, second)))
    assert done["counts"]["done"] == 2, done["entries"]
    with acting(Actor.system("test")):
        assert Step.objects.get(kind="note").case == Case.objects.get()


def test_what_is_refused_says_why_and_holds_back_only_what_waits_for_it(world: World) -> None:
    errand = errands.give(world)
    path, now = f"/api/field/errands/{errand['id']}/moves", clock.now().isoformat()
    subject = f"errand:{errand['id']}"
    wrong = entry("POST", path, {"move": "return", "happened_at": now, "text": ""}, subject=subject)
    behind = entry("POST", path, {"move": "sign", "happened_at": now}, subject=subject)
    alien = entry("POST", "/api/accounts", {"username": "x"})
    seat = api_as(world["community"])
    done = carry(seat, send(seat, sealed(world, wrong, behind, alien, report())))
    states = [(line["state"], line["code"]) for line in done["entries"]]
    assert states == [
        ("refused", "invalid"),
        ("waiting", "handed_in.waits"),
        ("refused", "handed_in.not_queued"),
        ("done", ""),
    ]
    assert errands.ok(seat.get(f"/api/field/errands/{errand['id']}"))["workers"][0]["state"] == "given"


def test_what_was_refused_in_one_envelope_holds_back_its_subject_in_the_next(world: World) -> None:
    """A large case comes in several: a note after a refused one waits, another case's does not."""
    with acting(Actor.system("test")):
        one, other = made.handling(world, 2, at=clock.now())
    wrong = note_of(one, {"text": ""})
    behind, beside = note_of(one, {"text": "第二条"}), note_of(other, {"text": "另一件"})
    earlier, later = new_id(), new_id()
    first, second = (sealed(world, *said, key="department_clerk") for said in ((wrong,), (behind, beside)))
    assert send_from_phone(world, "department_clerk", first, envelope=earlier)["left"] == 1
    assert send_from_phone(world, "department_clerk", second, envelope=later)["left"] == 1
    with acting(Actor.system("test")):
        assert [step.case for step in Step.objects.filter(kind="note")] == [other]
        [waits, done] = HandedIn.objects.get(pk=later).entries
    assert [(waits["state"], waits["code"]), done["state"]] == [("waiting", "handed_in.waits"), "done"]


def note_of(case: Case, body: dict[str, Any]) -> dict[str, Any]:
    return entry("POST", f"/api/cases/{case.pk}/note", body, subject=f"case:{case.pk}")


def put(world: World, key: str, envelope: Any, part: int, parts: int, content: bytes, status: int = 200) -> Any:
    path = f"/api/field/handed-in/sent/{envelope}?part={part}&parts={parts}"
    answer = api_as(world[key]).put_bytes(path, content)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


def send_from_phone(world: World, key: str, content: bytes, status: int = 200, envelope: Any = None) -> Any:
    return put(world, key, envelope or new_id(), 1, 1, content, status)


def test_what_a_worker_left_unsent_is_carried_out_at_their_next_sign_in(world: World) -> None:
    content, envelope = sealed(world, report()), new_id()
    sent = send_from_phone(world, "grid_worker", content, envelope=envelope)
    assert sent["left"] == 0 and send_from_phone(world, "grid_worker", content, envelope=envelope) == sent
    assert send_from_phone(world, "grid_worker", content)["left"] == 0, "under another id it is the same"
    with acting(Actor.system("test")):
        assert Case.objects.get().reported_by_post == world["grid_worker"].post.pk
    kinds = JournalEntry.objects.filter(subject_type="handed_in").values_list("kind", "actor_name").order_by("id")
    assert list(kinds) == [("handed_in.sent", "王小格"), ("handed_in.carried_out", "王小格")]


def test_what_an_officer_left_unsent_is_carried_out_too(world: World) -> None:
    """Who is called to the spot has no pack, and a phone all the same."""
    with acting(Actor.system("test")):
        [case] = made.handling(world, 1, at=clock.now())
    done = entry("POST", f"/api/cases/{case.pk}/note", {"text": "已到现场"}, subject=f"case:{case.pk}")
    content = sealed(world, done, key="department_clerk")
    assert send_from_phone(world, "department_clerk", content)["left"] == 0
    with acting(Actor.system("test")):
        assert Step.objects.filter(case=case, kind="note").count() == 1
    entries = JournalEntry.objects.filter(subject_type="handed_in").values_list("actor_name", "permission")
    assert set(entries) == {("吴经办", Permission.CASE_HANDLE)}


def test_the_key_in_a_pack_is_the_one_told_alone(world: World) -> None:
    worker = api_as(world["grid_worker"])
    assert worker.get("/api/field/pack").json()["house_key"] == worker.get("/api/field/house-key").json()


def test_a_page_that_is_left_while_it_sends_and_begins_again_makes_one(committed_world: World) -> None:
    content, start, envelope = sealed(committed_world, report()), Barrier(2), new_id()

    def sent(_: int) -> Any:
        try:
            start.wait()
            return send_from_phone(committed_world, "grid_worker", content, envelope=envelope)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(sent, range(2))
    assert first == second and first["left"] == 0
    with acting(Actor.system("test")):
        assert Case.objects.count() == 1


def in_parts(content: bytes) -> list[bytes]:
    return [content[start : start + PART] for start in range(0, len(content), PART)]


def test_an_envelope_comes_in_parts_in_any_order_and_the_last_one_opens_it(
    world: World, django_capture_on_commit_callbacks: Any
) -> None:
    pieces, envelope = in_parts(sealed(world, report(body={"description": "很长" * 90_000}))), new_id()
    assert len(pieces) > 2
    at_the_door = f"/api/field/handed-in/sent/{envelope}"
    for number in (*range(len(pieces), 1, -1), 2):
        half = put(world, "grid_worker", envelope, number, len(pieces), pieces[number - 1])
        assert (half["done"], half["left"]) == (False, None)
    assert api_as(world["grid_worker"]).get(at_the_door).json()["received"] == [*range(2, len(pieces) + 1)]
    assert api_as(world["grid_chief"]).get(at_the_door).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        done = put(world, "grid_worker", envelope, 1, len(pieces), pieces[0])
    assert done["done"] and done["received"] == [*range(1, len(pieces) + 1)]
    assert put(world, "grid_worker", envelope, 2, len(pieces), pieces[1]) == done, "its answer was lost"
    assert not Waiting.of(envelope, post_id=world["grid_worker"].post.pk).received()


def test_an_id_that_another_queue_has_opens_nothing_else(world: World) -> None:
    envelope, other = new_id(), sealed(world, report(), key="grid_chief")
    send_from_phone(world, "grid_worker", sealed(world, report()), envelope=envelope)
    refused = send_from_phone(world, "grid_chief", other, 422, envelope)
    assert refused["code"] == "upload.other_content"
    with acting(Actor.system("test")):
        assert Case.objects.count() == 1


def test_what_somebody_else_left_on_the_phone_waits_for_the_centre(world: World) -> None:
    sent = send_from_phone(world, "stranger_grid_worker", sealed(world, report()))
    assert sent["left"] == 1
    seat = api_as(world["community"])
    assert carry(seat, sent)["counts"]["done"] == 1
    send_from_phone(world, "grid_worker", b"{}", 422)
    send_from_phone(world, "auditor", sealed(world, report()), 403)


def test_what_a_post_that_has_ended_left_is_opened_and_kept_but_not_carried_out(world: World) -> None:
    seat, at_a_desk, on_a_phone = api_as(world["community"]), sealed(world, report()), sealed(world, report())
    Post.objects.filter(pk=world["grid_worker"].post.pk).update(revoked_at=clock.now())
    row = send(seat, at_a_desk)
    assert (row["worker_name"], row["counts"]["waiting"]) == ("王小格", 1)
    assert send_from_phone(world, "stranger_grid_worker", on_a_phone)["left"] == 1
    refused = seat.post(f"/api/field/handed-in/{row['id']}/carry-out")
    assert (refused.status_code, refused.json()["code"]) == (409, "handed_in.post_over")
    assert errands.ok(seat.get("/api/field/handed-in"))["count"] == 2


HALF = "\ud83d"  # of a sign that the phone cut in two at the end of its field


def test_a_sign_cut_in_two_holds_back_its_own_entry_alone(world: World) -> None:
    seat, cut = api_as(world["community"]), report(body={"title": f"楼道堆物{HALF}"})
    done = carry(seat, send(seat, sealed(world, cut, report())))
    said = [(line["state"], line["code"]) for line in done["entries"]]
    assert said == [("refused", "text_not_storable"), ("done", "")]


@pytest.mark.parametrize(("odd", "kept"), [(HALF, "\ufffd"), ("\0", "")])
def test_what_is_shown_of_a_queue_is_text_that_can_be_kept(world: World, odd: str, kept: str) -> None:
    seat, line = api_as(world["community"]), entry("POST", f"/api/cases{odd}", subject=f"report:{odd}")
    envelope = json.loads(sealed(world, line)) | {"device": f"d{odd}1"}
    row = send(seat, json.dumps(envelope).encode())
    assert (row["device"], row["entries"][0]["path"]) == (f"d{kept}1", f"/api/cases{kept}")
    assert carry(seat, row)["counts"]["refused"] == 1


@pytest.mark.parametrize("path", ["//[", "/api/nothing", "/api/field/handed-in/x"])
def test_what_no_phone_queues_is_refused_and_nothing_waits_for_it(world: World, path: str) -> None:
    seat = api_as(world["community"])
    done = carry(seat, send(seat, sealed(world, entry("POST", path), report())))
    assert [line["state"] for line in done["entries"]] == ["refused", "done"]


def test_nobody_forges_another_posts_queue(world: World) -> None:
    seat = api_as(world["community"])
    other = world["grid_chief"].post.pk
    assert send(seat, sealed(world, report(), post_id=other), 422)["code"] == "handed_in.not_opened"
    mine = json.loads(sealed(world, report()))
    theirs = json.loads(sealed(world, report(), key="grid_chief"))
    swapped = json.dumps(mine | {"key_id": theirs["key_id"]}).encode()
    assert send(seat, swapped, 422)["code"] == "handed_in.not_opened"


def test_what_is_no_queue_or_of_somebody_elsewhere_is_not_opened(world: World) -> None:
    seat, good = api_as(world["community"]), sealed(world, report())
    torn = json.dumps(json.loads(good) | {"data": json.loads(good)["data"][:-8]}).encode()
    odd = sealed(world, report(after=5))
    for content in (odd, b"{}", b"[]", b"\xff", b"null", torn, json.dumps({"key_id": str(new_id())}).encode()):
        assert send(seat, content, 422)["code"] == "handed_in.not_opened"
    send(api_as(world["stranger_community"]), good, 404)
    send(api_as(world["grid_worker"]), good, 403)
