"""Evidence over HTTP: who may see it, what is refused, what is told of it."""

import hashlib
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from wangge.cases import files
from wangge.cases.configuration import REVISION
from wangge.cases.doubts import MOST_TWINS
from wangge.cases.evidence.store import ContentStore, StoreFull
from wangge.cases.evidence.tests import samples
from wangge.cases.models import Attachment, Category, Look, Scheme
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.core.models import JournalEntry
from wangge.core.revisions import bump
from wangge.testing.client import Api, anybody, api_as
from wangge.testing.world import World

PLACE = (118.7905, 32.0205)
TAKEN = "2026:01:02 10:00:00"


@pytest.fixture
def category(db: None) -> int:
    scheme = Scheme.objects.create(
        code="TEST", version="1", name_zh="测试", name_en="Test", source="test", valid_from="2020-01-01"
    )
    return Category.objects.create(scheme=scheme, code="01", path="01/", name_zh="路面塌陷", name_en="Collapse").pk


def send(api: Api, content: bytes, name: str = "a.jpg", **fields: Any) -> Any:
    return api.send_files("/api/evidence", {"file": SimpleUploadedFile(name, content)}, **fields)


def sent(api: Api, content: bytes, **fields: Any) -> Any:
    answer = send(api, content, **fields)
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def report(api: Api, category: int, **values: Any) -> Any:
    body = {"source": "telephone", "title": "路面塌陷", "lon": PLACE[0], "lat": PLACE[1], "category_id": category}
    answer = api.post("/api/cases", body | values)
    assert answer.status_code == 201, answer.content.decode()
    return answer.json()


def body_of(answer: Any) -> bytes:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    let_go(answer)
    return bytes(content)


def kinds_of(piece: Any) -> set[str]:
    return {one["kind"] for one in piece["warnings"]}


def status_of(answer: Any) -> int:
    let_go(answer)
    return int(answer.status_code)


def let_go(answer: Any) -> None:
    """Its file; `answer.close()` would end the request, and with it the connection this test's transaction is on."""
    for closer in answer._resource_closers:
        closer()


def test_a_picture_tells_place_and_time_and_what_is_served_tells_nothing(world: World, category: int) -> None:
    seat = api_as(world["street_seat"])
    piece = sent(seat, samples.picture(place=PLACE, taken="2026:01:02 10:00:00"), photo_type="near")
    assert piece["lon"] == pytest.approx(PLACE[0], abs=1e-5) and piece["taken_at"].startswith("2026-01-02T02:00")
    case = report(seat, category, evidence=[piece["id"]])
    assert [one["id"] for one in seat.get(f"/api/cases/{case['id']}/evidence").json()] == [piece["id"]]
    for variant in ("served", "small", "medium"):
        answer = seat.get(f"/api/evidence/{piece['id']}/{variant}")
        assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
        content = body_of(answer)
        assert content and b"TELLTALE" not in content and b"Exif" not in content
        assert answer["X-Content-Type-Options"] == "nosniff" and answer["Cache-Control"] == "private, no-cache"
    original = seat.get(f"/api/evidence/{piece['id']}/original")
    assert b"TELLTALE" in body_of(original) and original["Content-Disposition"].startswith("attachment")
    assert JournalEntry.objects.filter(kind="evidence.original_read", subject_id=case["id"]).count() == 1


def test_only_who_sees_the_case_sees_its_evidence(world: World, category: int) -> None:
    seat = api_as(world["street_seat"])
    piece = sent(seat, samples.picture())
    loose = f"/api/evidence/{piece['id']}"
    assert api_as(world["district_seat"]).get(loose).status_code == 404, "not tied yet: its sender's alone"
    report(seat, category, evidence=[piece["id"]])
    for key, status in {
        "district_seat": 200,
        "commander": 200,
        "stranger_street_seat": 404,
        "department_clerk": 404,
        "administrator": 404,
        "auditor": 404,
    }.items():
        api = api_as(world[key])
        for path in (loose, f"{loose}/served", f"{loose}/small"):
            assert status_of(api.get(path)) == status, (key, path)
    assert api_as(world["stranger_street_seat"]).get(f"{loose}/original").status_code == 404
    assert anybody().get(f"{loose}/served").status_code == 401
    assert api_as(world["grid_worker"]).get(f"{loose}/original").status_code == 403, "no right to export"


