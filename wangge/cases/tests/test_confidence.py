"""The department complained of tries every door to the reporter; who may look does so on the record."""

import io
import json
import re
import uuid
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wangge.cases.actions.confidence import MOST_REVEALED
from wangge.cases.evidence.tests import samples
from wangge.cases.models import Assignment, Category, Scheme
from wangge.cases.queries.news import View, audiences, lines
from wangge.core import clock
from wangge.core.models import JournalEntry
from wangge.insight.tests.exporting import exported
from wangge.testing.client import api_as
from wangge.testing.pdf import squeezed, text_of_pdf
from wangge.testing.world import World

NAME, PHONE = "欧阳小明", "13951234567"
WORDS = f"我是{NAME}，电话 139-5123-4567，城管队员态度恶劣"
TELLING = (NAME, PHONE, "139-5123", "5123-4567", "139****4567", "欧阳**")
# The middle of the number alone; instants, ids and hashes hold those digits by chance.
MIDDLE = re.compile(r"(?<![0-9a-f.-])5123(?![0-9a-f-])")


@pytest.fixture
def category(db: None) -> int:
    scheme = Scheme.objects.create(
        code="TEST", version="1", name_zh="测试", name_en="Test", source="test", valid_from="2020-01-01"
    )
    return Category.objects.create(scheme=scheme, code="01", path="01/", name_zh="队伍作风", is_complaint=True).pk


@pytest.fixture
def case(world: World, category: int) -> Any:
    """A complaint about one branch, with the water authority; the other branch of the same department sees it, because
    it was to assist before anybody said whom the complaint is about (another system's case)."""
    seat = api_as(world["street_seat"])
    picture = seat.send_files(
        "/api/evidence",
        {"file": SimpleUploadedFile(f"{NAME}拍的.jpg", samples.picture())},
        from_reporter="true",
    ).json()
    answer = seat.post(
        "/api/cases",
        {
            "source": "telephone",
            "title": "投诉城管队员",
            "description": WORDS,
            "lon": 118.7905,
            "lat": 32.0205,
            "category_id": category,
            "complained_id": world.unit("D-CG-2").pk,
            "reporter": {"name": NAME, "phone": PHONE},
            "evidence": [picture["id"]],
        },
    )
    assert answer.status_code == 201, answer.content.decode()
    made = answer.json() | {"picture": picture["id"]}
    for move, body in (
        ("accept", {}),
        ("contact", {"text": f"已电话联系{NAME}，愿意接受回访"}),
        ("dispatch", {"lead_id": world.unit("D-SW").pk}),
    ):
        done = seat.post(f"/api/cases/{made['id']}/{move}", body)
        assert done.status_code == 200, done.content.decode()
    branch, at = world.unit("D-CG-1"), clock.now()
    Assignment.objects.create(
        case_id=made["id"], unit=branch, unit_path=branch.path, role="assist", reported_at=at, dispatched_at=at
    )
    return made


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def assert_tells_nothing(text: str, door: str) -> None:
    for telling in TELLING:
        assert telling not in text, f"{door} tells {telling}"
    assert not MIDDLE.search(text), f"{door} tells the middle of the number"


@pytest.mark.parametrize("written", [PHONE, "139-5123-4567", "139-5123", "5123-4567", "139 5123 4567", "尾号前是5123"])
def test_a_number_is_found_in_each_way_of_writing_it(written: str) -> None:
    with pytest.raises(AssertionError):
        assert_tells_nothing(f"来电{written}。", "a door")


