"""Suggested units: the first rule that matches, what was done here before, and a broken rule shouted about."""

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from wangge.accounts.models import Unit
from wangge.cases.models import Case, Category
from wangge.cases.rules.suggest import Asked, Broken, DispatchRule, Why, suggest
from wangge.cases.suggestions import evaluate
from wangge.cases.tests.test_real_imports import events
from wangge.core import clock, revisions
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

DAY = date(2026, 6, 1)


def rule(number: int, *, unit: int, path: str = "", code: str = "", is_open: bool | None = True) -> DispatchRule:
    return DispatchRule(
        id=number,
        scheme_id=None,
        category_path=path,
        code=code,
        unit_id=unit,
        unit_open=is_open,
        valid_from=date(2020, 1, 1),
        valid_to=None,
    )


def asked(path: str = "07/0703/", code: str = town.GRID, barred: frozenset[int] = frozenset()) -> Asked:
    return Asked(scheme_id=1, category_id=7, category_path=path, code=code, day=DAY, barred=barred)


def none(category: int, code: str) -> dict[int, int]:
    return {}


def test_the_first_rule_that_matches_counts() -> None:
    rules = [
        rule(1, unit=1, path="01/"),
        rule(2, unit=2, path="07/", code="320105"),
        rule(3, unit=3, path="07/", code="320104001"),
        rule(4, unit=4),
    ]
    assert suggest(asked(), rules, none).items[0].rule_id == 3
    assert suggest(asked(code=town.OTHER_GRID), rules, none).items[0].rule_id == 4


@pytest.mark.parametrize(
    ("is_open", "barred", "why"),
    [
        (False, frozenset[int](), Broken.UNIT_ENDED),
        (None, frozenset[int](), Broken.UNIT_UNKNOWN),
        (True, frozenset({3}), Broken.COMPLAINED_OF),
    ],
)
def test_a_broken_rule_is_said_and_not_passed_over(is_open: bool | None, barred: frozenset[int], why: Broken) -> None:
    found = suggest(asked(barred=barred), [rule(1, unit=3, is_open=is_open), rule(2, unit=4)], none)
    assert found.broken is not None and (found.broken.rule_id, found.broken.why) == (1, why)
    assert found.items == (), "the next rule was not meant for this case"


def test_history_speaks_from_the_nearest_place_with_enough_of_it() -> None:
    counts = {town.COMMUNITY: {5: 2}, town.STREET: {5: 2, 6: 3}, town.DISTRICT: {7: 90}}
    found = suggest(asked(), [], lambda category, code: counts.get(code, {}))
    assert [(one.unit_id, one.why, one.count, one.total) for one in found.items] == [
        (6, Why.HISTORY, 3, 5),
        (5, Why.HISTORY, 2, 5),
        (7, Why.HISTORY, 90, 90),
    ], "and after those of the street, the district's"
    barred = suggest(asked(barred=frozenset({6})), [], lambda category, code: counts.get(code, {}))
    assert [(one.unit_id, one.total) for one in barred.items] == [(7, 90)], (
        "without the unit complained of there is too little here"
    )


def test_who_serves_elsewhere_is_suggested_only_for_what_they_did_here() -> None:
    counts = {town.COMMUNITY: {5: 1}, town.STREET: {5: 1, 6: 30, 7: 3}, town.DISTRICT: {6: 40, 8: 9}}
    areas = {5: town.OTHER_COMMUNITY, 6: town.OTHER_COMMUNITY, 7: town.STREET, 8: ""}
    found = suggest(replace(asked(), areas=areas), [], lambda category, code: counts.get(code, {}))
    assert [(one.unit_id, one.count, one.total) for one in found.items] == [(7, 3, 34), (8, 9, 49)], "of all"
    near = {town.COMMUNITY: {5: 3}, town.STREET: {5: 3, 6: 30}}
    found = suggest(replace(asked(), areas=areas), [], lambda category, code: near.get(code, {}))
    assert [one.unit_id for one in found.items] == [5], "it came here before"


def test_what_was_done_once_among_hundreds_is_no_suggestion() -> None:
    counts = {town.DISTRICT: {5: 990, 6: 9, 7: 10}}
    found = suggest(asked(), [], lambda category, code: counts.get(code, {}))
    assert [(one.unit_id, one.count) for one in found.items] == [(5, 990)], "9 and 10 of 1009 read as 1 % and less"
    counts[town.DISTRICT][7] = 11
    found = suggest(asked(), [], lambda category, code: counts.get(code, {}))
    assert [one.unit_id for one in found.items] == [5, 7]


def minor(name: str) -> Category:
    return Category.objects.get(scheme__code="WG", name_zh=name)


def body(world: World, **values: Any) -> dict[str, Any]:
    lamp = minor("路灯不亮")
    given = {"category_path": lamp.path, "scheme_id": lamp.scheme_id, "code": town.STREET, "valid_from": "2020-01-01"}
    return given | {"unit_id": world.unit("D-CG-1").pk} | values


def case_of(seat: Api, category: Category, **values: Any) -> Any:
    given = {"source": "telephone", "title": "灯不亮", "lon": 118.7905, "lat": 32.0205, "category_id": category.pk}
    return seat.post("/api/cases", given | values).json()


