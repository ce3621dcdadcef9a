"""The wall, and the doors open to all."""

from wangge.config.tests.access.base import ALL, NOBODY, READS_WALL, R, Row, point
from wangge.wall.shipped import COMMAND_DEFINITION

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
    "public_grid_of_sign": Row(ALL, "public", "grid"),
    "public_report": Row(ALL, "public", body={"title": "路灯不亮", **point()}),
    "public_upload": Row(ALL, "public", files=True),
    "public_follow": Row(ALL, "public", body={"number": "WG0", "code": "00000000"}),
    "public_add": Row(ALL, "public", body={"number": "WG0", "code": "00000000", "text": "补充"}),
    "public_rate": Row(ALL, "public", body={"number": "WG0", "code": "00000000", "score": 5}),
    "public_reopen": Row(ALL, "public", body={"number": "WG0", "code": "00000000", "reason": "没有解决"}),
    "partner_report": Row(NOBODY, "signed", body={"title": "路灯不亮", "source_no": "1"}),
    "partner_case": Row(NOBODY, "signed", query={"source_no": "1"}),
    "partner_records": Row(NOBODY, "signed", body={"source_no": "1", "kind": "people", "rows": [{"name": "张三"}]}),
    "partner_records_receipt": Row(NOBODY, "signed", query={"source_no": "1"}),
}
