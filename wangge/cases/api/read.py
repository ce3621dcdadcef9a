"""Reading cases: the queue, one case, the map, possible duplicates, counts, export."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from wangge.accounts.auth import actor_of
from wangge.cases.api.intake import router as intake
from wangge.cases.queries import counts, detail, duplicates, listing, maps
from wangge.cases.schemas import read
from wangge.cases.schemas.asked import ListIn, SearchIn
from wangge.cases.schemas.map import HeatIn, HeatOut, MapIn, MapOut
from wangge.core import clock
from wangge.core.schemas import answers, reads

router = Router()


# On the router of reporting: ninja joins the methods of one path within one router only.
@intake.get(
    "/cases",
    response=answers(read.CasePageOut),
    operation_id="list_cases",
    summary="案件列表 the queue",
    tags=["cases"],
)
def cases(request: HttpRequest, filters: Query[ListIn]) -> Any:
    return _listed(request, filters)


@router.post(
    "/cases/search",
    response=answers(read.CasePageOut),
    operation_id="search_cases",
    summary="按来电号码等查找 the list, where a telephone is asked for",
)
def search(request: HttpRequest, body: SearchIn) -> Any:
    return _listed(request, body)


@router.get(
    "/cases/counts",
    response=answers(read.CountsOut),
    operation_id="count_queues",
    summary="各队列件数 cases in each queue",
)
def queue_counts(request: HttpRequest) -> Any:
    return counts.queue_counts(actor_of(request), at=clock.now())


@router.get(
    "/cases/map", response=answers(MapOut), operation_id="map_cases", summary="地图上的案件 cases in a viewport"
)
def on_map(request: HttpRequest, filters: Query[MapIn]) -> Any:
    box = maps.Box(filters.west, filters.south, filters.east, filters.north)
    return maps.map_cases(actor_of(request), box, zoom=filters.zoom, filters=filters.given(), at=clock.now())


@router.get("/cases/heat", response=answers(HeatOut), operation_id="heat", summary="热力 where cases come from")
def heat(request: HttpRequest, asked: Query[HeatIn]) -> Any:
    box = maps.Box(asked.west, asked.south, asked.east, asked.north)
    return maps.heat(actor_of(request), box, zoom=asked.zoom, days=asked.days, at=clock.now())


@router.get(
    "/cases/duplicates",
    response=answers(list[read.DuplicateOut]),
    operation_id="find_duplicates",
    summary="疑似重复 possible duplicates of what is being taken in",
)
def possible_duplicates(request: HttpRequest, about: Query[read.DuplicatesIn]) -> Any:
    return duplicates.duplicates(
        actor_of(request),
        lon=about.lon,
        lat=about.lat,
        text=f"{about.title} {about.address}",
        category_id=about.category_id,
        at=clock.now(),
    )


@router.get(
    "/cases/{uuid:case_id}", response=reads(read.CaseDetailOut), operation_id="get_case", summary="案件详情 one case"
)
def one(request: HttpRequest, case_id: uuid.UUID) -> Any:
    return detail.case_detail(actor_of(request), case_id, at=clock.now())


def _listed(request: HttpRequest, asked: ListIn | SearchIn) -> Any:
    return listing.list_cases(
        actor_of(request),
        asked.given(),
        at=clock.now(),
        sort=asked.sort,
        cursor=asked.cursor,
        limit=asked.limit,
    )
