"""Sheets of the registry: made from its dictionary, held to it, and kept in step with it."""

from copy import deepcopy
from typing import Any

import pytest

from wangge.core import clock
from wangge.field.actions.registry_forms import ship_registry_forms
from wangge.field.models import Form, FormVersion
from wangge.field.rules import forms, registry_forms
from wangge.field.rules.registry_forms import faults_of, form_of
from wangge.registry.codelists import CODE_LISTS
from wangge.registry.codelists_english import ENGLISH
from wangge.registry.collected import COLLECTED, TIE, Collected
from wangge.registry.dictionary import KINDS, Sensitivity, field_of
from wangge.testing.client import api_as
from wangge.testing.world import World

KINDS_COLLECTED = sorted(COLLECTED)


def changed(kind: str, name: str, **more: Any) -> dict[str, Any]:
    schema = deepcopy(form_of(kind))
    schema["properties"][name] |= more
    return schema


def body(schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "collect", "name_zh": "测试表", "name_en": "Test", "schema": schema} | more


@pytest.mark.parametrize("kind", KINDS_COLLECTED)
def test_what_is_made_of_the_dictionary_is_a_form_and_within_it(kind: str) -> None:
    schema = form_of(kind)
    assert forms.faults_of(schema) == {} and faults_of(schema) == {}
    needed = {field.name for field in KINDS[kind] if field.required}
    assert needed <= set(schema["required"]) and list(schema["properties"]) == list(COLLECTED[kind].asked)


@pytest.mark.parametrize("kind", KINDS_COLLECTED)
def test_what_is_masked_or_sealed_in_the_registry_is_secret_on_the_sheet(kind: str) -> None:
    for name, given in form_of(kind)["properties"].items():
        field = field_of(kind, name)
        is_open = field is None or field.sensitivity is Sensitivity.OPEN
        assert given.get("x-secret", False) is not is_open, name


def test_each_code_that_a_sheet_shows_has_its_english_name() -> None:
    asked = {"tie", "relation"} | {
        field.codes for kind, what in COLLECTED.items() for field in KINDS[kind] if field.name in what.asked
    }
    for codes in asked - {""}:
        assert set(ENGLISH[codes]) == set(CODE_LISTS[codes].names), codes


@pytest.mark.parametrize(
    ("schema", "where"),
    [
        (form_of("place") | {"x-registry": {"kind": "person"}}, "kind"),
        (form_of("place") | {"x-registry": {"kind": "parcel"}}, "schema"),
        (changed("place", "capacity", **{"x-field": "religion"}), "capacity"),
        (changed("person", "employer", **{"x-field": "email"}), "employer"),
        (changed("person", "phone", **{"x-secret": False}), "phone"),
        (changed("person", "id_number", **{"x-mask": "phone"}), "id_number"),
        (changed("person", "birth_date", **{"x-secret": False}), "birth_date"),
        (changed("place", "kind", enum=["square", "temple"], **{"x-enum-titles": []}), "kind"),
        (changed("place", "address", maxLength=300), "address"),
        (changed("place", "capacity", type="number"), "capacity"),
        (changed("person", TIE, enum=["guest"]), TIE),
        (form_of("place") | {"required": ["name"]}, "schema"),
        (form_of("person") | {"required": ["name", "registration"]}, "schema"),
    ],
)
def test_a_sheet_keeps_to_the_dictionary(schema: dict[str, Any], where: str) -> None:
    assert where in faults_of(schema)


def test_a_field_of_no_record_and_one_asked_twice_are_refused() -> None:
    place = form_of("place")
    assert set(faults_of({name: part for name, part in place.items() if name != "x-registry"})) == set(
        place["properties"]
    )
    twice = changed("place", "address", **{"x-field": "name", "maxLength": 100})
    assert {"name", "address"} <= set(faults_of(twice))


