"""A draft of the dispatch rules: looked over, explained, tried on past cases, put in force as a whole."""

from datetime import timedelta
from typing import Any

from wangge.cases import tasks, trials
from wangge.cases.models import Case, Category, DispatchRule, DispatchTrial
from wangge.cases.rules.coverage import Kind, lint
from wangge.cases.rules.suggest import DispatchRule as Rule
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.models import SettingChange
from wangge.grids.models import Division
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

TODAY = clock.today()
GRIDS = ["320104001001001", "320104001001002", "320104001002001", "320104002001001"]
LAMP = Kind(category_id=1, scheme_id=1, path="01/03/")
NOISE = Kind(category_id=2, scheme_id=1, path="02/01/")


def rule(number: int, path: str, code: str, unit: int) -> Rule:
    return Rule(
        id=number,
        scheme_id=None,
        category_path=path,
        code=code,
        unit_id=unit,
        unit_open=True,
        valid_from=TODAY,
        valid_to=None,
    )


def test_gaps_are_named_by_the_widest_place_that_is_open() -> None:
    found = lint([LAMP, NOISE], GRIDS, [rule(1, "01/", "320104001001", 7)])
    lamp, noise = found.rows
    assert (lamp.covered, lamp.gaps) == (2, (("320104001002", 1), ("320104002", 1)))
    assert (noise.covered, noise.gaps) == (0, (("3201", 4),))


def test_a_second_rule_of_another_unit_is_seen_and_one_that_never_decides() -> None:
    rules = [rule(1, "01/", "320104001", 7), rule(2, "01/03/", "320104001001", 8), rule(3, "", "320104", 7)]
    found = lint([LAMP, NOISE], GRIDS, rules)
    assert [row.doubled for row in found.rows] == [2, 0]
    assert [(one.cells, one.first) for one in found.reach] == [(3, 3), (2, 0), (8, 5)]
    assert all(not row.gaps for row in found.rows)


def body(world: World, **more: Any) -> dict[str, Any]:
    return {"unit_id": world.unit("D-SW").pk, "valid_from": str(TODAY), "code": town.STREET, **more}


def lamps(world: World, count: int) -> list[Case]:
    cases = made.handling(world, count, at=clock.now() - timedelta(days=2))
    lamp = Category.objects.get(scheme__code="WG", name_zh="路灯不亮")
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(category=lamp)
    return cases


def put(api: Api, rules: list[dict[str, Any]]) -> Any:
    newest = api.get("/api/setting-changes", kind="dispatch_rule").json()["items"]
    return api.put("/api/dispatch-rules", {"rules": rules, "base": newest[0]["id"] if newest else None})


def test_a_draft_is_put_in_force_as_a_whole_or_not_at_all(world: World) -> None:
    commander = api_as(world["commander"])
    first = put(commander, [body(world, note="一"), body(world, note="二", order=200)]).json()
    assert [row["note"] for row in first] == ["一", "二"]
    assert {row["place"] for row in first} == {Division.objects.get(code=town.STREET).name}
    draft = [first[1] | {"order": 50, "note": "二改"}, body(world, note="三", order=60)]
    broken = put(commander, [*draft, body(world, unit_id=10**9)])
    assert broken.status_code == 422 and "rules.2.unit_id" in broken.json()["fields"]
    assert DispatchRule.objects.count() == 2
    assert [row["note"] for row in put(commander, draft).json()] == ["二改", "三"]
    assert DispatchRule.objects.filter(pk=first[0]["id"]).count() == 0
    assert SettingChange.objects.filter(kind="dispatch_rule").count() == 5, "each rule has its own history"


def test_a_draft_made_before_somebody_elses_change_is_refused(world: World) -> None:
    commander, admin = api_as(world["commander"]), api_as(world["administrator"])
    rules = put(commander, [body(world)]).json()
    assert put(admin, [*rules, body(world, order=300)]).status_code == 200
    stale = commander.put("/api/dispatch-rules", {"rules": rules, "base": None})
    assert (stale.status_code, stale.json()["code"]) == (409, "dispatch_rule.changed_meanwhile")
    assert DispatchRule.objects.count() == 2


def test_each_rule_says_why_it_decides_or_not(world: World) -> None:
    commander = api_as(world["commander"])
    lamp = Category.objects.get(scheme__code="WG", name_zh="路灯不亮")
    rules = [
        body(world, category_path="99/"),
        body(world, code=town.OTHER_STREET),
        body(world, valid_from=str(TODAY + timedelta(days=9))),
        body(world, category_path=lamp.path),
        body(world),
    ]
    asked = {"category_id": lamp.pk, "code": town.GRID, "rules": rules}
    found = commander.post("/api/dispatch-rules/explain", asked).json()
    assert [one["verdict"] for one in found["steps"]] == ["category", "place", "not_yet", "first", "later"]
    assert (found["unit"], found["is_broken"]) == ("测试区水务局", False)


def test_the_lint_of_the_house_counts_its_own_grids_and_categories(world: World) -> None:
    commander = api_as(world["commander"])
    found = commander.post("/api/dispatch-rules/lint", {"rules": [body(world)]}).json()
    own = [code for code in town.GRIDS if code.startswith(town.DISTRICT) and len(code) == 15]
    covered = [code for code in own if code.startswith(town.STREET)]
    assert found["grids"] == len(own) and found["cells"] == len(own) * len(found["categories"])
    assert found["covered"] == len(covered) * len(found["categories"])
    gaps = found["categories"][0]["gaps"]
    assert [gap["code"] for gap in gaps] == [town.OTHER_STREET] and gaps[0]["name"]
    assert found["rules"] == [
        {"rule_id": -1, "cells": found["covered"], "first": found["covered"], "holds": True, "is_broken": False}
    ]