def test_a_rule_made_by_the_commander_is_suggested_to_the_seat(world: World) -> None:
    commander, seat = api_as(world["commander"]), api_as(world["street_seat"])
    case = case_of(seat, minor("路灯不亮"))
    path = f"/api/cases/{case['id']}/suggestions"
    found = seat.get(path).json()
    assert (found["items"], found["broken"]) == ([], None)
    made = commander.post("/api/dispatch-rules", body(world))
    assert made.status_code == 201 and made.json()["category"] == "市政设施 / 路灯不亮"
    found = seat.get(path).json()["items"]
    assert [(one["unit"], one["why"], one["reason"]) for one in found] == [("城管局桃叶中队", "rule", "符合派单规则")]
    assert api_as(world["grid_worker"]).get(path).status_code == 403
    assert api_as(world.stranger("street_seat")).get(path).status_code == 404
    assert commander.delete(f"/api/dispatch-rules/{made.json()['id']}").status_code == 204
    assert seat.get(path).json()["items"] == []
    kinds = list(JournalEntry.objects.filter(subject_type="dispatch_rule").values_list("kind", flat=True))
    assert sorted(kinds) == ["dispatch_rule.added", "dispatch_rule.removed"]


def test_a_rule_whose_unit_has_ended_is_shouted_about(world: World) -> None:
    commander, seat = api_as(world["commander"]), api_as(world["street_seat"])
    rule_id = commander.post("/api/dispatch-rules", body(world)).json()["id"]
    Unit.objects.filter(code="D-CG-1").update(valid_to=clock.today())
    revisions.bump("units")
    revisions.bump("cases")
    case = case_of(seat, minor("路灯不亮"))
    found = seat.get(f"/api/cases/{case['id']}/suggestions").json()
    assert found["items"] == [] and found["broken"]["rule_id"] == rule_id and "已撤销" in found["broken"]["message"]
    assert [row["is_broken"] for row in commander.get("/api/dispatch-rules").json()] == [True]


def test_rules_are_made_for_ones_own_places_only(world: World) -> None:
    commander = api_as(world["commander"])
    assert commander.post("/api/dispatch-rules", body(world, code="")).json()["code"] == "dispatch_rule.out_of_area"
    assert commander.post("/api/dispatch-rules", body(world, code="320105")).status_code == 403
    assert commander.post("/api/dispatch-rules", body(world, category_path="99/")).status_code == 422
    assert commander.post("/api/dispatch-rules", body(world, unit_id=10**9)).status_code == 422
    assert api_as(world["street_seat"]).post("/api/dispatch-rules", body(world)).status_code == 403
    own = commander.post("/api/dispatch-rules", body(world)).json()["id"]
    stranger = api_as(world.stranger("commander"))
    assert stranger.put(f"/api/dispatch-rules/{own}", body(world)).status_code == 404
    assert stranger.get("/api/dispatch-rules").json() == []
    assert commander.put(f"/api/dispatch-rules/{own}", body(world, order=5)).json()["order"] == 5


def test_who_handled_it_here_before_is_named_with_its_share(world: World) -> None:
    seat, lamp = api_as(world["street_seat"]), minor("路灯不亮")
    for unit in ("D-CG-1", "D-CG-1", "D-CG-1", "D-SW"):
        case = case_of(seat, lamp)
        assert seat.post(f"/api/cases/{case['id']}/accept", {}).status_code == 200
        lead = {"lead_id": world.unit(unit).pk}
        assert seat.post(f"/api/cases/{case['id']}/dispatch", lead).status_code == 200
    new = case_of(seat, lamp)
    found = seat.get(f"/api/cases/{new['id']}/suggestions").json()["items"]
    assert [(one["unit"], one["count"], one["total"]) for one in found] == [
        ("城管局桃叶中队", 3, 4),
        ("测试区水务局", 1, 4),
    ]
    assert "柳岸社区的同类案件 4 件，其中 3 件" in found[0]["reason"] and "75%" in found[0]["reason"]
    about = case_of(seat, lamp, complained_id=world.unit("D-CG-2").pk)
    named = seat.get(f"/api/cases/{about['id']}/suggestions").json()["items"]
    assert [one["unit"] for one in named] == ["测试区水务局"], "never the department complained of"


def test_accuracy_is_measured_on_a_later_part_only(world: World) -> None:
    seat, lamp = api_as(world["street_seat"]), minor("路灯不亮")
    for unit in ("D-CG-1", "D-CG-1", "D-CG-1", "D-SW", "D-CG-1"):
        case = case_of(seat, lamp)
        seat.post(f"/api/cases/{case['id']}/accept", {})
        seat.post(f"/api/cases/{case['id']}/dispatch", {"lead_id": world.unit(unit).pk})
    split = clock.now() - timedelta(days=10)
    early = list(Case.objects.order_by("reported_at").values_list("pk", flat=True)[:3])
    Case.objects.filter(pk__in=early).update(reported_at=split - timedelta(days=1))
    found = evaluate(since=split, until=clock.now())
    assert (found.learned_from, found.cases, found.answered, found.first) == (3, 2, 2, 1)
    assert found.among_three == 1 and found.share(found.most_frequent) == 0.5


@pytest.mark.long
def test_suggestions_beat_the_busiest_unit_on_real_events(world: World) -> None:
    done = events(None)
    out = StringIO()
    call_command("suggestions", "evaluate", "--since", "2018-09-27", "--batch", str(done.batch), stdout=out)
    found = evaluate(since=clock.day_start(date(2018, 9, 27)), until=clock.now(), batch=done.batch)
    assert found.cases > 1_000 and str(found.cases) in out.getvalue()
    print(out.getvalue())
    assert found.share(found.first) > 2 * found.share(found.most_frequent)
