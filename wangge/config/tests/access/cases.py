"""The loop, what is done together, what is read, and evidence."""

from wangge.config.tests.access.base import (
    ALL,
    DEPARTMENT,
    FIELD,
    HOLDER,
    JANUARY,
    READS_FIGURES,
    REASON,
    SEATS,
    SEES_CASE,
    TEXT,
    R,
    Row,
    case,
    point,
)

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

READS: dict[str, Row] = {
    "list_cases": Row(SEES_CASE, "list"),
    "search_cases": Row(SEES_CASE, "list", body={}),
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
    "put_part": Row(SEES_CASE, "house", "new_upload", query={"part": 1, "parts": 1}),
    "read_upload": Row(R({"street_seat"}), "own", "upload"),
    "get_evidence": Row(SEES_CASE, "case", "piece", sees=SEES_CASE),
    "change_evidence": Row(R({"street_seat"}), "case", "piece", {"photo_type": "near"}, sees=SEES_CASE),
    "download_evidence": Row(SEES_CASE, "case", "piece", sees=SEES_CASE),
    "download_original": Row(SEATS | {"assessor"}, "case", "piece", sees=SEES_CASE),
}