def test_knowing_a_hash_opens_nothing(world: World, category: int) -> None:
    """The stranger sends the same bytes: they get their own row, and no way to the other one."""
    seat, stranger = api_as(world["street_seat"]), api_as(world["stranger_street_seat"])
    piece = sent(seat, samples.picture())
    report(seat, category, evidence=[piece["id"]])
    own = sent(stranger, samples.picture())
    assert own["sha256"] == piece["sha256"] and own["id"] != piece["id"] and own["case_id"] is None
    assert stranger.get(f"/api/evidence/{piece['id']}").status_code == 404
    for name in (piece["sha256"], f"{piece['sha256']}/served"):
        assert not stranger.get(f"/api/evidence/{name}")["Content-Type"].startswith("image/")


def test_a_piece_goes_to_one_case_only_and_only_by_its_sender(world: World, category: int) -> None:
    seat = api_as(world["street_seat"])
    piece = sent(seat, samples.picture())
    body = {"source": "telephone", "title": "又一件", "code": "320104001", "evidence": [piece["id"]]}
    assert api_as(world["district_seat"]).post("/api/cases", body).status_code == 422
    report(seat, category, evidence=[piece["id"]])
    again = seat.post("/api/cases", body)
    assert again.status_code == 422 and "evidence" in again.json()["fields"]


def test_a_seat_ties_evidence_to_a_case_beyond_its_own_area(world: World, category: int) -> None:
    """What is reported may lie in the next street: the policy under the table must not turn that into a failure."""
    seat = api_as(world["street_seat"])
    piece = sent(seat, samples.picture())
    case = report(seat, category, lon=118.8105, lat=32.0205, evidence=[piece["id"]])
    assert case["grid"].startswith("320104002")
    with acting(Actor.system("test")):
        assert str(Attachment.objects.get(pk=piece["id"]).case_id) == case["id"]


def test_a_picture_used_before_is_told_and_only_its_own_area_learns_where(world: World, category: int) -> None:
    seat, stranger = api_as(world["street_seat"]), api_as(world["stranger_street_seat"])
    case = report(seat, category, evidence=[sent(seat, samples.picture())["id"]])
    smaller = samples.picture(size=(512, 384), taken=TAKEN)
    assert [one["data"]["number"] for one in sent(seat, smaller)["warnings"]] == [case["number"]]
    told = sent(stranger, smaller)["warnings"]
    assert [one["kind"] for one in told] == ["reused"] and case["number"] not in str(told)


def test_the_very_same_file_is_told_apart_from_one_that_looks_alike(world: World, category: int) -> None:
    seat = api_as(world["street_seat"])
    case = report(seat, category, evidence=[sent(seat, samples.picture(taken=TAKEN))["id"]])
    again = sent(seat, samples.picture(taken=TAKEN))["warnings"]
    assert [(one["kind"], one["data"]["number"]) for one in again] == [("same_file", case["number"])]


def test_a_file_sent_hundreds_of_times_does_not_hide_another(world: World, category: int) -> None:
    seat = api_as(world["street_seat"])
    often, rare = samples.picture(taken=TAKEN), samples.picture(taken=TAKEN, shade=3)
    first = report(seat, category, evidence=[sent(seat, one)["id"] for one in (often, rare)])
    with acting(Actor.system("test")):
        model = Attachment.objects.get(case=first["id"], sha256=hashlib.sha256(often).hexdigest())
        for _ in range(MOST_TWINS):
            model.pk, model.at = new_id(), clock.now()
            model.save(force_insert=True)
    case = report(seat, category, evidence=[sent(seat, one)["id"] for one in (often, rare)])
    shown = seat.get(f"/api/cases/{case['id']}").json()["evidence"]
    told = [[one["data"]["number"] for one in piece["warnings"] if one["kind"] == "same_file"] for piece in shown]
    assert told == [[first["number"]], [first["number"]]]


def test_a_picture_without_metadata_is_a_hint_and_no_fault(world: World) -> None:
    seat = api_as(world["street_seat"])
    [told] = sent(seat, samples.picture())["warnings"]
    assert (told["kind"], told["is_hint"]) == ("no_metadata", True)
    assert sent(seat, samples.picture(taken=TAKEN))["warnings"] == []
    assert sent(seat, samples.wav(), name="call.wav")["warnings"] == []


