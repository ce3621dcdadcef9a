"""What the map asks: layers of a view, the grid of a point, where 一张网 fails."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import StringConstraints

from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.schemas import Day, Lat, Lon, answers, reads
from wangge.grids import queries
from wangge.grids.access import may_read
from wangge.grids.api.reading import Under, Zoom, by
from wangge.grids.queries.map import Layer, view_of
from wangge.grids.schemas.common import Community
from wangge.grids.schemas.map import CoverageLineOut, CoverageOut, KnownPlacesOut, LocatedOut, StaffingOut

router = Router()
Box = Annotated[str, StringConstraints(max_length=200)]


@router.get(
    "/grids/map",
    response={**answers(dict[str, Any]), 304: None},
    summary="视野内的区划或网格 layers of a view (GeoJSON)",
)
def map_layers(
    request: HttpRequest,
    zoom: Zoom,
    bbox: Annotated[Box, Query(..., description="west,south,east,north")],
    day: Day | None = None,
    layer: Layer = Layer.AREAS,
) -> Any:
    view = view_of(bbox, zoom, day, layer)
    may_read(by(request))
    tag = view.tag()
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(queries.map_layers(view, by=by(request)), content_type="application/json")
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"  # kept, and asked for again by its tag
    return answer


@router.get(
    "/grids/map/teams",
    response=answers(StaffingOut),
    operation_id="map_teams",
    summary="视野内网格的队伍 who serves the grids of a view",
)
def map_teams(
    request: HttpRequest, zoom: Zoom, bbox: Annotated[Box, Query(..., description="west,south,east,north")]
) -> Any:
    return queries.staffing(view_of(bbox, zoom, None), by=by(request))


@router.get(
    "/grids/map/places",
    response=answers(KnownPlacesOut),
    operation_id="map_places",
    summary="视野内的地名 known places of a view",
)
def map_places(
    request: HttpRequest, zoom: Zoom, bbox: Annotated[Box, Query(..., description="west,south,east,north")]
) -> Any:
    return queries.places_in(view_of(bbox, zoom, None), by=by(request))


@router.get("/grids/locate", response=answers(LocatedOut), summary="点在哪个网格 the grid of a point")
def locate(request: HttpRequest, lon: Lon, lat: Lat, day: Day | None = None) -> Any:
    return queries.locate(lon=lon, lat=lat, day=day, by=by(request))


@router.get("/coverage", response=reads(CoverageOut), summary="一张网检查 where the net of a community fails")
def coverage(request: HttpRequest, community: Community, day: Day | None = None) -> Any:
    return queries.community_coverage(community, by=by(request), day=day)


@router.get("/coverage/summary", response=answers(Page[CoverageLineOut]), summary="一张网概况 one line a community")
def coverage_summary(request: HttpRequest, under: Under, offset: Offset = 0, limit: Limit = DEFAULT_SIZE) -> Any:
    return queries.coverage_under(under, by=by(request), offset=offset, limit=limit)