def test_what_the_registry_refuses_is_not_asked_for_beside_it() -> None:
    schema = form_of("person")
    extra = {"title": "宗教信仰", "x-title-en": "Religion", "type": "string"}
    schema = schema | {
        "properties": schema["properties"] | {"belief": extra},
        "x-order": [*schema["x-order"], "belief"],
    }
    assert set(faults_of(schema)) == {"belief"}
    extra["title"] = "备注"
    assert faults_of(schema) == {}


def test_fewer_fields_and_fewer_codes_make_a_form_of_the_house(world: World) -> None:
    schema = form_of("place")
    del schema["properties"]["capacity"]
    schema["x-order"].remove("capacity")
    schema["properties"]["kind"] |= {"enum": ["park"], "x-enum-titles": [{"zh": "公园", "en": "park"}]}
    schema["x-registry"] = {"kind": "place"}
    commander = api_as(world["commander"])
    saved = commander.put("/api/field/forms/collect_place", body(schema)).json()
    assert saved["schema"]["x-registry"] == {"kind": "place", "within": [], "at_point": True}
    assert commander.put("/api/field/forms/place_visit", body(schema, kind="visit")).status_code == 422
    refused = commander.put("/api/field/forms/other", body(changed("person", "phone", **{"x-secret": False})))
    assert refused.status_code == 422 and set(refused.json()["fields"]) == {"schema.phone"}
    # What the house made of it stays.
    ship_registry_forms(at=clock.now())
    assert api_as(world["grid_worker"]).get("/api/field/forms/collect_place").json()["version"] == saved["version"]


def test_every_house_has_the_sheets_and_the_old_one_of_dwellings_stays(world: World) -> None:
    worker = api_as(world["grid_worker"])
    listed = {one["code"]: one for one in worker.get("/api/field/forms").json()}
    assert {what.form for what in COLLECTED.values()} <= set(listed)
    assert listed["collect_house"]["version"] == 2
    old = worker.get("/api/field/forms/collect_house/versions/1").json()["schema"]
    assert "x-registry" not in old and "house_no" in old["properties"]


def test_a_kind_that_is_collected_from_now_on_has_its_sheet(world: World) -> None:
    FormVersion.objects.filter(form__code="collect_facility").delete()
    Form.objects.filter(code="collect_facility").delete()
    before = FormVersion.objects.count()
    ship_registry_forms(at=clock.now())
    ship_registry_forms(at=clock.now())
    assert FormVersion.objects.count() == before + 1
    assert Form.objects.get(code="collect_facility").kind == "collect"
    assert registry_forms.kind_of(FormVersion.objects.get(form__code="collect_facility").schema) == "facility"


def test_another_word_of_the_dictionary_is_another_version(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stood = Form.objects.get(code="collect_place").version
    less = Collected(form="collect_place", zh="场所", en="Place", asked=("name", "kind"), at_point=True)
    monkeypatch.setitem(COLLECTED, "place", less)
    ship_registry_forms(at=clock.now())
    assert Form.objects.get(code="collect_place").version == stood + 1
    assert FormVersion.objects.filter(form__code="collect_place").count() == stood + 1


def test_a_sheet_that_the_house_had_made_its_own_goes_on_beside_the_new_one(world: World) -> None:
    """Before sheets were carried into the registry."""
    commander, worker = api_as(world["commander"]), api_as(world["grid_worker"])
    own = {"type": "object", "properties": {"remark": {"type": "string", "title": "备注", "x-title-en": "Remark"}}}
    saved = commander.put("/api/field/forms/collect_house", body(own)).json()
    ship_registry_forms(at=clock.now())
    listed = {one["code"]: one for one in worker.get("/api/field/forms").json()}
    assert listed["collect_house"]["version"] == saved["version"]
    assert listed["collect_dwelling"]["schema"]["x-registry"]["kind"] == "dwelling"
    # What it takes out of use stays out of use.
    commander.put("/api/field/forms/collect_dwelling", body(form_of("dwelling"), is_active=False))
    ship_registry_forms(at=clock.now())
    assert "collect_dwelling" not in {one["code"] for one in worker.get("/api/field/forms").json()}