def test_the_device_tells_the_place_where_the_file_does_not(world: World, category: int) -> None:
    seat = api_as(world["street_seat"])
    case = report(seat, category)
    piece = sent(seat, samples.picture(), case_id=case["id"], lon=PLACE[0] + 0.01, lat=PLACE[1])
    assert kinds_of(piece) == {"too_far", "no_metadata"}


def test_a_black_frame_is_not_called_used_again(world: World, category: int) -> None:
    seat = api_as(world["street_seat"])
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (64, 64)).save(out, "PNG")
    report(seat, category, evidence=[sent(seat, out.getvalue())["id"]])
    other = io.BytesIO()
    Image.new("RGB", (65, 64)).save(other, "PNG")
    assert kinds_of(sent(seat, other.getvalue())) == {"no_metadata"} and not Look.objects.exists()


def test_odd_places_and_times_are_told_against_the_case(world: World, category: int) -> None:
    seat = api_as(world["street_seat"])
    case = report(seat, category)
    old = (clock.local(clock.now()) - timedelta(days=3)).strftime("%Y:%m:%d %H:%M:%S")
    far = samples.picture(place=(PLACE[0] + 0.01, PLACE[1]), taken=old)
    piece = sent(seat, far, photo_type="after", case_id=case["id"])
    kinds = {one["kind"]: one for one in piece["warnings"]}
    assert set(kinds) == {"too_far", "taken_before_report"}
    assert 900 < kinds["too_far"]["data"]["distance_m"] < 1000
    assert "米" in kinds["too_far"]["message"]
    near = sent(seat, samples.picture(place=PLACE, shade=3), photo_type="after", case_id=case["id"])
    assert kinds_of(near) == set()


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("empty", b"", 422, "evidence.empty"),
        ("program", b"MZ\x90\0" + b"\0" * 500, 422, "evidence.kind_not_allowed"),
        ("page", b"<html><script>alert(1)</script></html>", 422, "evidence.kind_not_allowed"),
        ("cut short", samples.picture()[:2000], 422, "evidence.damaged"),
        ("polyglot", samples.picture() + samples.packed({"a.txt": b"x"}), 422, "evidence.disguised"),
        ("archive", samples.packed({"a.txt": b"x"}), 422, "evidence.kind_not_allowed"),
    ],
)
def test_what_is_refused(world: World, name: str, content: bytes, status: int, code: str) -> None:
    answer = send(api_as(world["street_seat"]), content, name="photo.jpg")
    assert (answer.status_code, answer.json()["code"] if content else code) == (status, code), answer.content
    with acting(Actor.system("test")):
        assert not Attachment.objects.exists()


def test_a_zip_bomb_is_refused_without_being_opened(world: World) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"\0" * 50_000_000)
    answer = send(api_as(world["street_seat"]), out.getvalue(), name="letter.docx")
    assert answer.status_code == 422 and answer.json()["code"] == "evidence.bomb"


def test_what_is_too_large_is_refused_by_kind(world: World, settings: Any) -> None:
    settings.EVIDENCE_MB = settings.EVIDENCE_MB | {"picture": 0}
    answer = send(api_as(world["street_seat"]), samples.picture())
    assert answer.status_code == 413 and answer.json()["code"] == "evidence.too_large"


def test_a_body_too_long_is_refused_by_its_header(world: World, settings: Any) -> None:
    settings.LONGEST_UPLOAD = 1000
    answer = send(api_as(world["street_seat"]), samples.picture())
    assert answer.status_code == 413 and answer.json()["code"] == "too_large"


def test_a_name_is_shown_without_what_could_mislead(world: World) -> None:
    seat = api_as(world["street_seat"])
    piece = sent(seat, samples.picture(), name="../../et\0c/\u202egpj.exe")
    assert piece["name"].endswith(".jpg") and not {"\0", "\u202e", "/"} & set(piece["name"])
    assert "\r" not in sent(seat, samples.picture(), name="a\r\nX-Evil: 1.jpg")["name"]


def test_nul_in_a_field_is_refused(world: World) -> None:
    answer = send(api_as(world["street_seat"]), samples.picture(), photo_type="ne\0ar")
    assert answer.status_code == 422