@pytest.mark.parametrize("who", ["department_clerk", "department_leader"])
def test_the_department_complained_of_tries_every_door(world: World, case: Any, who: str) -> None:
    api, path = api_as(world[who]), f"/api/cases/{case['id']}"
    assert api.get(f"{path}/evidence").status_code == 200, "it assists, so it sees the case"
    doors: dict[str, Any] = {
        "list": api.get("/api/cases"),
        "detail": api.get(path),
        "search by phone": api.post("/api/cases/search", {"phone": PHONE}),
        "search by number in the words": api.get("/api/cases", q="139-5123-4567"),
        "search by name": api.get("/api/cases", q=NAME),
        "export": exported(api),
        "map": api.get("/api/cases/map", west=118.7, south=32.0, east=118.9, north=32.1, zoom=16),
        "possible duplicates": api.get("/api/cases/duplicates", lon=118.7905, lat=32.0205, title=NAME),
        "journal": api.get("/api/journal"),
        "evidence list": api.get(f"{path}/evidence"),
        "evidence": api.get(f"/api/evidence/{case['picture']}"),
        "picture": api.get(f"/api/evidence/{case['picture']}/served"),
        "thumbnail": api.get(f"/api/evidence/{case['picture']}/small"),
        "original": api.get(f"/api/evidence/{case['picture']}/original"),
        "release": api.patch(f"/api/evidence/{case['picture']}", {"is_released": True}),
        "reveal": api.post(f"{path}/reveal", {"purpose": "call_back", "reason": "回访"}),
        "pdf": api.get(f"{path}/file.pdf"),
        "pdf in clear": api.get(f"{path}/file.pdf", purpose="call_back", reason="回访"),
        "zip": api.get(f"{path}/file.zip"),
        "zip in clear": api.get(f"{path}/file.zip", purpose="legal", reason="调取"),
    }
    assert case["id"] in str(doors["list"].json()) and doors["detail"].json()["reporters"] is None
    for door in ("search by phone", "search by number in the words", "search by name"):
        assert doors[door].json()["items"] == [], f"{door}: that it finds something would tell"
    for door in ("evidence", "picture", "thumbnail", "original", "release"):
        assert doors[door].status_code == 404, door
    for door in ("reveal", "pdf in clear", "zip in clear"):
        assert doors[door].status_code == 403, door
    assert doors["pdf"].status_code == 200
    assert doors["zip"].status_code == (200 if who == "department_leader" else 403)
    for door, answer in doors.items():
        content = content_of(answer)
        if answer["Content-Type"] == "application/pdf":
            assert_tells_nothing(squeezed(text_of_pdf(content)), door)
        elif answer["Content-Type"] == "application/zip":
            archive = zipfile.ZipFile(io.BytesIO(content))
            assert archive.namelist() == ["case.pdf", "case.json", "manifest.txt"], "nothing the reporter sent"
            assert_tells_nothing(str(json.loads(archive.read("case.json"))), door)
            assert json.loads(archive.read("case.json"))["reporter"]["shown"] == "hidden"
            assert_tells_nothing(squeezed(text_of_pdf(archive.read("case.pdf"))), door)
        elif "json" in answer["Content-Type"]:
            assert_tells_nothing(str(json.loads(content)), door)  # as text: JSON may spell 名 as \u540d
        else:
            assert_tells_nothing(content.decode(), door)


def test_the_feed_row_of_the_department_complained_of_tells_nothing(world: World, case: Any) -> None:
    """What `live` sends to each screen is made by these two; the seat's row is the same case in full."""
    case_id = uuid.UUID(case["id"])
    audience, rows = audiences([case_id])[case_id], lines([case_id], ["zh"])[case_id]
    clerk, seat = audience.view_of(world["department_clerk"].actor), audience.view_of(world["street_seat"].actor)
    assert (clerk, seat) == (View.WITHHELD, View.WHOLE)
    assert_tells_nothing(json.dumps(rows[View.PLAIN, "zh"], default=str, ensure_ascii=False), "feed row")


def test_nothing_of_the_reporter_is_in_the_journal(world: World, case: Any) -> None:
    seat = api_as(world["street_seat"])
    seat.post(f"/api/cases/{case['id']}/reveal", {"purpose": "call_back", "reason": f"给{NAME} {PHONE}回电"})
    for entry in JournalEntry.objects.all():
        assert_tells_nothing(json.dumps(entry.data, ensure_ascii=False) + "".join(entry.changed), entry.kind)


def test_a_department_not_complained_of_is_told_nothing_either(world: World, case: Any) -> None:
    """Only those who must call back know: the water authority handles the case and still does not learn it."""
    api = api_as(world.stranger("department_leader"))
    assert api.post(f"/api/cases/{case['id']}/reveal", {"purpose": "on_site", "reason": "上门"}).status_code == 403
    assert_tells_nothing(squeezed(text_of_pdf(content_of(api.get(f"/api/cases/{case['id']}/file.pdf")))), "pdf")


