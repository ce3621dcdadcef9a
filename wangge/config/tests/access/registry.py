"""People, dwellings, organisations. The administrator reads none of it."""

from typing import Any

from wangge.config.tests.access.base import DEPARTMENT, FIELD, R, Row

READS = FIELD | {"community", "street_seat", "district_seat", "commander", "data_clerk"}
EDITS = FIELD | {"community", "data_clerk"}
REVEALS = R({"community", "street_seat", "commander"})
ERASES = EDITS & REVEALS
WHY = {"why": "测试所需的理由"}
REVEAL = {"fields": ["phone"], "purpose": "verify"}


def record(target: str, allowed: frozenset[str], body: Any = None) -> Row:
    return Row(allowed, "case", target, body if body is not None else {}, sees=READS)


CARES = FIELD | DEPARTMENT | {"community"}
ANSWERS_FOR = R({"department_leader", "grid_worker"})
CARE = {"id_number": "320102199003070017", "category": "elderly_alone", "basis": "民政〔2026〕1号"}
VISIT = {"visited_on": "2026-06-01", "findings": "身体尚好"}


def care(allowed: frozenset[str], body: Any) -> Row:
    return Row(allowed, "case", "care", body, sees=ANSWERS_FOR)


TAKEN_AWAY = {"format": "csv", "title": "人口", "record_kind": "person", "purpose": "入户走访名单"}
PERSON = {"values": {"name": "李四", "registration": "registered"}, "where": {"code": "320104001001001"}}
PEOPLE, OTHERS, DWELLINGS = (record(target, READS) for target in ("resident", "second_resident", "dwelling"))

REGISTRY: dict[str, Row] = {
    "registry_dictionary": Row(READS, "house"),
    "search_registry": Row(READS, "list", body={"q": "张三"}),
    "registry_sign": Row(READS, "list", body={"text": "320104001001001"}),
    "registry_grid": Row(READS, "place", "grid"),
    "registry_list": Row(READS, "list"),
    "registry_file": record("resident", READS),
    "registry_history": record("resident", READS),
    "registry_reveal": record("resident", REVEALS, REVEAL),
    "who_has_seen": record("resident", REVEALS),
    "list_differences": Row(READS, "list"),
    "registry_register": Row(EDITS, "place", body=PERSON),
    "registry_change": record("resident", EDITS, {"values": {"employer": "某厂"}}),
    "registry_end": record("resident", EDITS, {"reason": "moved_away"}),
    "erase_person": record("resident", ERASES, WHY),
    "merge_people": record("", EDITS, lambda t: {"kept_id": t.value("", PEOPLE), "gone_id": t.value("", OTHERS)} | WHY),
    "tell_people_apart": record("", EDITS, lambda t: {"one_id": t.value("", PEOPLE), "other_id": t.value("", OTHERS)}),
    "undo_merge": record("merged", EDITS),
    "decide_difference": record("difference", EDITS, {"take": False}),
    "tie_person": record("resident", EDITS, lambda t: {"dwelling_id": t.value("", DWELLINGS), "tie": "owns"}),
    "untie_person": record("tie", EDITS, {}),
    "add_household_member": record("household", EDITS, lambda t: {"person_id": t.value("", PEOPLE), "relation": "02"}),
    "remove_household_member": record("relative", EDITS),
    "add_organisation_person": record("organisation", EDITS, {"role": "safety", "name": "王五"}),
    "registry_quality": Row(READS, "list"),
    "registry_quality_by_worker": Row(READS - {"data_clerk"}, "list"),
    "registry_freshness": Row(READS, "list"),
    "registry_retention": Row(READS, "list"),
    "registry_duplicates": Row(READS, "list"),
    "registry_cleaning": Row(READS, "list", query={"problem": "no_home"}),
    "registry_ask": Row(EDITS, "list", body={"problem": "no_home", "ids": ["01a1fa95-0d0b-77cf-808f-5dffc2de4c50"]}),
    "export_registry": Row(R({"community", "street_seat"}), "list", body=TAKEN_AWAY),
    "list_proposed_exports": Row(R({"commander"}), "list"),
    "decide_export": Row(R({"commander"}), "own", "proposed", {"approve": True}),
    "list_care": Row(CARES, "list"),
    "care_categories": Row(CARES, "list"),
    "list_reminders": Row(READS, "list"),
    "begin_care": Row(DEPARTMENT, "list", body=CARE),
    "care_workers": Row(DEPARTMENT, "list", body={"id_number": CARE["id_number"]}),
    "open_care": care(R({"department_leader", "grid_worker"}), {"purpose": "service"}),
    "record_care_visit": care(R({"department_leader", "grid_worker"}), VISIT),
    "assign_care": care(R({"department_leader"}), {"level": 1}),
    "end_care": care(R({"department_leader"}), {"reason": "依据终止"}),
    "reveal_organisation_person": record("part", REVEALS, {"purpose": "verify"}),
    "end_organisation_person": record("part", EDITS),
}
