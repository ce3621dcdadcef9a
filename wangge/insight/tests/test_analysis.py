"""Analysis through the API: every figure opens exactly the cases it counts."""

import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from wangge.cases import rollups
from wangge.cases.models import Case, Category, Scheme
from wangge.cases.rules.states import Outcome, State
from wangge.cases.tests.factories import make_case
from wangge.cases.tests.history import SYSTEM
from wangge.core import clock
from wangge.core.actor import acting
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

SINCE, UNTIL = date(2026, 9, 1), date(2026, 10, 1)
SIDES = ("day", "week", "month", "hour", "place", "category", "source", "outcome", "unit")
CODES = (town.GRID, "320104001001002", "320104002001001", "320104001")


DRILLED: list[dict[str, Any]] = [
    {"by": "category", "category": "01/"},
    {"by": "place", "category": "01/"},
    {"by": "week", "category": "01/"},
    {"by": "place", "source": "telephone"},
    {"by": "week", "outcome": "solved"},
    {"by": "place", "code": "320104001"},
    {"by": "place", "code": "320104001001", "source": "grid"},
    {"by": "month", "code": "320104001001", "category": "01/"},
    {"by": "hour", "code": "320104001001"},
    {"by": "source", "code": town.GRID},
    {"by": "unit", "unit": "D-CG/"},
    {"by": "month", "unit": "D-CG/"},
]


@pytest.fixture
def history(committed_world: World) -> dict[str, Category]:
    """Of five weeks around September: whatever there is, in every grid and by every channel."""
    with acting(SYSTEM):
        made = _categories()
        chance = random.Random(5)
        for _ in range(60):
            _invent(committed_world, chance, [*made.values(), None])
    rollups.rebuild()
    return made


def _categories() -> dict[str, Category]:
    scheme = Scheme.objects.create(code="T", version="1", name_zh="测试", source="test", valid_from="2020-01-01")
    names = {"01/": "市容", "01/01/": "占道", "01/02/": "堆物", "02/": "噪音"}
    made: dict[str, Category] = {}
    for path, name in names.items():
        parent = made.get(path[:3]) if path.count("/") > 1 else None
        made[path] = Category.objects.create(
            scheme=scheme, code=path.replace("/", ""), path=path, name_zh=name, name_en=name, parent=parent
        )
    return made


def _invent(world: World, chance: random.Random, categories: list[Category | None]) -> Case:
    at = clock.day_start(SINCE) + timedelta(minutes=chance.randrange(-5 * 24 * 60, 35 * 24 * 60))
    state = chance.choice([State.REPORTED, State.HANDLING, State.CLOSED, State.CLOSED, State.ARCHIVED])
    ended = state in (State.CLOSED, State.ARCHIVED)
    values: dict[str, Any] = {
        "category": chance.choice(categories),
        "source": chance.choice(["telephone", "grid", "resident"]),
        "answered_at": at + timedelta(minutes=chance.choice([2, 5, 9])) if state != State.REPORTED else None,
        "was_late": chance.random() < 0.4,
    }
    lead = None
    if state == State.HANDLING or (ended and chance.random() < 0.7):
        lead = chance.choice(["D-CG-1", "D-CG-2", "D-GA"])
        values["dispatched_at"] = at + timedelta(minutes=20)
    if ended:
        values |= {
            "outcome": chance.choice([Outcome.SOLVED, Outcome.EXPLAINED]),
            "closed_at": at + timedelta(hours=chance.randrange(1, 200)),
            "self_settled": lead is None,
            "satisfaction": chance.choice([None, 2, 4, 5]),
        }
    return make_case(world, state, code=chance.choice(CODES), at=at, lead=lead, **values)


def analysed(api: Api, **asked: Any) -> Any:
    answer = api.get("/api/analysis", **({"since": SINCE, "until": UNTIL} | asked))
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def start(day: str) -> datetime:
    return clock.day_start(date.fromisoformat(day))


def listed(api: Api, row: Any, side: Any, measure: Any) -> int:
    """How many cases the list finds by what the row says of itself."""
    moment = measure["moment"]
    asked = row["narrow"] | measure["filters"] | {f"{moment}_from": start(side["since"]).isoformat()}
    asked |= {f"{moment}_to": start(side["until"]).isoformat(), "limit": 200}
    if moment == "closed":
        asked["queue"] = "closed"
    answer = api.get("/api/cases", **asked)
    assert answer.status_code == 200, answer.content.decode()
    return len(answer.json()["items"])


