"""Cases as a table, page by page, so that a year of a district leaves without filling the memory. Contacts never."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases.queries.filters import CaseFilters
from wangge.cases.queries.listing import find, rows_of
from wangge.cases.queries.order import Place, Sort
from wangge.cases.words import OUTCOMES, SOURCES, STATES, URGENCIES, said
from wangge.core.actor import Actor, acting
from wangge.core.clock import local

PAGE = 200
HEADINGS = {
    "zh": (
        *("案件号", "事项", "状态", "办理结果", "紧急程度", "类别", "来源", "地点", "网格代码", "网格", "经度", "纬度"),
        *("受理中心", "主办单位", "上报时间", "到期时间", "结案时间", "是否超期", "退回次数", "返工次数", "满意度"),
    ),
    "en": (
        *("Number", "What", "State", "Outcome", "Urgency", "Category", "Source", "Place", "Grid code", "Grid"),
        *("Longitude", "Latitude", "Centre", "Lead unit", "Reported", "Due", "Closed", "Overdue", "Returns", "Reworks"),
        "Satisfaction",
    ),
}


def case_table(by: Actor, filters: CaseFilters, *, at: datetime) -> tuple[tuple[str, ...], Iterator[list[object]]]:
    """Headings, and the rows as they are read. Raises NotAllowed. Each page of rows is a transaction of its own."""
    by.require(Permission.CASE_EXPORT)
    return HEADINGS["en" if by.language == "en" else "zh"], _cells(by, filters, at)


def _cells(by: Actor, filters: CaseFilters, at: datetime) -> Iterator[list[object]]:
    cursor: str | None = None
    while True:
        with acting(by):
            place = Place.begin(Sort.NEWEST, cursor)
            found, asked = find(by, filters, place, at=at, limit=PAGE)
            rows = rows_of(by, [one.case_id for one in found], asked)
        yield from (_row(row, by.language) for row in rows)
        if len(found) < PAGE:
            return
        cursor = place.cursor_at(found[-1])


def _row(row: dict[str, Any], language: str) -> list[object]:
    return [
        row["number"],
        row["title"],
        said(STATES, row["state"], language),
        said(OUTCOMES, row["outcome"], language) if row["outcome"] else "",
        said(URGENCIES, row["urgency"], language),
        row["category"]["full_name"] if row["category"] else "",
        said(SOURCES, row["source"], language),
        row["address"],
        row["grid"]["code"],
        row["grid"]["name"],
        row["lon"],
        row["lat"],
        row["holder"]["name"],
        row["lead"]["name"] if row["lead"] else "",
        _time(row["reported_at"]),
        _time(row["due_at"]),
        _time(row["closed_at"]),
        _yes(row["is_overdue"], language),
        row["returns"],
        row["reworks"],
        row["satisfaction"],
    ]


def _time(at: datetime | None) -> str:
    return local(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _yes(value: bool, language: str) -> str:
    return ("是" if value else "否") if language != "en" else ("yes" if value else "no")