def test_a_film_can_be_sought_in(world: World) -> None:
    seat = api_as(world["street_seat"])
    piece = sent(seat, samples.wav(), name="call.wav")
    path = f"/api/evidence/{piece['id']}/served"
    whole = body_of(seat.get(path))

    def part(header: str) -> Any:
        return seat.client.get(path, headers=seat.headers | {"Range": header})

    answer = part("bytes=10-19")
    assert answer.status_code == 206 and body_of(answer) == whole[10:20]
    assert answer["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert body_of(part("bytes=-5")) == whole[-5:]
    assert body_of(part(f"bytes={len(whole) - 3}-")) == whole[-3:]
    assert part(f"bytes={len(whole)}-").status_code == 416
    assert status_of(part("bytes=5-2")) == status_of(part("lines=1-2")) == 200
    whole_again = seat.get(path)
    tag = whole_again["ETag"]
    let_go(whole_again)
    assert seat.client.get(path, headers=seat.headers | {"If-None-Match": tag}).status_code == 304


def test_documents_are_downloaded_never_shown(world: World) -> None:
    seat = api_as(world["street_seat"])
    piece = sent(seat, samples.pdf(), name="回执.pdf")
    answer = seat.get(f"/api/evidence/{piece['id']}/served")
    let_go(answer)
    assert answer["Content-Disposition"].startswith("attachment;") and "UTF-8''%E5" in answer["Content-Disposition"]


def test_a_full_disk_is_said_and_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full when the second file is written: no row, and nothing unfinished."""
    real = ContentStore.keep

    def full(self: ContentStore, file: Any) -> Any:
        if self.root.name == "served":
            raise OSError(28, "No space left on device")
        return real(self, file)

    monkeypatch.setattr(ContentStore, "keep", full)
    answer = send(api_as(world["street_seat"]), samples.picture())
    assert answer.status_code == StoreFull.status == 507 and answer.json()["code"] == "evidence.store_full"
    with acting(Actor.system("test")):
        assert not Attachment.objects.exists()
    assert not list((settings.FILES / "served" / "unfinished").iterdir())
    assert files.served().root.parent == settings.FILES


def test_sent_twice_with_one_key_is_one_piece(world: World) -> None:
    seat = api_as(world["street_seat"])
    key = {"Idempotency-Key": "019a0000-0000-7000-8000-000000000001"}

    def post(content: bytes) -> Any:
        file = SimpleUploadedFile("a.jpg", content)
        return seat.client.post("/api/evidence", {"file": file}, headers=seat.headers | key)

    first, again = post(samples.picture()).json(), post(samples.picture()).json()
    assert first == again
    assert post(samples.picture(shade=9)).status_code == 422


def test_the_holder_alone_releases_to_the_unit_complained_of(world: World, category: int) -> None:
    seat, clerk = api_as(world["street_seat"]), api_as(world["department_leader"])
    piece = sent(seat, samples.picture(), from_reporter="true")
    branch = world.unit("D-CG-2").pk
    case = report(seat, category, evidence=[piece["id"]], complained_id=branch)
    path = f"/api/evidence/{piece['id']}"
    assert clerk.get(path).status_code == 404
    assert api_as(world["district_seat"]).patch(path, {"is_released": True}).status_code == 403
    assert seat.patch(path, {"is_released": True}).json()["is_released"] is True
    assert JournalEntry.objects.get(kind="evidence.changed", subject_id=case["id"]).changed == ["is_released"]


def test_what_came_with_the_report_counts_as_before_and_what_is_finished_with_as_after(
    world: World, category: int
) -> None:
    # Given a category that asks for a picture before and one after
    Category.objects.filter(pk=category).update(evidence=["before", "after"], settle_on_spot=True)
    bump(REVISION)
    worker = api_as(world["grid_worker"])
    done = {"outcome": "solved", "text": "已回填"}

    # When a case without a picture is settled with one alone
    bare = report(worker, category, source="grid")
    answer = worker.post(
        f"/api/cases/{bare['id']}/settle", done | {"evidence": [sent(worker, samples.picture())["id"]]}
    )

    # Then one is missing; where the report brought one, the same is enough
    assert (answer.status_code, answer.json()["data"]["missing"]) == (422, ["before"])
    seen = report(worker, category, source="grid", evidence=[sent(worker, samples.picture(shade=30))["id"]])
    last = {"evidence": [sent(worker, samples.picture(shade=90))["id"]]}
    assert worker.post(f"/api/cases/{seen['id']}/settle", done | last).status_code == 200
