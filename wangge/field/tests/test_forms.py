"""Forms as data: what may be one, what fits one, and how they change."""

from typing import Any

import pytest

from wangge.core.models import SettingChange
from wangge.field.migrations._forms import FORMS
from wangge.field.rules import forms as rules
from wangge.testing.client import api_as
from wangge.testing.world import World

TEXT = {"title": "说明", "x-title-en": "Words", "type": "string", "maxLength": 5}
CHOICE = {"title": "情况", "x-title-en": "State", "type": "string", "enum": ["good", "bad"]}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"zeta": CHOICE, "alpha": TEXT | {"x-show-if": {"zeta": "bad"}}},
    "required": ["zeta", "alpha"],
}


def form(**more: Any) -> dict[str, Any]:
    return {"kind": "visit", "name_zh": "测试表", "name_en": "Test", "schema": SCHEMA} | more


@pytest.mark.parametrize("code", [code for code, *_ in FORMS])
def test_the_forms_shipped_are_of_the_subset(code: str) -> None:
    assert rules.faults_of(next(schema for one, _, _, _, schema in FORMS if one == code)) == {}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {}},
        {"type": "object", "properties": {"a": {"type": "string"}}},
        {"type": "object", "properties": {"a": TEXT | {"pattern": "(a+)+$"}}},
        {"type": "object", "properties": {"a": TEXT | {"$ref": "https://example.com/"}}},
        {"type": "object", "properties": {"a": TEXT}, "required": ["b"]},
        {"type": "object", "properties": {"a": TEXT}, "x-order": ["a", "b"]},
        {"type": "object", "properties": {"a": TEXT | {"x-show-if": {"b": "bad"}}, "b": CHOICE}},
        {"type": "object", "properties": {"a": CHOICE | {"x-enum-titles": [{"zh": "好", "en": "good"}]}}},
        {"type": "object", "properties": {"a": TEXT}, "x-next": {"rules": [{"when": {"b": 1}, "days": 3}]}},
        {"type": "object", "properties": {"a": {"title": "嵌套", "x-title-en": "Nested", "type": "object"}}},
        [],
    ],
)
def test_what_is_no_form_is_refused(schema: Any) -> None:
    assert rules.faults_of(schema)


def test_a_hidden_field_is_neither_asked_for_nor_kept() -> None:
    assert rules.check(SCHEMA, {"zeta": "good", "alpha": "secretly"}) == ({"zeta": "good"}, {})
    kept, faults = rules.check(SCHEMA, {"zeta": "bad"})
    assert kept == {"zeta": "bad"} and set(faults) == {"alpha"}


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"zeta": "ugly"}, {"zeta"}),
        ({"zeta": 1}, {"zeta"}),
        ({"zeta": "bad", "alpha": "六个字太长了"}, {"alpha"}),
        ({"zeta": "good", "other": 1}, {"other"}),
        ({}, {"zeta"}),
    ],
)
def test_answers_that_do_not_fit(answers: dict[str, Any], wrong: set[str]) -> None:
    assert set(rules.check(SCHEMA, answers)[1]) == wrong


def test_dates_and_ids_are_looked_at_and_true_is_no_number() -> None:
    named = {"title": "项", "x-title-en": "It"}
    properties: dict[str, Any] = {
        "day": named | {"type": "string", "format": "date"},
        "pieces": named | {"type": "array", "items": {"type": "string", "format": "uuid"}, "x-photo": True},
        "count": named | {"type": "integer", "minimum": 0},
    }
    schema = {"type": "object", "properties": properties}
    assert rules.faults_of(schema) == {}
    wrong = rules.check(schema, {"day": "2026-02-30", "pieces": ["no id"], "count": True})[1]
    assert set(wrong) == {"day", "pieces", "count"}


def test_the_next_date_follows_what_was_found() -> None:
    schema = next(schema for code, _, _, _, schema in FORMS if code == "visit_rental")
    assert rules.next_days(schema, {"met": "absent"}) == 3
    assert rules.next_days(schema, {"met": "met", "hazards": ["gas", "fire"]}) == 7
    assert rules.next_days(schema, {"met": "met"}) is None


def test_a_form_keeps_the_order_its_fields_came_in(world: World) -> None:
    saved = api_as(world["commander"]).put("/api/field/forms/tried", form()).json()
    assert saved["schema"]["x-order"] == ["zeta", "alpha"] and saved["version"] == 1


def test_another_schema_is_another_version_and_the_old_one_stays(world: World) -> None:
    commander = api_as(world["commander"])
    commander.put("/api/field/forms/tried", form())
    assert commander.put("/api/field/forms/tried", form(name_zh="新名")).json()["version"] == 1
    wider = SCHEMA | {"properties": SCHEMA["properties"] | {"more": TEXT}}
    assert commander.put("/api/field/forms/tried", form(schema=wider)).json()["version"] == 2
    old = api_as(world["grid_worker"]).get("/api/field/forms/tried/versions/1").json()
    assert "more" not in old["schema"]["properties"]


def test_a_change_of_a_form_stands_in_the_history_and_can_be_undone(world: World) -> None:
    commander = api_as(world["commander"])
    commander.put("/api/field/forms/tried", form())
    commander.put("/api/field/forms/tried", form(name_zh="改名"))
    change = SettingChange.objects.filter(kind="form", subject="tried").latest("pk")
    assert change.parts == ["name_zh"]
    assert commander.post(f"/api/setting-changes/{change.pk}/undo").status_code == 200
    assert commander.get("/api/field/forms/tried").json()["name_zh"] == "测试表"


def test_a_worker_draws_forms_and_changes_none(world: World) -> None:
    worker = api_as(world["grid_worker"])
    assert {"visit_general", "inspect_fire"} <= {one["code"] for one in worker.get("/api/field/forms").json()}
    assert worker.put("/api/field/forms/tried", form()).status_code == 403
    refused = api_as(world["commander"]).put("/api/field/forms/tried", form(schema={"type": "array"}))
    assert refused.status_code == 422 and "schema" in refused.json()["fields"]
