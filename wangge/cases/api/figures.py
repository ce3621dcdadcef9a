"""Figures for dashboards, from roll-ups."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from wangge.accounts.auth import actor_of
from wangge.cases.queries import figures
from wangge.cases.schemas import figures as out
from wangge.core import clock
from wangge.core.schemas import answers

router = Router()


@router.get(
    "/figures/dashboard",
    response=answers(out.DashboardOut),
    operation_id="get_dashboard",
    summary="首页数字 today, and what is open",
)
def dashboard(request: HttpRequest, asked: Query[out.DashboardIn]) -> Any:
    return figures.dashboard(actor_of(request), today=clock.today(), code=asked.code)


@router.get(
    "/figures/days", response=answers(out.DaysOut), operation_id="get_figures_by_day", summary="逐日数字 day by day"
)
def days(request: HttpRequest, asked: Query[out.PeriodIn]) -> Any:
    return figures.by_days(actor_of(request), figures.Period(asked.since, asked.until), code=asked.code)


@router.get(
    "/figures/by-place",
    response=answers(out.PlacesOut),
    operation_id="get_figures_by_place",
    summary="按区划网格 by the divisions or grids one level below",
)
def by_place(request: HttpRequest, asked: Query[out.PeriodIn]) -> Any:
    return figures.by_place(actor_of(request), figures.Period(asked.since, asked.until), code=asked.code)


@router.get(
    "/figures/by-category",
    response=answers(out.CategoriesOut),
    operation_id="get_figures_by_category",
    summary="按类别 by category",
)
def by_category(request: HttpRequest, asked: Query[out.PeriodIn]) -> Any:
    return figures.by_category(actor_of(request), figures.Period(asked.since, asked.until), code=asked.code)


@router.get(
    "/figures/by-source",
    response=answers(out.SourcesOut),
    operation_id="get_figures_by_source",
    summary="按来源 by the channel a case came by",
)
def by_source(request: HttpRequest, asked: Query[out.PeriodIn]) -> Any:
    return figures.by_source(actor_of(request), figures.Period(asked.since, asked.until), code=asked.code)


@router.get(
    "/figures/by-outcome",
    response=answers(out.OutcomesOut),
    operation_id="get_figures_by_outcome",
    summary="按办结结果 by how cases ended that were closed in the period",
)
def by_outcome(request: HttpRequest, asked: Query[out.PeriodIn]) -> Any:
    return figures.by_outcome(actor_of(request), figures.Period(asked.since, asked.until), code=asked.code)


@router.get(
    "/figures/by-hour",
    response=answers(out.HoursOut),
    operation_id="get_figures_by_hour",
    summary="按小时 what came in, by the hour of each day",
)
def by_hour(request: HttpRequest, asked: Query[out.HoursIn]) -> Any:
    period = figures.Period(asked.since, asked.until)
    return figures.by_hour(actor_of(request), period, code=asked.code, category=asked.category)


@router.get(
    "/figures/arrivals",
    response=answers(out.ArrivalsOut),
    operation_id="get_figures_arrivals",
    summary="吹哨报到 departments called by whistle, and how soon they came",
)
def arrivals(request: HttpRequest, asked: Query[out.PeriodIn]) -> Any:
    return figures.arrivals(actor_of(request), figures.Period(asked.since, asked.until), code=asked.code)


@router.get(
    "/figures/by-unit",
    response=answers(out.UnitsOut),
    operation_id="get_figures_by_unit",
    summary="按单位 by unit that led",
)
def by_unit(request: HttpRequest, asked: Query[out.UnitsIn]) -> Any:
    return figures.by_unit(actor_of(request), figures.Period(asked.since, asked.until), unit=asked.unit)
