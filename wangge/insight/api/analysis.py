"""Figures broken down, beside an earlier period; every one of them with the filters that find its cases."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from wangge.accounts.auth import actor_of
from wangge.cases.queries.breakdown import breakdown
from wangge.core.schemas import answers
from wangge.insight.schemas.analysis import AnalysisIn, AnalysisOut

router = Router()


@router.get(
    "/analysis",
    response=answers(AnalysisOut),
    operation_id="analyse_cases",
    summary="统计分析：按时间、地点、类别、来源、结果、单位，可比两个时段 figures broken down",
)
def analysis(request: HttpRequest, asked: Query[AnalysisIn]) -> Any:
    return breakdown(actor_of(request), asked.asked())
