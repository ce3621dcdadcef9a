"""The two schemes shipped: dispute kinds of GB/T 31000-2015, and a governance scheme of our own for the demonstration.

A scheme that a site has already under the same code and version is left as it is.
"""

import datetime
import re
from typing import Any

from django.db import migrations

from wangge.cases.migrations import _gbt31000, _governance

DISPUTE_LIMITS = "respond 5m dispatch 30m sign 2wh handle 15nd review 1wd"
LIMIT_KINDS = {
    "uh": "urgent_hours",
    "wh": "work_hours",
    "wd": "work_days",
    "nd": "natural_days",
    "m": "minutes",
}
URGENCIES = {"n": "normal", "u": "urgent", "e": "emergency"}
PHOTOS = {"b": "before", "a": "after"}


def ship(apps: Any, schema_editor: Any) -> None:
    rows = Rows(apps, schema_editor.connection.alias)
    disputes = rows.scheme(
        code="GBT31000",
        version="2015",
        name_zh="矛盾纠纷类别",
        name_en="Kinds of dispute",
        source="GB/T 31000-2015《社会治安综合治理基础数据规范》表 5.56",
        valid_from=datetime.date(2015, 10, 1),
    )
    if disputes is not None:
        ship_disputes(rows, disputes)
    governance = rows.scheme(
        code="WG",
        version="1",
        name_zh="网格治理事项（示范）",
        name_en="Grid governance (demonstration)",
        source="本项目为演示拟定，非任何城市或标准的正式目录；正式使用请导入本地标准。",
        valid_from=datetime.date(2024, 1, 1),
    )
    if governance is not None:
        ship_governance(rows, governance)


def ship_disputes(rows: "Rows", scheme: Any) -> None:
    for code, zh, en, minors in _gbt31000.KINDS:
        major = rows.category(scheme, None, code, zh, en, is_leaf=False, limits=limits(DISPUTE_LIMITS))
        for minor, minor_zh, minor_en in [*minors, (f"{code}99", *_gbt31000.OTHER[1:])]:
            rows.category(scheme, major, minor, minor_zh, minor_en)
    rows.category(scheme, None, *_gbt31000.OTHER, limits=limits(DISPUTE_LIMITS))


def ship_governance(rows: "Rows", scheme: Any) -> None:
    majors = {
        code: rows.category(scheme, None, code, zh, en, is_leaf=False, limits=limits(text), first_handler=first)
        for code, zh, en, text, first in _governance.MAJORS
    }
    minors = {}
    for code, zh, en, urgency, handle, evidence, settle, accept, close in _governance.MINORS:
        minors[code] = rows.category(
            scheme,
            majors[code[:2]],
            code,
            zh,
            en,
            urgency=URGENCIES[urgency],
            limits=limits(f"handle {handle}") if handle else {},
            evidence=[PHOTOS[sign] for sign in evidence],
            settle_on_spot=settle == "+",
            is_complaint=code in _governance.COMPLAINTS,
        )
        rows.condition(minors[code], accept, close)
    for code, steps in _governance.PROCEDURES:
        rows.procedure(minors[code], [(zh, en, limit(text)) for zh, en, text in steps])


class Rows:
    def __init__(self, apps: Any, alias: str) -> None:
        self._models = {name: apps.get_model("cases", name).objects.using(alias) for name in MODELS}

    def scheme(self, *, code: str, version: str, **values: Any) -> Any:
        """None when it is there already."""
        row, made = self._models["Scheme"].get_or_create(code=code, version=version, defaults=values)
        return row if made else None

    def category(self, scheme: Any, parent: Any, code: str, zh: str, en: str, **values: Any) -> Any:
        path = f"{parent.path if parent else ''}{code}/"
        return self._models["Category"].create(
            scheme=scheme, parent=parent, code=code, path=path, name_zh=zh, name_en=en, **values
        )

    def condition(self, category: Any, accept: str, close: str) -> None:
        self._models["Condition"].create(category=category, number=1, accept_when=accept, close_when=close)

    def procedure(self, category: Any, steps: list[tuple[str, str, dict[str, str]]]) -> None:
        for number, (zh, en, within) in enumerate(steps, 1):
            self._models["ProcedureStep"].create(category=category, number=number, name_zh=zh, name_en=en, limit=within)


MODELS = ("Scheme", "Category", "Condition", "ProcedureStep")


def limits(text: str) -> dict[str, dict[str, str]]:
    words = text.split()
    return {stage: limit(amount) for stage, amount in zip(words[::2], words[1::2], strict=True)}


def limit(text: str) -> dict[str, str]:
    found = re.fullmatch(r"(\d+)(\w+)", text)
    if found is None:
        raise ValueError(text)
    return {"kind": LIMIT_KINDS[found[2]], "amount": found[1]}


class Migration(migrations.Migration):
    dependencies = [("cases", "0030_ladder")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop, elidable=False)]