def agrees(api: Api, found: Any) -> None:
    assert any(sum(row["counts"].values()) for row in found["items"]), found["by"]
    for row in found["items"]:
        for measure in found["measures"]:
            name = measure["name"]
            assert listed(api, row, row, measure) == row["counts"][name], (found["by"], row["label"], name)
            if row["before"]:
                before = row["before"]
                assert listed(api, row, before, measure) == before["counts"][name], (found["by"], row["label"], name)


def test_every_figure_opens_the_cases_it_counts(committed_world: World, history: dict[str, Category]) -> None:
    api = api_as(committed_world["district_seat"])
    for by in SIDES:
        agrees(api, analysed(api, by=by, beside="before" if by in ("week", "place", "unit") else "nothing"))


def test_drilled_down_it_still_opens_them(committed_world: World, history: dict[str, Category]) -> None:
    api = api_as(committed_world["district_seat"])
    for asked in DRILLED:
        agrees(api, analysed(api, **asked))


def test_from_every_side_the_sum_is_the_same(committed_world: World, history: dict[str, Category]) -> None:
    api = api_as(committed_world["district_seat"])
    totals = {by: analysed(api, by=by)["totals"] for by in SIDES}
    assert len({totals[by]["reported"] for by in SIDES if by not in ("outcome", "unit")}) == 1
    assert len({totals[by]["closed"] for by in SIDES if by not in ("hour", "unit")}) == 1
    days = api.get("/api/figures/days", since=SINCE, until=UNTIL).json()["days"]
    assert sum(day["reported"] for day in days) == totals["day"]["reported"]


def test_a_period_stands_beside_the_one_before_and_the_year_before(
    committed_world: World, history: dict[str, Category]
) -> None:
    api = api_as(committed_world["district_seat"])
    before = analysed(api, by="day", beside="before")
    assert (before["before_since"], before["before_until"]) == ("2026-08-02", "2026-09-01")
    assert before["before"] == analysed(api, by="day", since="2026-08-02", until="2026-09-01")["totals"]
    assert before["items"][0]["before"]["since"] == "2026-08-02"
    year = analysed(api, by="month", beside="year_before")
    assert (year["before_since"], year["before_until"]) == ("2025-09-01", "2025-10-01")


def test_weeks_and_months_stand_beside_as_many_days(committed_world: World, history: dict[str, Category]) -> None:
    """From a Wednesday on, and into two months: what the period cuts off lies elsewhere in the days before."""
    api = api_as(committed_world["district_seat"])
    for by, since, until in (("week", "2026-09-09", "2026-09-25"), ("month", "2026-09-20", "2026-10-04")):
        found = analysed(api, by=by, since=since, until=until, beside="before")
        agrees(api, found)
        begins = date.fromisoformat(found["before_since"]) - date.fromisoformat(since)
        for row in found["items"]:
            for end in ("since", "until"):
                assert date.fromisoformat(row["before"][end]) == date.fromisoformat(row[end]) + begins, by
        for name, total in found["before"].items():
            assert sum(row["before"]["counts"][name] for row in found["items"]) == total, (by, name)


def test_a_post_is_told_of_its_own_places_and_units_alone(committed_world: World, history: dict[str, Category]) -> None:
    street = analysed(api_as(committed_world["street_seat"]), by="place")
    assert {row["narrow"]["reported_code"][:9] for row in street["items"]} == {"320104001"}
    leader = analysed(api_as(committed_world["department_leader"]), by="unit")
    assert leader["items"] and all(row["narrow"]["lead"].startswith("D-CG/") for row in leader["items"])
    beyond = {"department_leader": {"by": "unit", "unit": "D-GA/"}, "street_seat": {"code": "320104002"}}
    for role, place in beyond.items():
        asked = {"since": SINCE, "until": UNTIL} | place
        assert api_as(committed_world[role]).get("/api/analysis", **asked).status_code == 403, role


def test_what_is_not_counted_together_is_refused_by_name(world: World) -> None:
    api = api_as(world["district_seat"])
    answer = api.get("/api/analysis", since=SINCE, until=UNTIL, by="source", category="01/")
    assert answer.status_code == 422 and "by" in answer.json()["fields"]
    for asked in ({"by": "unit"}, {"by": "unit", "unit": "D-CG/"}, {"by": "week", "unit": "D-CG/"}):
        placed = api.get("/api/analysis", since=SINCE, until=UNTIL, code=town.STREET, **asked)
        assert placed.status_code == 422 and "code" in placed.json()["fields"], asked
    assert api.get("/api/analysis", since=SINCE, until="2028-01-01").status_code == 422
