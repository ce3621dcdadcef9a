"""Schemes side by side, changed through the API and used by the next case; guesses that say why."""

from decimal import Decimal
from typing import Any

import pytest

from wangge.cases.configuration import configuration
from wangge.cases.models import Case, Category, Deadline
from wangge.cases.rules.guesses import Candidate, guesses, merged, pairs
from wangge.core.models import JournalEntry
from wangge.testing.client import Api, api_as
from wangge.testing.world import World


def minor(name: str) -> Category:
    return Category.objects.get(scheme__code="WG", name_zh=name)


def test_schemes_stand_side_by_side(world: World) -> None:
    api = api_as(world["grid_worker"])
    found = {one["code"]: one for one in api.get("/api/schemes").json()}
    assert {"GBT31000", "WG"} <= set(found) and "表 5.56" in found["GBT31000"]["source"]
    rows = api.get("/api/categories", scheme="GBT31000").json()
    first = next(row for row in rows if row["code"] == "0201")
    assert first["full_name"] == "邻里纠纷 / 用水、排水、通行、通风、采光"
    assert api.get("/api/categories", scheme="NONE").status_code == 404
    english = api_as(world["grid_worker"], language="en").get("/api/categories", scheme="WG").json()
    assert all(row["name"].isascii() for row in english)


def test_a_card_tells_limits_conditions_and_procedure(world: World) -> None:
    card = api_as(world["street_seat"]).get(f"/api/categories/{minor('井盖缺失或破损').pk}").json()
    assert card["limits"]["handle"]["text"] == "2紧急工作时" and card["own_limits"].keys() == {"handle"}
    assert card["limits"]["respond"]["text"] == "5分钟", "from the major above"
    assert card["conditions"][0]["close_when"] and [step["number"] for step in card["procedure"]] == [1, 2, 3]
    assert card["evidence"] == ["before", "after"] and card["urgency"] == "emergency"


def test_a_changed_limit_holds_for_the_next_case(world: World) -> None:
    admin, seat = api_as(world["administrator"]), api_as(world["street_seat"])
    category = minor("路灯不亮")
    path = f"/api/categories/{category.pk}"
    body = {"limits": {"respond": {"kind": "minutes", "amount": 2}, "handle": {"kind": "work_days", "amount": "1.5"}}}
    assert seat.patch(path, body).status_code == 403
    card = admin.patch(path, body).json()
    assert card["limits"]["handle"]["text"] == "1.5工作日"
    report = {"source": "telephone", "title": "灯不亮", "lon": 118.7905, "lat": 32.0205, "category_id": category.pk}
    case = seat.post("/api/cases", report).json()
    clock = Deadline.objects.get(case=Case.objects.get(pk=case["id"]), stage="respond")
    assert (clock.limit_kind, clock.limit_amount) == ("minutes", Decimal(2))
    entry = JournalEntry.objects.get(kind="category.changed")
    assert (entry.changed, entry.subject_id) == (["limits"], str(category.pk))


def test_conditions_keep_their_rows_and_steps_their_order(world: World) -> None:
    admin, path = api_as(world["administrator"]), f"/api/categories/{minor('道路破损').pk}"
    unit = world.unit("D-CG").pk
    first = admin.get(path).json()["conditions"][0]["id"]
    body: dict[str, Any] = {
        "conditions": [
            {"accept_when": "坑洼大于 0.5 平方米", "limits": {"handle": {"kind": "work_days", "amount": 1}}},
            {"accept_when": "砖缺损", "close_when": "补齐", "unit_id": unit},
        ],
        "procedure": [{"name_zh": "围挡"}, {"name_zh": "修复", "limit": {"kind": "work_days", "amount": 1}}],
    }
    card = admin.patch(path, body).json()
    assert card["conditions"][0]["id"] == first and len(card["conditions"]) == 2
    assert [step["name_zh"] for step in card["procedure"]] == ["围挡", "修复"]
    body["conditions"][1]["unit_id"] = 10**9
    assert admin.patch(path, body).status_code == 422


def test_a_site_adds_a_scheme_and_categories(world: World) -> None:
    admin = api_as(world["administrator"])
    scheme = {
        "code": "CITY",
        "version": "2026",
        "name_zh": "本市目录",
        "source": "市政府文件",
        "valid_from": "2026-01-01",
    }
    made = admin.post("/api/schemes", scheme)
    assert made.status_code == 201 and admin.post("/api/schemes", scheme).status_code == 409
    major = {"scheme_id": made.json()["id"], "code": "01", "name_zh": "市容"}
    parent = admin.post("/api/categories", major).json()
    assert admin.post("/api/categories", major).json()["code"] == "category.code_taken"
    child = admin.post("/api/categories", major | {"parent_id": parent["id"], "code": "02", "name_zh": "乱堆"})
    assert child.status_code == 201 and child.json()["path"] == "01/02/"
    assert not configuration().categories[parent["id"]].is_leaf
    assert admin.post("/api/categories", major | {"parent_id": 10**9, "code": "03"}).status_code == 404
    assert admin.patch(f"/api/categories/{child.json()['id']}", {"first_handler": "nobody"}).status_code == 422


def ask(api: Api, text: str, **more: Any) -> Any:
    answer = api.post("/api/categories/guess", {"text": text} | more)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def test_a_guess_says_why(world: World) -> None:
    seat = api_as(world["street_seat"])
    found = ask(seat, "小区门口有个井盖缺失，很危险")
    assert found[0]["name"] == "井盖缺失或破损" and "“井盖缺失”" in found[0]["reasons"][0]
    assert len(found) <= 5 and ask(seat, "？！。") == []
    assert all(one["name"] != "井盖缺失或破损" for one in ask(seat, "井盖缺失", scheme="GBT31000"))


def test_what_came_up_here_before_weighs_in_and_is_said(world: World) -> None:
    seat = api_as(world["street_seat"])
    place = {"lon": 118.7905, "lat": 32.0205}
    before = [one["name"] for one in ask(seat, "有噪声", **place)]
    second = minor(before[1]) if len(before) > 1 else minor("夜间施工扰民")
    for number in range(3):
        body = {"source": "telephone", "title": f"第{number}件", "category_id": second.pk, **place}
        assert seat.post("/api/cases", body).status_code == 201
    after = ask(seat, "有噪声", **place)
    told = [reason for one in after if one["category_id"] == second.pk for reason in one["reasons"]]
    assert not told or "桃叶街道近半年的案件中占 100%" in told


def test_words_that_everything_shares_tell_nothing() -> None:
    rows = [Candidate(category_id=number, names=(f"影响通行{chr(0x4E00 + number)}类",)) for number in range(1, 9)]
    assert guesses("影响通行", rows, {}) == [] or max(guess.score for guess in guesses("影响通行", rows, {})) < 0.1


def test_words_are_put_together_for_reading() -> None:
    assert merged(["井盖", "盖缺", "缺失"], "门口井盖缺失了") == ("井盖缺失",)
    assert pairs("Noise 噪声") == {"noise", "噪声"}


@pytest.mark.parametrize("body", [{"limits": {"handle": {"kind": "weeks", "amount": 1}}}, {"evidence": ["selfie"]}])
def test_what_no_category_can_have_is_refused(world: World, body: dict[str, Any]) -> None:
    path = f"/api/categories/{minor('路灯不亮').pk}"
    assert api_as(world["administrator"]).patch(path, body).status_code == 422
