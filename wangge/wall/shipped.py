"""Themes as they come: the one map of the command, and three examples that a demonstration begins with."""

from typing import Any

COMMAND = "command"


def text(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def tile(metric: str, span: str) -> dict[str, str]:
    return {"metric": metric, "span": span}


TODAY = [
    tile("reported", "today"),
    tile("closed", "today"),
    tile("open", "now"),
    tile("overdue", "now"),
    tile("answered_in_5", "today"),
    tile("arrived_in_10", "30"),
]
COMMAND_DEFINITION: dict[str, Any] = {
    "categories": [],
    "panels": [
        {"id": "numbers", "kind": "numbers", "tiles": TODAY},
        {"id": "map", "kind": "map", "layers": ["grids", "heat", "alerts"]},
        {"id": "feed", "kind": "feed"},
        {"id": "alerts", "kind": "alerts"},
        {"id": "hotkinds", "kind": "hot", "of": "category"},
        {"id": "hotplaces", "kind": "hot", "of": "place"},
        {"id": "hours", "kind": "chart", "of": "hours", "span": "today"},
        {"id": "places", "kind": "chart", "of": "places", "span": "now"},
        {"id": "weather", "kind": "weather"},
        {"id": "duty", "kind": "duty"},
    ],
    "wide": {
        "columns": [1, 1.9, 1],
        "rows": [0.62, 1, 1, 1, 0.5],
        "areas": [
            ["numbers", "numbers", "numbers"],
            ["hotkinds", "map", "feed"],
            ["hotplaces", "map", "feed"],
            ["hours", "map", "alerts"],
            ["weather", "duty", "alerts"],
        ],
    },
    "ultra": {
        "columns": [1.2, 1, 1.1, 2.2, 1.1, 1.2],
        "rows": [1, 1, 0.36],
        "areas": [
            ["numbers", "hotkinds", "hours", "map", "alerts", "feed"],
            ["numbers", "hotplaces", "places", "map", "alerts", "feed"],
            ["weather", "duty", "places", "map", "alerts", "feed"],
        ],
    },
}


def themed(categories: list[str], panels: list[dict[str, Any]], left: list[str]) -> dict[str, Any]:
    """A map in the middle, three panels at its left, the feed and the red cases at its right."""
    common = [
        {
            "id": "numbers",
            "kind": "numbers",
            "tiles": [
                tile("reported", "today"),
                tile("reported", "30"),
                tile("open", "now"),
                tile("overdue", "now"),
                tile("closed_in_time", "30"),
                tile("satisfied", "30"),
            ],
        },
        {"id": "map", "kind": "map", "layers": ["grids", "heat", "alerts"]},
        {"id": "feed", "kind": "feed"},
        {"id": "alerts", "kind": "alerts"},
    ]
    first, second, third = left
    return {
        "categories": [{"scheme": "WG", "path": path} for path in categories],
        "panels": [*common, *panels],
        "wide": {
            "columns": [1, 1.9, 1],
            "rows": [0.62, 1, 1, 1],
            "areas": [
                ["numbers", "numbers", "numbers"],
                [first, "map", "feed"],
                [second, "map", "feed"],
                [third, "map", "alerts"],
            ],
        },
        "ultra": {
            "columns": [1.25, 1.1, 1.1, 2.3, 1.1, 1.15],
            "rows": [1, 1],
            "areas": [
                ["numbers", first, second, "map", "alerts", "feed"],
                ["numbers", first, third, "map", "alerts", "feed"],
            ],
        },
    }


CHARTS = [
    {"id": "kinds", "kind": "chart", "of": "categories", "span": "30"},
    {"id": "places", "kind": "chart", "of": "places", "span": "now"},
    {"id": "days", "kind": "chart", "of": "days", "span": "30"},
]
HOT = [
    {"id": "hotkinds", "kind": "hot", "of": "category"},
    {"id": "places", "kind": "chart", "of": "places", "span": "now"},
    {"id": "hours", "kind": "chart", "of": "hours", "span": "today"},
]
# code -> (zh, en, definition): categories of the built-in governance scheme, the figures of whatever cases there are.
EXAMPLES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "buildings": (
        "楼宇经济",
        "Business buildings",
        themed(
            ["01/0103/", "01/0104/", "01/0105/", "03/0301/", "03/0304/", "03/0306/", "03/0307/", "05/0502/", "09/"],
            CHARTS,
            ["kinds", "places", "days"],
        ),
    ),
    "rivers": (
        "河道生态",
        "Rivers and waters",
        themed(
            ["04/0401/", "04/0402/", "04/0406/", "07/0704/", "08/", "13/1304/"],
            CHARTS,
            ["kinds", "places", "days"],
        ),
    ),
    "safety": (
        "平安建设",
        "Public safety",
        themed(["01/", "02/", "03/", "12/", "13/"], HOT, ["hotkinds", "places", "hours"]),
    ),
}
