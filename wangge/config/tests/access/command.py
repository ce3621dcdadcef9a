"""Duty, notices, orders, meetings, the desk."""

from typing import Any

from wangge.config.tests.access.base import (
    ADMINISTRATOR,
    ALL,
    DEPARTMENT,
    FIELD,
    READS_GRIDS,
    SEATS,
    SEES_CASE,
    R,
    Row,
    case,
)

PERSON = {"role": "leader", "name": "值班人"}
DUTY: dict[str, Row] = {
    "list_on_duty": Row(READS_GRIDS, "list"),
    "read_duty_week": Row(
        READS_GRIDS - DEPARTMENT, "place", query=lambda t: {"unit_id": t.unit("320104001001"), "monday": "2026-01-05"}
    ),
    "plan_shift": Row(
        SEATS,
        "place",
        body=lambda t: {"unit_id": t.unit("320104001001"), "day": "2099-01-05", "kind": "day", "people": [PERSON]},
    ),
    "copy_duty_week": Row(
        SEATS,
        "place",
        body=lambda t: {"unit_id": t.unit("320104001001"), "source": "2026-01-05", "target": "2026-01-12"},
    ),
    "change_shift": Row(SEATS, "place", "shift", {"people": [PERSON], "version": 1}),
    "remove_shift": Row(SEATS, "place", "shift"),
    "swap_duty": Row(
        SEATS, "place", "shift", lambda t: {"person_id": t.on_duty, "with_whom": PERSON, "reason": "临时有会"}
    ),
    "reveal_duty_mobiles": Row(READS_GRIDS - DEPARTMENT, "place", "shift", {"purpose": "通知到岗"}),
}
NOTICES: dict[str, Row] = {
    "list_notices": Row(ALL, "self"),
    "count_notices": Row(ALL, "self"),
    "read_notices": Row(ALL, "self", body={"ids": [1]}),
    "read_all_notices": Row(ALL, "self", body={"up_to": 0}),
    "get_notice_settings": Row(ALL, "self"),
    "set_notice_settings": Row(ALL, "self", body={"digest_at": ["09:00"]}),
}
MEETS = SEATS | {"department_leader"}
PUBLISHERS = SEATS | ADMINISTRATOR
LATER = "2099-01-01T08:00:00Z"
MEETING: dict[str, Any] = {"kind": "on_site", "title": "现场会", "begins_at": LATER, "place": "路口"}
# An order is one of the community to its grid worker, a meeting one of the community with 城管局桃叶中队.
MEETING_SEEN = SEATS | DEPARTMENT | {"assessor"}
COMMAND: dict[str, Row] = {
    "list_orders": Row(SEES_CASE, "list"),
    "find_addressees": Row(SEATS, "list"),
    "give_order": Row(SEATS, "place", body=lambda t: {"title": "值守", "units": [t.unit("320104001001")]}),
    "read_order": Row(SEATS | {"grid_worker", "assessor"}, "place", "order"),
    "receive_order": Row(R({"grid_worker"}), "place", "order"),
    "report_back": Row(R({"grid_worker"}), "place", "order", {"text": "已到岗"}),
    "withdraw_order": Row(SEATS, "place", "order", {"reason": "预警解除"}),
    "list_announcements": Row(ALL, "self"),
    "list_managed_announcements": Row(PUBLISHERS, "list"),
    "publish_announcement": Row(
        PUBLISHERS, "place", body={"title": "公告", "text": "内容", "to_at": LATER, "codes": ["320104001001"]}
    ),
    "take_down_announcement": Row(PUBLISHERS, "place", "announcement"),
    "list_meetings": Row(SEES_CASE, "list"),
    "call_meeting": Row(MEETS, "house", body=lambda t: {**MEETING, "units": [t.unit("D-CG-1")]}),
    "read_meeting": Row(MEETING_SEEN, "place", "meeting"),
    "hold_meeting": Row(SEATS, "place", "meeting", {"minutes": "会议纪要", "version": 1}),
    "cancel_meeting": Row(SEATS, "place", "meeting", {"reason": "改期", "version": 1}),
    "download_minutes": Row(MEETING_SEEN, "place", "held"),
    "list_case_meetings": case("handling", SEES_CASE),
    "list_tasks": Row(SEES_CASE, "list"),
    "read_task": Row(MEETING_SEEN, "place", "task"),
    "finish_task": Row(DEPARTMENT, "place", "task", {"text": "已办结"}),
    "confirm_task": Row(SEATS, "place", "task", {}),
    "return_task": Row(SEATS, "place", "task", {"reason": "未完成"}),
    "drop_task": Row(SEATS, "place", "task", {"reason": "不再需要"}),
}
ANSWER_EDITORS = R({"district_seat", "commander", "administrator"})
READS_ANSWERS = SEES_CASE | ADMINISTRATOR
# The one that is tried holds in one sub-district alone: its own people and those above read it.
READS_THAT_ANSWER = READS_ANSWERS - {"department_leader"}
UNDER_STREET = R({"grid_worker", "grid_chief", "community", "street_seat"})
ANSWER = {"code": "320104001", "title_zh": "居住证怎么办", "text_zh": "到社区工作站办理。", "valid_from": "2026-01-01"}
DESK: dict[str, Row] = {
    "find": Row(ALL, "house", body={"q": "柳岸"}),
    "list_answers": Row(READS_ANSWERS, "list"),
    "add_answer": Row(ANSWER_EDITORS, "place", body=ANSWER),
    "get_answer": Row(READS_THAT_ANSWER, "place", "answer"),
    "change_answer": Row(ANSWER_EDITORS, "place", "answer", ANSWER | {"version": 1}),
    "restore_answer": Row(ANSWER_EDITORS, "place", "answer", {"number": 1, "version": 1}),
    "match_answers": Row(READS_ANSWERS, "list", body={"text": "居住证"}),
    "list_consultations": Row(SEATS, "list"),
    "record_consultation": Row(SEATS, "house", body={"question": "几点上班", "told": "九点"}),
    "consultations_of_caller": Row(SEATS, "list", body={"phone": "19900000002"}),
    "list_drafts": Row(SEATS | FIELD, "list"),
    "get_draft": Row(R({"street_seat"}), "own", "draft"),
    "keep_draft": Row(R({"street_seat"}), "own", "draft", {"values": {"title": "路灯"}}),
    "end_draft": Row(SEATS | FIELD, "list", "draft"),
    "understand_place": Row(READS_GRIDS, "list", body={"text": "柳岸小学"}),
    "list_views": Row(SEES_CASE | ADMINISTRATOR, "list"),
    "save_view": Row(SEES_CASE, "list", body={"name": "超期", "filters": {"queue": "overdue"}}),
    "get_view": Row(UNDER_STREET | ADMINISTRATOR, "place", "view"),
    "change_view": Row(R({"street_seat"}), "own", "view", {"name": "改名", "filters": {}}),
    "end_view": Row(R({"street_seat", "administrator"}), "own", "view"),
    "pin_views": Row(SEES_CASE, "list", body={"ids": []}),
    "count_views": Row(SEES_CASE, "list"),
    "reveal_asker": Row(SEATS, "place", "consultation", {"purpose": "call_back", "reason": "回访咨询人"}),
}
