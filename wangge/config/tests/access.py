"""Every operation × every role, in scope and out of it, as one table.

`allowed`: roles for which the operation opens, acting inside their own scope. Everybody else gets 403 where they see
the target, 404 where they do not. Strangers (the same role in another street, department or district) get 404 for a
target found by id, and an empty-handed 200 for lists. An operation of the API without a row here fails the test.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from wangge.wall.shipped import COMMAND_DEFINITION

ROLES = (
    "grid_worker",
    "grid_chief",
    "community",
    "street_seat",
    "district_seat",
    "commander",
    "department_clerk",
    "department_leader",
    "assessor",
    "wall",
    "administrator",
    "security_officer",
    "auditor",
)
R = frozenset
ALL = R(ROLES)
NOBODY = R[str]()
SEATS = R({"community", "street_seat", "district_seat", "commander"})
FIELD = R({"grid_worker", "grid_chief"})
DEPARTMENT = R({"department_clerk", "department_leader"})
SEES_CASE = SEATS | FIELD | DEPARTMENT | {"assessor"}
HOLDER = R({"street_seat", "commander"})  # the street centre holds the case; a commander above it may act
READS_GRIDS = SEES_CASE | {"administrator"}
ADMINISTRATOR, SECURITY, AUDITOR = R({"administrator"}), R({"security_officer"}), R({"auditor"})


@dataclass(frozen=True)
class Row:
    """`path` and `body` may name targets: `{reported}` is the id of a case in that state (see test_access.py).

    `kind`: "case" (found by id, scoped), "place" (a code, scoped), "list" (anybody allowed, contents scoped), "house"
    (configuration of the whole house: the same inside and outside), "self" (one's own), "public" (no session).
    """

    allowed: frozenset[str]
    kind: str = "house"
    target: str = ""
    body: Any = None
    query: Any = field(default_factory=dict)
    sees: frozenset[str] = ALL
    files: bool = False


Bodies = dict[str, Any] | Callable[[Any], dict[str, Any]]


def case(target: str, allowed: frozenset[str], body: Any = None) -> Row:
    nobody_charged_yet = target in {"reported", "accepted", "whistle", "joined", "told"}
    sees = SEES_CASE - DEPARTMENT if nobody_charged_yet else SEES_CASE
    return Row(allowed, "case", target, body if body is not None else {}, sees=sees)


JANUARY = {"since": "2026-01-01", "until": "2026-02-01"}
REASON = {"reason": "测试所需的理由"}
TEXT = {"text": "测试所需的说明"}

LOOP: dict[str, Row] = {
    "report_case": Row(
        SEATS | FIELD,
        "house",
        body={"source": "telephone", "title": "测试", "lon": 118.7905, "lat": 32.0205},
    ),
    "accept_case": case("reported", HOLDER),
    "refuse_case": case("reported", HOLDER, REASON),
    "contact_reporter": case("reported", HOLDER, TEXT),
    "correct_case": case("reported", HOLDER, {"title": "改过的标题"}),
    "settle_case": case("reported", R({"grid_worker", "grid_chief", "community"}), {**TEXT, "outcome": "solved"}),
    "answer_case": case("accepted", HOLDER, {**TEXT, "outcome": "explained"}),
    "hand_up_case": case("accepted", HOLDER, REASON),
    "dispatch_case": case("accepted", HOLDER, lambda t: {"lead_id": t.unit("D-CG-1")}),
    "recall_case": case("dispatched", HOLDER, REASON),
    "transfer_case": case("dispatched", HOLDER, lambda t: {**REASON, "lead_id": t.unit("D-SW")}),
    "sign_case": case("dispatched", DEPARTMENT),
    "return_case": case("dispatched", DEPARTMENT, REASON),
    "sign_step": case("procedure", DEPARTMENT, {"number": 1}),
    "assist_done": case("assisting", DEPARTMENT, TEXT),
    "ask_extension": case("handling", DEPARTMENT, {**REASON, "limit": {"kind": "work_days", "amount": 2}}),
    "grant_extension": case("extension", HOLDER),
    "deny_extension": case("extension", HOLDER, REASON),
    "suspend_case": case("handling", HOLDER, REASON),
    "resume_case": case("suspended", HOLDER),
    "finish_case": case("handling", DEPARTMENT, TEXT),
    "pass_review": case("handled", HOLDER),
    "rework_case": case("handled", HOLDER, REASON),
    "close_case": case("reviewed", HOLDER, {"outcome": "solved"}),
    "rate_case": case("closed", HOLDER, {"score": 5}),
    "reopen_case": case("closed", HOLDER, REASON),
    "archive_case": case("closed", HOLDER),
    "note_case": case("handling", SEES_CASE, TEXT),
    "supervise_case": case("handling", R({"street_seat", "district_seat", "commander"}), {**TEXT, "step": "urge"}),
    "receipt_supervision": case("supervised", DEPARTMENT, TEXT),
}


def point(x: float = 118.7905, y: float = 32.0205) -> dict[str, float]:
    return {"lon": x, "lat": y}


CLAIMS: dict[str, Row] = {
    "claim_case": case("accepted", HOLDER, {"move": "dispatch"}),
    "take_over_case": case("accepted", HOLDER, {"move": "dispatch", "reason": "前一位已交班"}),
    "release_case": case("handling", SEES_CASE),
    "look_at_case": case("handling", SEES_CASE),
}
CALLERS = R({"grid_worker", "grid_chief", "community", "street_seat"})
CALLED = R({"street_seat", "commander"})  # the centre asked, or a commander above it
TOGETHER: dict[str, Row] = {
    "blow_whistle": case("accepted", CALLERS, REASON),
    "confirm_whistle": case("whistle", CALLED, lambda t: {"unit_ids": [t.unit("D-SW")]}),
    "refuse_whistle": case("whistle", CALLED, REASON),
    "arrive": case("mustered", DEPARTMENT, point()),
    "end_whistle": case("mustered", FIELD | {"community"}, lambda t: {"ratings": []}),
    "list_whistles": Row(SEES_CASE, "list"),
    "get_whistle_board": Row(SEES_CASE, "list", query=JANUARY),
    "get_supervision_board": Row(SEES_CASE, "list"),
    "list_supervised_cases": Row(SEES_CASE, "list"),
    "read_whistle": Row(SEES_CASE, "case", "mustered", sees=SEES_CASE),
    "download_whistle_pdf": Row(SEES_CASE, "case", "mustered", sees=SEES_CASE),
    "download_whistle_zip": Row(SEATS | {"department_leader", "assessor"}, "case", "mustered", sees=SEES_CASE),
    "join_case": case("reported", HOLDER, lambda t: {"into_id": t.case("accepted")}),
    "separate_case": case("joined", HOLDER, REASON),
    "list_joins": case("joined", SEES_CASE - DEPARTMENT),
}
READS_FIGURES = SEATS | {"grid_chief", "department_leader", "assessor", "wall"}

READS: dict[str, Row] = {
    "list_cases": Row(SEES_CASE, "list"),
    "get_case": case("handling", SEES_CASE),
    "map_cases": Row(
        SEES_CASE, "list", query={"west": 118.78, "south": 32.01, "east": 118.83, "north": 32.04, "zoom": 14}
    ),
    "heat": Row(SEES_CASE, "list", query={"west": 118.78, "south": 32.01, "east": 118.83, "north": 32.04, "zoom": 14}),
    "count_queues": Row(SEES_CASE, "list"),
    "find_duplicates": Row(SEES_CASE, "list", query={"lon": 118.7905, "lat": 32.0205}),
    "export_cases": Row(SEATS | {"department_leader", "assessor"}, "house", body={"format": "csv", "title": "清单"}),
    "export_analysis": Row(
        READS_FIGURES, "house", body={"format": "csv", "title": "分析", "asked": {"by": "day", **JANUARY}}
    ),
    "list_exports": Row(ALL, "self"),
    "download_export": Row(R({"street_seat"}), "own", "table"),
    "analyse_cases": Row(READS_FIGURES, "list", query=JANUARY),
    "get_dashboard": Row(READS_FIGURES, "list"),
    "get_figures_by_place": Row(READS_FIGURES, "list", query=JANUARY),
    "get_figures_by_category": Row(READS_FIGURES, "list", query=JANUARY),
    "get_figures_by_source": Row(READS_FIGURES, "list", query=JANUARY),
    "get_figures_by_outcome": Row(READS_FIGURES, "list", query=JANUARY),
    "get_figures_by_hour": Row(READS_FIGURES, "list", query=JANUARY),
    "get_figures_arrivals": Row(READS_FIGURES, "list", query=JANUARY),
    "get_figures_by_unit": Row(READS_FIGURES, "list", query=JANUARY),
    "get_figures_by_day": Row(READS_FIGURES, "list", query=JANUARY),
    "suggest_units": case("accepted", SEATS),
    "get_unit_loads": Row(SEATS, "house", query=lambda t: {"ids": [t.unit("D-CG")]}),
    "preview_dispatch": case("accepted", HOLDER, lambda t: {"lead_id": t.unit("D-CG-1")}),
    "preview_moves": Row(
        SEES_CASE, "list", body=lambda t: {"move": "accept", "case_ids": [t.case("reported")], "given": {}}
    ),
    "list_evidence": case("handling", SEES_CASE),
    "download_case_pdf": case("handling", SEES_CASE),
    "download_case_zip": case("handling", SEATS | {"department_leader", "assessor"}),
    "reveal_reporter": case("told", SEATS, {"purpose": "call_back", "reason": "回访报告人"}),
}
EVIDENCE: dict[str, Row] = {
    "upload_evidence": Row(SEES_CASE, "house", files=True),
    "get_evidence": Row(SEES_CASE, "case", "piece", sees=SEES_CASE),
    "change_evidence": Row(R({"street_seat"}), "case", "piece", {"photo_type": "near"}, sees=SEES_CASE),
    "download_evidence": Row(SEES_CASE, "case", "piece", sees=SEES_CASE),
    "download_original": Row(SEATS | {"assessor"}, "case", "piece", sees=SEES_CASE),
}
RULE_EDITORS = R({"commander", "administrator"})
SETTINGS_READERS = RULE_EDITORS | R({"security_officer", "auditor"})
SETTINGS: dict[str, Row] = {
    "list_schemes": Row(ALL, "house"),
    "add_scheme": Row(
        RULE_EDITORS,
        "house",
        body={"code": "Z", "version": "1", "name_zh": "新", "source": "测试", "valid_from": "2026-01-01"},
    ),
    "list_categories": Row(ALL, "house", query={"scheme": "TEST"}),
    "get_category": Row(ALL, "house", "category"),
    "add_category": Row(
        RULE_EDITORS,
        "house",
        body=lambda t: {"name_zh": "新类", "scheme_id": t.scheme, "code": "99"},
    ),
    "change_category": Row(RULE_EDITORS, "house", "category", {"name_zh": "改名"}),
    "guess_category": Row(ALL, "house", body={"text": "路面塌陷"}),
    "read_calendar": Row(ALL, "house"),
    "preview_calendar": Row(RULE_EDITORS, "house", body={"days": []}),
    "change_calendar": Row(RULE_EDITORS, "house", body={"days": []}),
    "list_dispatch_rules": Row(SEATS | ADMINISTRATOR, "house"),
    "add_dispatch_rule": Row(
        RULE_EDITORS,
        "place",
        body=lambda t: {"unit_id": t.unit("D-SW"), "valid_from": "2026-01-01", "code": "320104"},
    ),
    "change_dispatch_rule": Row(
        RULE_EDITORS,
        "place",
        "rule",
        lambda t: {"unit_id": t.unit("D-SW"), "valid_from": "2026-01-01", "code": "320104"},
    ),
    "remove_dispatch_rule": Row(RULE_EDITORS, "place", "rule"),
    "change_scheme": Row(RULE_EDITORS, "house", "scheme", {"name_zh": "改名"}),
    "copy_scheme": Row(RULE_EDITORS, "house", "scheme", {"version": "2", "valid_from": "2027-01-01"}),
    "remove_category": Row(RULE_EDITORS, "house", "category"),
    "try_limits": Row(ALL, "house", body={}),
    "replace_dispatch_rules": Row(RULE_EDITORS, "house", body={"rules": []}),
    "lint_dispatch_rules": Row(RULE_EDITORS, "house", body={}),
    "explain_dispatch_rules": Row(RULE_EDITORS, "house", body=lambda t: {"category_id": t.category.pk, "code": ""}),
    "try_dispatch_rules": Row(RULE_EDITORS, "house", body={"rules": [], "since": "2026-01-01", "until": "2026-02-01"}),
    "read_dispatch_trial": Row(R({"commander"}), "own", "trial"),  # whose it is
    "list_setting_changes": Row(SETTINGS_READERS, "house"),
    "preview_undo": Row(RULE_EDITORS | R({"auditor"}), "place", "change"),
    "undo_setting_change": Row(RULE_EDITORS, "place", "change"),
    "list_supervision_rules": Row(ALL, "house"),
    "set_supervision_rules": Row(RULE_EDITORS, "house", body={"rules": []}),
}
GRID_EDITORS = R({"street_seat", "administrator"})
TEAM_EDITORS = R({"community", "street_seat", "administrator"})
GRIDS: dict[str, Row] = {
    "grids_list_divisions": Row(READS_GRIDS, "house"),
    "grids_get_division": Row(READS_GRIDS, "house", "division"),
    "grids_create_division": Row(GRID_EDITORS, "place", body={"code": "320104001009", "name": "新社区"}),
    "grids_change_division": Row(GRID_EDITORS, "place", "division", {"name": "改名社区"}),
    "grids_end_division": Row(GRID_EDITORS, "place", "division", {"valid_to": "2027-01-01"}),
    "grids_division_ending": Row(GRID_EDITORS, "place", "division"),
    "draw_division": Row(ADMINISTRATOR, "place", "division", lambda t: {"shape": t.shape}),
    "grids_list_grids": Row(READS_GRIDS, "house"),
    "grids_get_grid": Row(READS_GRIDS, "house", "grid"),
    "grids_create_grid": Row(GRID_EDITORS, "place", body={"under": "320104001001", "name": "新网格"}),
    "grids_change_grid": Row(GRID_EDITORS, "place", "grid", {"name": "改名网格"}),
    "grids_end_grid": Row(GRID_EDITORS, "place", "grid", {"valid_to": "2027-01-01"}),
    "grids_grid_ending": Row(GRID_EDITORS, "place", "grid"),
    "preview_new_grid": Row(
        GRID_EDITORS, "place", body=lambda t: {"under": "320104001001", "name": "新网格", "shape": t.shape}
    ),
    "grid_net": Row(READS_GRIDS, "house", query={"community": "320104001001"}),
    "plan_effect": Row(
        GRID_EDITORS,
        "place",
        body=lambda t: {
            "date": "2030-01-01",
            "steps": [{"act": "draw", "code": "320104001001001", "shape": t.shape}],
        },
    ),
    "list_plans": Row(READS_GRIDS, "list"),
    "create_plan": Row(
        GRID_EDITORS,
        "place",
        body=lambda t: {
            "title": "测试方案",
            "date": "2030-01-01",
            "steps": [{"act": "draw", "code": "320104001001001", "shape": t.shape}],
        },
    ),
    "get_plan": Row(SEATS | {"assessor", "administrator"}, "place", "plan"),
    "plan_cases": Row(SEATS | {"assessor"}, "place", "plan"),
    "save_plan": Row(GRID_EDITORS, "place", "plan", {"title": "改名", "date": "2030-01-01", "version": 1}),
    "submit_plan": Row(GRID_EDITORS, "place", "plan"),
    "withdraw_plan": Row(GRID_EDITORS, "place", "plan"),
    "approve_plan": Row(R({"commander"}), "place", "plan", {"fingerprint": "x"}),
    "return_plan": Row(R({"commander"}), "place", "plan", {"reason": "测试所需的理由"}),
    "cancel_redraw": Row(GRID_EDITORS, "place", "redraw", {"reason": "测试所需的理由"}),
    "draw_grid": Row(ADMINISTRATOR, "place", "grid", lambda t: {"shape": t.shape}),
    "split_grid": Row(ADMINISTRATOR, "place", "grid", lambda t: {"line": t.line}),
    "merge_grids": Row(ADMINISTRATOR, "place", body={"codes": ["320104001001001", "320104001001002"]}),
    "move_border": Row(
        ADMINISTRATOR,
        "place",
        body=lambda t: {"one": "320104001001001", "other": "320104001001002", "line": t.line},
    ),
    "grids_next_code": Row(GRID_EDITORS, "place", query={"under": "320104001001"}),
    "grids_list_redraws": Row(READS_GRIDS, "house"),
    "grids_locate": Row(READS_GRIDS, "house", query=point()),
    "grids_map_layers": Row(READS_GRIDS, "house", query={"bbox": "118.78,32.01,118.83,32.04", "zoom": 14}),
    "map_teams": Row(READS_GRIDS, "house", query={"bbox": "118.78,32.01,118.83,32.04", "zoom": 14}),
    "map_places": Row(READS_GRIDS, "house", query={"bbox": "118.78,32.01,118.83,32.04", "zoom": 16}),
    "what_is_here": Row(READS_GRIDS, "house", query=point()),
    "grids_coverage": Row(READS_GRIDS, "house", query={"community": "320104001001"}),
    "grids_coverage_summary": Row(READS_GRIDS, "house", query={"under": "320104001"}),
    "grids_list_members": Row(READS_GRIDS, "list"),
    "grids_add_member": Row(
        TEAM_EDITORS, "place", body={"grid": "320104001001001", "kind": "volunteer", "name": "新志愿者"}
    ),
    "grids_change_member": Row(TEAM_EDITORS, "place", "member", {"name": "改名"}),
    "grids_end_member": Row(TEAM_EDITORS, "place", "member"),
    "grids_vacancies": Row(READS_GRIDS, "list"),
    "grids_list_aliases": Row(READS_GRIDS, "house"),
    "grids_add_alias": Row(GRID_EDITORS, "place", body={"scheme": "police", "alias": "X1", "code": "320104001001001"}),
    "grids_end_alias": Row(GRID_EDITORS, "place", "alias"),
}
IMPORTER = ADMINISTRATOR
BATCH: dict[str, Any] = {
    "apply": None, "cancel": None, "check": {}, "faults": None, "faults_csv": None, "fault_shapes": None,
    "faults_xlsx": None, "get_import": None, "sample": None, "stage": {},
}  # fmt: skip
IMPORTS: dict[str, Row] = {
    "imports_kinds": Row(IMPORTER, "house"),
    "imports_mappings": Row(IMPORTER, "house"),
    "imports_save_mapping": Row(
        IMPORTER,
        "house",
        body={"kind": "divisions", "name": "表一", "definition": [{"field": "code", "columns": ["代码"]}]},
    ),
    "imports_forget_mapping": Row(IMPORTER, "house", "mapping"),
    "imports_list_imports": Row(IMPORTER, "list"),
    "imports_receive": Row(IMPORTER, "house", body={"kind": "divisions"}, files=True),
    **{f"imports_{name}": Row(IMPORTER, "own", "batch", body) for name, body in BATCH.items()},
}
READS_ACCOUNTS = ADMINISTRATOR | SECURITY
ACCOUNTS: dict[str, Row] = {
    "list_accounts": Row(READS_ACCOUNTS, "list"),
    "create_account": Row(ADMINISTRATOR, "house", body={"username": "newcomer", "name": "新人"}),
    "give_first_passwords": Row(ADMINISTRATOR, "place", body=lambda t: {"account_ids": [t.account]}),
    "get_account": Row(READS_ACCOUNTS, "place", "account", sees=READS_ACCOUNTS),
    "change_account": Row(ADMINISTRATOR, "place", "account", {"name": "改名"}, sees=READS_ACCOUNTS),
    "disable_account": Row(ADMINISTRATOR, "place", "account", sees=READS_ACCOUNTS),
    "reset_password": Row(ADMINISTRATOR, "place", "account", sees=READS_ACCOUNTS),
    "reset_totp": Row(SECURITY, "place", "account", sees=READS_ACCOUNTS),
    "unlock_account": Row(READS_ACCOUNTS, "place", "account", sees=READS_ACCOUNTS),
    "list_posts": Row(READS_ACCOUNTS, "list"),
    "give_post": Row(
        ADMINISTRATOR,
        "place",
        body=lambda t: {"unit_id": t.unit("D-CG-1"), "role": "department_clerk", "account_id": t.account},
        sees=READS_ACCOUNTS,
    ),
    "end_post": Row(ADMINISTRATOR, "place", "post", {"valid_to": "2199-01-01"}, sees=READS_ACCOUNTS),
    "move_post": Row(
        ADMINISTRATOR,
        "place",
        "post",
        lambda t: {"unit_id": t.unit("D-CG"), "role": "department_clerk"},
        sees=READS_ACCOUNTS,
    ),
    "revoke_post": Row(ADMINISTRATOR, "place", "post", sees=READS_ACCOUNTS),
    "list_roles": Row(ALL, "house"),
    "change_role": Row(SECURITY, "house", "role", {"permissions": ["case.read"]}),
    "list_partners": Row(ADMINISTRATOR, "house"),
    "create_partner": Row(ADMINISTRATOR, "place", body={"code": "P9", "name": "外部", "codes": ["320104001"]}),
    "change_partner": Row(ADMINISTRATOR, "place", "partner", {"name": "改名"}, sees=READS_ACCOUNTS),
    "rotate_partner_key": Row(ADMINISTRATOR, "place", "partner", {"overlap_hours": 24}, sees=READS_ACCOUNTS),
    "end_old_partner_key": Row(ADMINISTRATOR, "place", "partner", sees=READS_ACCOUNTS),
    "list_units": Row(ALL, "house"),
    "get_unit": Row(ALL, "house", "unit"),
    "create_unit": Row(
        ADMINISTRATOR, "place", body={"code": "D-NEW", "name": "新单位", "kind": "department", "division": "320104"}
    ),
    "change_unit": Row(ADMINISTRATOR, "place", "unit", {"name": "改名单位"}),
    "read_journal": Row(AUDITOR, "list"),
    "list_journal_kinds": Row(AUDITOR, "house"),
    "find_journal_people": Row(AUDITOR, "list"),
    "list_journal_exports": Row(AUDITOR, "list"),
    "export_journal": Row(AUDITOR, "list", body={"form": "csv"}),
    "get_journal_export": Row(AUDITOR, "own", "export"),
    "download_journal_export": Row(AUDITOR, "own", "export"),
    "download_journal_signature": Row(AUDITOR, "own", "export"),
    "get_signing_key": Row(AUDITOR, "house"),
    "get_session": Row(ALL, "self"),
    "sign_out": Row(ALL, "self"),
    "list_sessions": Row(ALL, "self"),
    "revoke_session": Row(ALL, "self", "session"),
    "change_password": Row(ALL, "self", body={"old": "x", "new": "y"}),
    "choose_post": Row(ALL, "self", body={"post_id": 1}),
    "get_totp_enrolment": Row(ALL, "self"),
    "sign_in_totp": Row(NOBODY, "signed", body={"code": "000000"}),
}
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
READS_WALL = SEATS | {"assessor", "wall"}
WALL_EDITORS = R({"commander", "administrator"})
THEME = {
    "name_zh": "主题",
    "name_en": "Theme",
    "valid_from": "2199-01-01",
    "after": 0,
    "definition": COMMAND_DEFINITION,
}
WEATHER = {"code": "320104", "observed_at": "2026-01-01T00:00:00Z", "text_zh": "多云"}
WALL: dict[str, Row] = {
    "list_themes": Row(READS_WALL | WALL_EDITORS, "house"),
    "get_theme": Row(READS_WALL | WALL_EDITORS, "house", "theme"),
    "list_theme_versions": Row(WALL_EDITORS, "house", "theme"),
    "save_theme": Row(WALL_EDITORS, "house", "theme", {**THEME, "after": 1}),
    "get_wall_board": Row(READS_WALL, "list", "theme"),
    "get_wall_feed": Row(READS_WALL, "list", "theme"),
    "get_wall_map": Row(READS_WALL, "list", "theme"),
    "get_wall_ground": Row(READS_WALL, "list"),
    "get_weather": Row(READS_WALL | WALL_EDITORS, "list"),
    "say_weather": Row(WALL_EDITORS, "place", body=WEATHER),
    "partner_weather": Row(NOBODY, "signed", body=WEATHER),
}
OPEN: dict[str, Row] = {
    "get_config": Row(ALL, "public"),
    "sign_in": Row(ALL, "public", body={"username": "nobody", "password": "nothing"}),
    "public_categories": Row(ALL, "public"),
    "public_grid": Row(ALL, "public", query=point()),
    "public_report": Row(ALL, "public", body={"title": "路灯不亮", **point()}),
    "public_upload": Row(ALL, "public", files=True),
    "public_follow": Row(ALL, "public", body={"number": "WG0", "code": "00000000"}),
    "public_add": Row(ALL, "public", body={"number": "WG0", "code": "00000000", "text": "补充"}),
    "public_rate": Row(ALL, "public", body={"number": "WG0", "code": "00000000", "score": 5}),
    "public_reopen": Row(ALL, "public", body={"number": "WG0", "code": "00000000", "reason": "没有解决"}),
    "partner_report": Row(NOBODY, "signed", body={"title": "路灯不亮", "source_no": "1"}),
    "partner_case": Row(NOBODY, "signed", "source"),
}
TABLE: dict[str, Row] = {
    **LOOP, **TOGETHER, **CLAIMS, **READS, **EVIDENCE, **SETTINGS, **GRIDS, **IMPORTS, **ACCOUNTS, **DUTY, **NOTICES,
    **COMMAND, **DESK, **WALL, **OPEN,
}  # fmt: skip
