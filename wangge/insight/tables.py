"""What stands in a table: headings, rows as one person may have them, and the line that says whose copy it is."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wangge.cases.queries.breakdown import By, breakdown
from wangge.cases.queries.export import case_table
from wangge.cases.schemas.read import FiltersIn
from wangge.core.actor import Actor
from wangge.core.clock import local
from wangge.insight.models import Export
from wangge.insight.schemas.analysis import AnalysisIn

Cells = Sequence[object]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    title: str
    mark: str  # who, when, by which filter: on every page
    headings: tuple[str, ...]
    rows: Iterable[Cells]
    total: int | None = None
    language: str = "zh"

    def counted(self, tell: Callable[[int], None]) -> "Table":
        """The same, telling of each row how many there are so far."""

        def rows() -> Iterator[Cells]:
            for done, row in enumerate(self.rows, 1):
                tell(done)
                yield row

        return replace(self, rows=rows())


def table_of(row: Export, asked: dict[str, Any], *, by: Actor, at: datetime) -> Table:
    """Raises NotAllowed, and what the question itself may raise."""
    make = _cases if row.kind == Export.Kind.CASES else _analysis
    return make(row, asked, by, at)


def _cases(row: Export, asked: dict[str, Any], by: Actor, at: datetime) -> Table:
    filters = FiltersIn.model_validate(asked)
    headings, rows = case_table(by, filters.given(), at=at)
    return Table(title=row.title, mark=_mark(row, by, at), headings=headings, rows=rows, language=by.language)


def _analysis(row: Export, asked: dict[str, Any], by: Actor, at: datetime) -> Table:
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
    mark = f"{_mark(row, by, at)} · {said} · {told} {_time(as_of)}" if as_of else f"{_mark(row, by, at)} · {said}"
    return Table(title=row.title, mark=mark, headings=tuple(headings), rows=rows, total=len(rows), language=by.language)


def _counts(item: dict[str, Any], names: Sequence[str]) -> list[int]:
    before = item["before"]["counts"] if item["before"] else {}
    return [item["counts"][name] for name in names] + [before[name] for name in names if before]


def _before(found: dict[str, Any], names: Sequence[str]) -> list[int]:
    return [found["before"][name] for name in names] if found["before"] is not None else []


def _mark(row: Export, by: Actor, at: datetime) -> str:
    exported = ("导出", "Exported")[by.language == "en"]
    return f"{exported}：{by.unit_name} {by.name} {_time(at)} · {row.title} · {row.pk}"


def _time(at: datetime) -> str:
    return local(at).strftime("%Y-%m-%d %H:%M")