def test_a_seat_reveals_for_a_purpose_and_it_is_on_the_record(world: World, case: Any) -> None:
    seat, path = api_as(world["street_seat"]), f"/api/cases/{case['id']}/reveal"
    assert seat.post(path, {"purpose": "curiosity", "reason": "想看"}).status_code == 422
    assert seat.post(path, {"purpose": "call_back", "reason": " "}).status_code == 422
    assert not JournalEntry.objects.filter(kind="reporter.revealed").exists()
    found = seat.post(path, {"purpose": "call_back", "reason": "回访满意度"})
    assert found.status_code == 200 and found.json()[0]["name"] == NAME and found.json()[0]["phone"] == PHONE
    entry = JournalEntry.objects.get(kind="reporter.revealed")
    assert (entry.subject_id, entry.actor_name) == (case["id"], "钱街道")
    assert (entry.data["purpose"], entry.data["reason"]) == ("call_back", "回访满意度")
    for other, status in {"stranger_street_seat": 404, "grid_worker": 403, "assessor": 403, "auditor": 404}.items():
        assert api_as(world[other]).post(path, {"purpose": "call_back", "reason": "回访"}).status_code == status, other


def test_revealing_too_often_is_stopped(world: World, case: Any) -> None:
    seat, path = api_as(world["street_seat"]), f"/api/cases/{case['id']}/reveal"
    body = {"purpose": "call_back", "reason": "回访"}
    assert [seat.post(path, body).status_code for _ in range(MOST_REVEALED)] == [200] * MOST_REVEALED
    answer = seat.post(path, body)
    assert answer.status_code == 429 and answer.json()["code"] == "too_often"
    assert api_as(world["commander"]).post(path, body).status_code == 200, "the pace is each person's own"


def test_what_was_told_in_confidence_is_the_holders_alone(world: World, category: int) -> None:
    seat = api_as(world["street_seat"])
    body = {"source": "telephone", "title": "举报", "lon": 118.7905, "lat": 32.0205, "category_id": category}
    reporter = {"name": NAME, "phone": PHONE, "is_confidential": True}
    case = seat.post("/api/cases", body | {"reporter": reporter}).json()
    ask = {"purpose": "verify", "reason": "核实"}
    assert seat.post(f"/api/cases/{case['id']}/reveal", ask).status_code == 200
    answer = api_as(world["community"]).post(f"/api/cases/{case['id']}/reveal", ask)
    assert answer.status_code == 403 and answer.json()["code"] == "reporter.confidential"


def test_the_case_file_names_its_reader_and_stands_in_the_journal(world: World, case: Any) -> None:
    seat, path = api_as(world["street_seat"]), f"/api/cases/{case['id']}"
    masked = squeezed(text_of_pdf(content_of(seat.get(f"{path}/file.pdf"))))
    assert "钱街道" in masked and "欧阳**" in masked and "139****4567" in masked and case["number"] in masked
    clear = squeezed(text_of_pdf(content_of(seat.get(f"{path}/file.pdf", purpose="legal", reason="法院调取"))))
    assert PHONE in clear and "依法调取" in clear
    english = api_as(world["street_seat"], language="en")
    assert "telephone" in squeezed(text_of_pdf(content_of(english.get(f"{path}/file.pdf"))))
    kinds = JournalEntry.objects.filter(subject_id=case["id"]).order_by("id").values_list("kind", "data__reporter")
    assert [row for row in kinds if row[0] == "case.export"] == [
        ("case.export", "masked"),
        ("case.export", "revealed"),
        ("case.export", "masked"),
    ]
    archive = zipfile.ZipFile(io.BytesIO(content_of(seat.get(f"{path}/file.zip"))))
    assert len([name for name in archive.namelist() if name.startswith("evidence/")]) == 1
    assert api_as(world["grid_worker"]).get(f"{path}/file.zip").status_code == 403
    assert api_as(world.stranger("street_seat")).get(f"{path}/file.pdf").status_code == 404
