"""A theme is saved version by version, from a day on; what does not hang together is refused with the place of it."""

import copy
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from wangge.accounts.models import Session
from wangge.accounts.tasks import end_idle
from wangge.accounts.tests.signing import give_password, sign_in
from wangge.core import clock
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import anybody, api_as
from wangge.testing.world import World
from wangge.wall.definition import read
from wangge.wall.shipped import COMMAND_DEFINITION, EXAMPLES


def body(**values: Any) -> dict[str, Any]:
    given = {"name_zh": "平安", "name_en": "Safety", "valid_from": str(clock.today()), "after": 0}
    return given | {"definition": copy.deepcopy(COMMAND_DEFINITION)} | values


@pytest.mark.parametrize("definition", [COMMAND_DEFINITION, *(row[2] for row in EXAMPLES.values())])
def test_what_is_shipped_hangs_together(definition: dict[str, Any]) -> None:
    assert read(definition).panels


def test_a_change_is_a_version_from_its_day_on_and_on_the_journal(world: World) -> None:
    boss, wall = api_as(world["commander"]), api_as(world["wall"])
    assert wall.get("/api/wall/themes/command").json()["number"] == 0
    assert boss.put("/api/wall/themes/command", body(name_zh="新图")).json()["number"] == 1
    later = str(clock.today() + timedelta(days=1))
    assert boss.put("/api/wall/themes/command", body(name_zh="明天", valid_from=later, after=1)).json()["number"] == 2
    assert wall.get("/api/wall/themes/command").json()["name_zh"] == "新图"
    versions = boss.get("/api/wall/themes/command/versions").json()["items"]
    assert [one["number"] for one in versions] == [2, 1, 0]
    kept = JournalEntry.objects.filter(kind="wall.theme_saved", subject_id="command")
    assert [entry.actor_name for entry in kept] == ["周指挥", "周指挥"]
    late = boss.put("/api/wall/themes/command", body(after=1))
    assert (late.status_code, late.json()["code"]) == (409, "theme.changed")
    past = boss.put("/api/wall/themes/command", body(after=2, valid_from=str(clock.today() - timedelta(days=1))))
    assert past.status_code == 422 and "valid_from" in past.json()["fields"]


def test_a_theme_put_away_is_shown_to_nobody_but_its_editors(world: World) -> None:
    boss, wall = api_as(world["commander"]), api_as(world["wall"])
    assert boss.put("/api/wall/themes/flood", body(is_shown=False)).status_code == 200
    assert wall.get("/api/wall/themes/flood").status_code == 404
    assert "flood" not in [one["code"] for one in wall.get("/api/wall/themes").json()["items"]]
    assert "flood" in [one["code"] for one in boss.get("/api/wall/themes").json()["items"]]


def change(definition: dict[str, Any], what: str) -> None:
    match what:
        case "no such kind":
            definition["panels"][0]["kind"] = "clockwork"
        case "two of one id":
            definition["panels"].append(dict(definition["panels"][1]))
        case "not placed":
            definition["panels"].append({"id": "late", "kind": "alerts"})
        case "placed and not there":
            definition["wide"]["areas"][0][0] = "ghost"
        case "torn apart":
            definition["ultra"]["areas"][0][0], definition["ultra"]["areas"][2][5] = "feed", "numbers"
        case "a stock of a day":
            definition["panels"][0]["tiles"][2]["span"] = "today"
        case "hours of a part of a category":
            definition["categories"] = [{"scheme": "WG", "path": "01/0101/"}]
        case "departments that came, of a category":
            definition["categories"] = [{"scheme": "WG", "path": "01/"}]
        case "places of days":
            next(panel for panel in definition["panels"] if panel["id"] == "places")["span"] = "30"
        case "something nobody asked for":
            definition["script"] = "alert(1)"


WRONG = [
    "no such kind",
    "two of one id",
    "not placed",
    "placed and not there",
    "torn apart",
    "a stock of a day",
    "hours of a part of a category",
    "departments that came, of a category",
    "places of days",
    "something nobody asked for",
]


@pytest.mark.parametrize("what", WRONG)
def test_what_does_not_hang_together_is_refused(world: World, what: str) -> None:
    given = body()
    change(given["definition"], what)
    answer = api_as(world["commander"]).put("/api/wall/themes/flood", given)
    assert answer.status_code == 422 and any(name.startswith("definition") for name in answer.json()["fields"])


def test_weather_is_shown_with_its_time_until_it_is_old(world: World) -> None:
    boss, wall = api_as(world["commander"]), api_as(world["wall"])

    def say(hours: float, code: str = town.DISTRICT) -> int:
        at = (clock.now() - timedelta(hours=hours)).isoformat()
        return boss.post("/api/wall/weather", {"code": code, "observed_at": at, "text_zh": "小雨"}).status_code

    assert say(3.1) == 201
    assert wall.get("/api/wall/weather").json()["weather"] is None
    assert say(2.9) == 201
    assert wall.get("/api/wall/weather").json()["weather"]["text_zh"] == "小雨"
    assert api_as(world.stranger("wall")).get("/api/wall/weather").json()["weather"] is None
    assert say(0, town.OTHER_DISTRICT) == 403
    assert say(-1) == 422


def test_the_place_of_the_weather_may_be_written_with_all_its_digits(world: World) -> None:
    boss, wall = api_as(world["commander"]), api_as(world["wall"])
    given = {"observed_at": clock.now().isoformat(), "text_zh": "小雨"}
    assert boss.post("/api/wall/weather", given | {"code": town.DISTRICT.ljust(12, "0")}).status_code == 201
    assert wall.get("/api/wall/weather").json()["weather"]["code"] == town.DISTRICT
    refused = boss.post("/api/wall/weather", given | {"code": town.DISTRICT + "1"})
    assert refused.status_code == 422 and "code" in refused.json()["fields"]


def test_a_wall_stays_signed_in_and_a_seat_does_not(world: World) -> None:
    for who, hours, status in (("wall", 23, 200), ("wall", 25, 401), ("district_seat", 23, 401)):
        api = api_as(world[who])
        Session.objects.filter(user=world[who].user).update(
            seen_at=clock.now() - timedelta(hours=hours), started_at=clock.now() - timedelta(days=3)
        )
        end_idle()
        assert api.get("/api/wall/themes").status_code == status, (who, hours)


def test_a_walls_cookie_lasts_as_long_as_its_session(world: World) -> None:
    give_password(world["wall"])
    given = sign_in(anybody(), world["wall"])
    assert given.cookies["wangge_session"]["max-age"] == settings.STANDING_LONGEST.total_seconds()


def test_a_session_that_stands_for_weeks_may_do_nothing(world: World) -> None:
    officer = api_as(world["security_officer"])
    kept = ["wall.read", "session.standing"]
    assert officer.patch("/api/roles/wall", {"permissions": kept}).status_code == 200
    answer = officer.patch("/api/roles/wall", {"permissions": [*kept, "case.accept"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "role.stands_too_long")


def test_a_wall_account_writes_nothing(world: World) -> None:
    api = api_as(world["wall"])
    assert api.put("/api/wall/themes/command", body()).status_code == 403
    assert api.post("/api/cases", {"source": "telephone", "title": "测试"}).status_code == 403
    assert api.get("/api/cases").status_code == 403
