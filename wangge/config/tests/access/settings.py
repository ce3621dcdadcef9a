"""Settings of cases, grids, imports."""

from typing import Any

from wangge.config.tests.access.base import (
    ADMINISTRATOR,
    ALL,
    READS_GRIDS,
    RULE_EDITORS,
    SEATS,
    SETTINGS_READERS,
    R,
    Row,
    point,
)

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
    "list_setting_changes": Row(SETTINGS_READERS | {"data_clerk"}, "house"),
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
    "grid_signs": Row(READS_GRIDS, "house", query={"under": "320104001001"}),
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
IMPORTER = ADMINISTRATOR | {"data_clerk"}
BATCH: dict[str, Any] = {
    "apply": None, "cancel": None, "check": {}, "faults": None, "faults_csv": None, "fault_shapes": None,
    "faults_xlsx": None, "get_import": None, "sample": None, "stage": {},
}  # fmt: skip
IMPORTS: dict[str, Row] = {
    "imports_kinds": Row(IMPORTER, "house"),
    "imports_mappings": Row(IMPORTER, "house"),
    "imports_save_mapping": Row(
        ADMINISTRATOR,
        "house",
        body={"kind": "divisions", "name": "表一", "definition": [{"field": "code", "columns": ["代码"]}]},
    ),
    "imports_forget_mapping": Row(ADMINISTRATOR, "house", "mapping"),
    "imports_list_imports": Row(IMPORTER, "list"),
    # Divisions are the administrator's; whoever brings people does not see them, nor the other way round.
    "imports_receive": Row(ADMINISTRATOR, "house", body={"kind": "divisions"}, files=True),
    **{f"imports_{name}": Row(ADMINISTRATOR, "own", "batch", body) for name, body in BATCH.items()},
}