def test_a_trial_tells_by_unit_and_case_what_a_draft_would_change(world: World) -> None:
    commander, admin = api_as(world["commander"]), api_as(world["administrator"])
    cases = lamps(world, 3)
    lead = cases[0].lead_id
    put(commander, [body(world, unit_id=lead)])
    period = {"since": str(TODAY - timedelta(days=30)), "until": str(TODAY + timedelta(days=1))}
    draft = {"rules": [body(world)], **period}
    found = commander.post("/api/dispatch-rules/trials", draft).json()
    counts = found["counts"]
    assert (found["state"], counts["cases"], counts["changed"]) == ("done", 3, 3)
    assert (counts["right_now"], counts["right_draft"], counts["lost"]) == (3, 0, 0)
    by_unit = {row["unit_id"]: (row["handled"], row["now"], row["draft"]) for row in found["units"]}
    assert by_unit == {lead: (3, 3, 0), world.unit("D-SW").pk: (0, 0, 3)}
    assert {row["number"] for row in found["shown"]} == {case.number for case in cases}
    hidden = admin.post("/api/dispatch-rules/trials", draft).json()
    assert hidden["counts"]["changed"] == 3 and {row["number"] for row in hidden["shown"]} == {""}
    assert admin.get(f"/api/dispatch-rules/trials/{found['id']}").status_code == 404, "everybody sees their own"
    elsewhere = api_as(world.stranger("commander")).post("/api/dispatch-rules/trials", draft).json()
    assert elsewhere["counts"]["cases"] == 0


def test_a_rule_that_begins_next_week_is_tried_as_it_will_stand_then(world: World) -> None:
    commander, next_week = api_as(world["commander"]), str(TODAY + timedelta(days=7))
    lamps(world, 2)
    period = {"since": str(TODAY - timedelta(days=30)), "until": str(TODAY + timedelta(days=1))}
    draft = {"rules": [body(world, valid_from=next_week)], **period}
    today = commander.post("/api/dispatch-rules/trials", draft).json()
    assert today["counts"]["named_draft"] == 0
    then = commander.post("/api/dispatch-rules/trials", draft | {"day": next_week}).json()
    assert (then["counts"]["named_draft"], then["counts"]["gained"]) == (2, 2)


def test_many_cases_are_tried_by_the_worker_batch_by_batch(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(trials, "BATCH", 2)
    commander = api_as(world["commander"])
    lamps(world, 5)
    period = {"since": str(TODAY - timedelta(days=30)), "until": str(TODAY + timedelta(days=1))}
    begun = commander.post("/api/dispatch-rules/trials", {"rules": [body(world)], **period}).json()
    assert (begun["state"], begun["total"], begun["done"]) == ("running", 5, 0)
    path = f"/api/dispatch-rules/trials/{begun['id']}"
    assert tasks.try_drafts() and commander.get(path).json()["done"] == 2
    while tasks.try_drafts():
        pass
    ended = commander.get(path).json()
    assert (ended["state"], ended["done"], ended["counts"]["gained"]) == ("done", 5, 5)
    with acting(Actor.system("trials")):
        trials.forget_old(before=clock.now() + timedelta(days=31))
    assert not DispatchTrial.objects.exists()


def test_a_limit_is_tried_with_its_reasons(world: World) -> None:
    lamp = Category.objects.get(scheme__code="WG", name_zh="路灯不亮")
    asked = {
        "category_id": lamp.pk,
        "limits": {"handle": {"kind": "work_days", "amount": "1"}},
        "at": "2026-03-06T02:00:00Z",  # a Friday, ten o'clock
    }
    rows = {
        row["stage"]: row for row in api_as(world["administrator"]).post("/api/categories/try-limits", asked).json()
    }
    assert rows["handle"]["due_at"] == "2026-03-09T10:00:00Z", "the end of Monday's work"
    assert rows["respond"]["text"] == "5分钟" and len(rows["handle"]["steps"]) >= 2


def test_a_limit_is_tried_with_the_open_cases_it_reaches(world: World) -> None:
    admin, cases = api_as(world["administrator"]), made.handling(world, 3, at=clock.now())
    lamp = Category.objects.get(scheme__code="WG", name_zh="路灯不亮")
    Case.objects.filter(pk__in=[case.pk for case in cases]).update(category=lamp)

    def reached(by: Any, category: int) -> dict[str, tuple[int | None, int | None]]:
        rows = by.post("/api/categories/try-limits", {"category_id": category, "limits": {}}).json()
        return {row["stage"]: (row["running"], row["ahead"]) for row in rows}

    assert reached(admin, lamp.pk)["handle"] == (3, 0) and reached(admin, lamp.pk)["review"] == (0, 3)
    assert lamp.parent_id and reached(admin, lamp.parent_id)["review"] == (0, 3), "what is below takes it over"
    Category.objects.filter(pk=lamp.pk).update(limits={"review": {"kind": "work_days", "amount": "2"}})
    assert reached(admin, lamp.parent_id)["review"] == (0, 0), "but not where it has its own"
    assert reached(api_as(world["grid_worker"]), lamp.pk)["handle"] == (None, None)
