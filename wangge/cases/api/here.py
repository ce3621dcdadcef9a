"""Cases by their ground: what is at a point, and what would move with a border."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from wangge.accounts.auth import actor_of
from wangge.cases.queries.here import what_is_here
from wangge.cases.queries.moving import moving_cases
from wangge.cases.schemas.here import HereOut, MovingCaseOut
from wangge.core.paging import Page
from wangge.core.schemas import Lat, Lon, answers, reads

router = Router()


@router.get("/here", response=answers(HereOut), operation_id="what_is_here", summary="这里有什么 what is here")
def here(request: HttpRequest, lon: Lon, lat: Lat) -> Any:
    return what_is_here(actor_of(request), lon, lat)


@router.get(
    "/plans/{uuid:plan_id}/cases",
    response=reads(Page[MovingCaseOut]),
    operation_id="plan_cases",
    summary="方案将转移的在办案件 open cases that would move",
)
def plan_cases(request: HttpRequest, plan_id: UUID) -> Any:
    return moving_cases(plan_id, by=actor_of(request))
