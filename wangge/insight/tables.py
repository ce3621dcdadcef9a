"""The tables of insight itself: a list of cases, and an analysis."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases.queries.breakdown import By, breakdown
from wangge.cases.queries.export import case_table
from wangge.cases.schemas.asked import FiltersIn
from wangge.core.actor import Actor
from wangge.core.clock import local
from wangge.insight.makers import Asked, Maker, Table, mark_of
from wangge.insight.models import Export
from wangge.insight.schemas.analysis import AnalysisIn
from wangge.registry.queries.leaving import leaving_table

KEPT = timedelta(days=3)
MOST_ROWS = {Export.Format.CSV: 500_000, Export.Format.XLSX: 200_000, Export.Format.PDF: 3_000}
MEASURES = {
    "reported": ("上报", "Reported"),
    "answered": ("已响应", "Answered"),
    "answered_in_5": ("5 分钟内响应", "Answered in 5 min"),
    "dispatched": ("派发", "Dispatched"),
    "closed": ("结案", "Closed"),
    "closed_in_time": ("按时办结", "Closed in time"),
    "self_settled": ("自办自结", "Settled on the spot"),
    "rated": ("已评价", "Rated"),
    "satisfied": ("满意", "Satisfied"),
}
SIDES = {
    By.DAY: ("日期", "Day"),
    By.WEEK: ("周", "Week"),
    By.MONTH: ("月份", "Month"),
    By.HOUR: ("时段", "Hour"),
    By.PLACE: ("地点", "Place"),
    By.CATEGORY: ("类别", "Category"),
    By.SOURCE: ("来源", "Channel"),
    By.OUTCOME: ("结果", "Outcome"),
    By.UNIT: ("单位", "Unit"),
}


def _cases(row: Export, asked: Asked, *, by: Actor, at: datetime) -> Table:
    filters = FiltersIn.model_validate(asked)
    headings, rows = case_table(by, filters.given(), at=at)
    return Table(title=row.title, mark=mark_of(row, by, at), headings=headings, rows=rows, language=by.language)


def _analysis(row: Export, asked: Asked, *, by: Actor, at: datetime) -> Table:
    question = AnalysisIn.model_validate(asked).asked()
    found, english = breakdown(by, question), by.language == "en"
    names = [measure["name"] for measure in found["measures"]]
    headings = [SIDES[question.by][english], *(MEASURES[name][english] for name in names)]
    if found["before"] is not None:
        span = f"{found['before_since']} – {found['before_until']}"
        headings += [f"{MEASURES[name][english]} ({span})" for name in names]
    uncategorised = ("未分类", "Without a category")[english]
    rows = [[item["label"] or uncategorised, *_counts(item, names)] for item in found["items"]]
    rows.append([("合计", "In all")[english], *(found["totals"][name] for name in names), *_before(found, names)])
    as_of = found["as_of"]["at"]
    said = f"{found['since']} – {found['until']}"
    told = ("数据截至", "as of")[english]
    mark = f"{mark_of(row, by, at)} · {said} · {told} {_time(as_of)}" if as_of else f"{mark_of(row, by, at)} · {said}"
    return Table(title=row.title, mark=mark, headings=tuple(headings), rows=rows, total=len(rows), language=by.language)


def _registry(row: Export, asked: Asked, *, by: Actor, at: datetime) -> Table:
    """Who took it away, who approved it, when, and what for, on every page."""
    headings, rows = leaving_table(asked["record_kind"], asked["code"], by)
    said = ("审批：{who} · 用途：{purpose}", "Approved by {who} · for: {purpose}")[by.language == "en"]
    mark = f"{mark_of(row, by, at)} · {said.format(who=row.decided_by, purpose=row.purpose)}"
    return Table(title=row.title, mark=mark, headings=headings, rows=rows, language=by.language)


def _counts(item: dict[str, Any], names: Sequence[str]) -> list[int]:
    before = item["before"]["counts"] if item["before"] else {}
    return [item["counts"][name] for name in names] + [before[name] for name in names if before]


def _before(found: dict[str, Any], names: Sequence[str]) -> list[int]:
    return [found["before"][name] for name in names] if found["before"] is not None else []


def _time(at: datetime) -> str:
    return local(at).strftime("%Y-%m-%d %H:%M")


CASES = Maker(
    kind="cases", needs=Permission.CASE_EXPORT, entry="cases.exported", kept=KEPT, most=MOST_ROWS, table=_cases
)
REGISTRY = Maker(
    kind="registry",
    needs=Permission.REGISTRY_EXPORT,
    entry="registry.exported",
    kept=KEPT,
    most=MOST_ROWS,
    table=_registry,
    approval=Permission.REGISTRY_APPROVE,
)
ANALYSIS = Maker(
    kind="analysis",
    needs=Permission.DASHBOARD_READ,
    entry="analysis.exported",
    kept=KEPT,
    most=MOST_ROWS,
    table=_analysis,
)
