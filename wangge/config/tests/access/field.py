"""The phone and the field: positions, errands, patrols, visits, forms."""

from typing import Any

from wangge.config.tests.access.base import ADMINISTRATOR, DEPARTMENT, FIELD, SEATS, R, Row
from wangge.config.tests.access.positions import POSITIONS
from wangge.testing import town

PLANS = R({"community", "street_seat"})
EDITS_FORMS = ADMINISTRATOR | {"commander"}
IN_FIELD = FIELD | SEATS
KEEPS_BOOKS = IN_FIELD | DEPARTMENT
PURPOSE = {"purpose": "上门前联系"}
SUBJECT: dict[str, Any] = {"kind": "shop", "title": "小店", "grid": town.GRID, "form": "visit_shop"}
FORM: dict[str, Any] = {
    "kind": "visit",
    "name_zh": "测试表",
    "name_en": "Test",
    "schema": {"type": "object", "properties": {"a": {"type": "boolean", "title": "是否", "x-title-en": "Whether"}}},
}
RECORD = {
    "id": "019a0000-0000-7000-8000-000000000001",
    "form": "visit_general",
    "version": 1,
    "happened_at": "2026-01-05T02:00:00Z",
    "answers": {"met": "met"},
}
FORMS: dict[str, Row] = {
    "list_forms": Row(IN_FIELD | ADMINISTRATOR, "house"),
    "read_form": Row(IN_FIELD | ADMINISTRATOR, "house", "form"),
    "read_form_version": Row(IN_FIELD | ADMINISTRATOR, "house", "form"),
    "save_form": Row(EDITS_FORMS, "house", "form", FORM),
    "list_records": Row(IN_FIELD, "list"),
    "make_record": Row(FIELD, "house", body=RECORD),
    "read_record": Row(IN_FIELD, "place", "record"),
    "reveal_record": Row(SEATS | {"grid_worker"}, "place", "record", PURPOSE),
    "download_field_piece": Row(IN_FIELD, "place", "field_piece"),
}
VISITS: dict[str, Row] = {
    "list_visits": Row(IN_FIELD, "list"),
    "visits_kept": Row(SEATS, "list", query={"since": "2026-01-01", "until": "2026-02-01"}),
    "read_visit": Row(IN_FIELD, "place", "visit"),
    "add_visit": Row(PLANS, "place", body=SUBJECT),
    "change_visit": Row(PLANS, "place", "visit", SUBJECT | {"version": 1}),
    "reveal_visit_contact": Row(IN_FIELD, "place", "visit", PURPOSE),
}
NOW = "2026-01-05T02:00:00Z"
SEES_ERRANDS = IN_FIELD | DEPARTMENT
ERRANDS: dict[str, Row] = {
    "list_errands": Row(SEES_ERRANDS, "list"),
    "give_errand": Row(
        SEATS,
        "place",
        body=lambda t: {"kind": "other", "title": "测试任务", "posts": [t.world["grid_worker"].post.pk]},
    ),
    "find_responders": Row(SEATS, "list", query={"lon": 118.7925, "lat": 32.025}),
    "read_errand": Row(SEATS | {"grid_worker"}, "place", "errand"),
    "move_errand": Row(R({"grid_worker"}), "own", "errand", {"move": "sign", "happened_at": NOW}),
    "add_errand_workers": Row(SEATS, "place", "errand", lambda t: {"posts": [t.world["grid_chief"].post.pk]}),
    "withdraw_errand": Row(SEATS, "place", "errand", {"reason": "不再需要"}),
    "decide_errand_ask": Row(SEATS, "place", "errand_asked", {"grant": True}),
}
PLAN: dict[str, Any] = {
    "grid": town.GRID,
    "name": "早巡",
    "points": [{"name": "小区东门", "lon": 118.7925, "lat": 32.025}],
}
CHECK = {
    "id": "019a0000-0000-7000-8000-000000000002",
    "point_id": "019a0000-0000-7000-8000-000000000003",
    "how": "skipped",
    "happened_at": NOW,
}
PATROLS: dict[str, Row] = {
    "list_patrol_plans": Row(IN_FIELD, "list"),
    "patrols_kept": Row(SEATS, "list", query={"since": "2026-01-01", "until": "2026-02-01"}),
    "preview_patrol_days": Row(PLANS, "list", query={"weekdays": "1"}),
    "list_grid_workers": Row(PLANS, "place", query={"grid": town.GRID}),
    "add_patrol_plan": Row(PLANS, "place", body=PLAN),
    "read_patrol_plan": Row(IN_FIELD, "place", "patrol_plan"),
    "change_patrol_plan": Row(PLANS, "place", "patrol_plan", PLAN | {"version": 1}),
    "read_plan_rounds": Row(SEATS, "place", "patrol_plan", query={"day": "2026-01-01"}),
    "print_patrol_codes": Row(PLANS, "place", "patrol_plan"),
    "list_rounds": Row(FIELD, "list"),
    "read_round": Row(SEATS | {"grid_worker"}, "place", "round"),
    "check_point": Row(R({"grid_worker"}), "own", "round", CHECK),
    "end_round": Row(R({"grid_worker"}), "own", "round", {"happened_at": NOW, "reason": "紧急任务"}),
}
PHONE: dict[str, Row] = {
    "get_pack": Row(FIELD, "list"),
    "get_today": Row(FIELD, "list"),
    "get_house_key": Row(KEEPS_BOOKS, "list"),
    "list_handed_in": Row(SEATS, "list"),
    "hand_in": Row(SEATS, "list", files=True),
    "put_handed_in_part": Row(KEEPS_BOOKS, "house", "new_upload", query={"part": 1, "parts": 1}),
    "read_handed_in_parts": Row(R({"grid_worker"}), "own", "envelope"),
    "read_handed_in": Row(SEATS, "place", "handed_in"),
    "carry_out_handed_in": Row(SEATS, "place", "handed_in"),
    "get_push_key": Row(FIELD, "list"),
    "subscribe_push": Row(
        FIELD,
        "list",
        body={"endpoint": "https://fcm.googleapis.com/x", "keys": {"p256dh": "BA" + "A" * 85, "auth": "A" * 22}},
    ),
    "unsubscribe_push": Row(FIELD, "list", body={"endpoint": "https://fcm.googleapis.com/x"}),
}
FIELD_ROOM: dict[str, Row] = {**PHONE, **PATROLS, **FORMS, **VISITS, **ERRANDS, **POSITIONS}
