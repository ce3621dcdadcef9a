"""A department that handles a case may not know who reported it, and no list, search or file tells it by the way."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wangge.cases.evidence.tests import samples
from wangge.cases.models import Attachment, Case, Whistle
from wangge.cases.queries import maps
from wangge.cases.rules.confidence import without_names
from wangge.cases.rules.states import State
from wangge.cases.tests.factories import make_case
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.world import World

NAME, PHONE = "欧阳听雨", "13951234567"
WORDS = f"我是{NAME}，电话１３９-5123.4567，井盖没了"


@pytest.fixture
def case(world: World) -> Case:
    return make_case(
        world,
        State.HANDLING,
        lead="D-CG-1",
        code=town.GRID,
        title=f"{NAME}反映井盖缺失",
        description=WORDS,
        phone=PHONE,
        reporter=NAME,
        lon=118.7905,
        lat=32.0205,
    )


def found(world: World, who: str, q: str) -> list[str]:
    return [row["id"] for row in api_as(world[who]).get("/api/cases", q=q).json()["items"]]


def on_map(world: World, who: str, q: str) -> int:
    box = {"west": 118.7, "south": 32.0, "east": 118.9, "north": 32.1, "zoom": 16}
    return int(api_as(world[who]).get("/api/cases/map", q=q, **box).json()["count"])


@pytest.mark.parametrize("q", [NAME, "听雨", "139-5123", "¹³⁹", "139", "5123"])
def test_what_is_struck_out_when_read_is_not_found(world: World, case: Case, q: str) -> None:
    assert found(world, "department_clerk", q) == [] and on_map(world, "department_clerk", q) == 0
    assert found(world, "department_clerk", "井盖") == [str(case.pk)] and on_map(world, "department_clerk", "井盖") == 1


def test_whoever_calls_back_finds_by_name(world: World, case: Case) -> None:
    assert found(world, "street_seat", NAME) == [str(case.pk)] and on_map(world, "street_seat", NAME) == 1


def test_whoever_calls_back_has_every_case_on_the_map_and_others_are_told_of_a_limit(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        make_case(world, State.HANDLING, lead="D-CG-1", title=f"井盖{number}", lon=118.79, lat=32.02)
    monkeypatch.setattr(maps, "READ_AT_MOST", 2)
    box = {"west": 118.7, "south": 32.0, "east": 118.9, "north": 32.1, "zoom": 16, "q": "井盖"}
    whole = api_as(world["street_seat"]).get("/api/cases/map", **box).json()
    part = api_as(world["department_clerk"]).get("/api/cases/map", **box).json()
    assert (whole["count"], whole["is_cut"]) == (4, False)
    assert (part["count"], part["is_cut"]) == (2, True)


def test_whistles_are_read_like_the_case(world: World, case: Case) -> None:
    with acting(Actor.system("test")):
        Whistle.objects.create(
            id=new_id(),
            number="CS1",
            case=case,
            code=case.current_grid,
            by_unit_path=world.unit(town.COMMUNITY).path,
            by_name="网格员",
            centre=world.unit(town.STREET),
            reason=WORDS,
            called_at=clock.now(),
        )
    for who, knows in (("department_clerk", False), ("street_seat", True)):
        told = str(api_as(world[who]).get("/api/whistles").json())
        assert "CS1" in told and (NAME in told) is knows and ("5123" in told) is knows


def test_the_name_of_a_file_and_its_place_stay_with_the_centre(world: World, case: Case) -> None:
    seat = api_as(world["street_seat"])
    file = SimpleUploadedFile(f"{NAME}家门口.jpg", samples.picture())
    piece = seat.send_files("/api/evidence", {"file": file}).json()["id"]
    assert seat.post(f"/api/cases/{case.pk}/note", {"text": "现场照片", "evidence": [piece]}).status_code == 200
    with acting(Actor.system("test")):
        Attachment.objects.filter(pk=piece).update(lon=118.791, lat=32.021)
    for path in (f"/api/cases/{case.pk}/evidence", f"/api/evidence/{piece}"):
        told, whole = str(api_as(world["department_clerk"]).get(path).json()), str(seat.get(path).json())
        assert piece in told and NAME not in told and "118.79" not in told
        assert NAME in whole and "118.79" in whole


@pytest.mark.parametrize(
    "text", ["１３８１３９１１１１１", "138.1391.1111", "84561234", "025-84561234", "320104199001011234", "¹³⁸¹³⁹¹¹¹¹¹"]
)
def test_numbers_are_struck_out_however_they_are_written(text: str) -> None:
    assert without_names(f"请打{text}，谢谢", []) == "请打＊＊，谢谢"


@pytest.mark.parametrize(
    "text", ["2026-11-20 14:30", "20261120晚上", "WG320104202611200001", "12345热线", "平安路38号1201室"]
)
def test_what_is_no_number_of_a_person_stays(text: str) -> None:
    assert without_names(text, []) == text
