"""The wall: themes and what they show."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.accounts.partners import PartnerAuth
from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.schemas import answers, reads
from wangge.wall import actions, queries
from wangge.wall import schemas as out

router = Router(tags=["wall"])


@router.get("/wall/themes", response=answers(out.ThemesOut), operation_id="list_themes", summary="大屏主题 themes")
def themes(request: HttpRequest) -> Any:
    by = actor_of(request)
    return {"items": queries.themes(by, at=clock.now()), "may_edit": by.may(Permission.WALL_EDIT)}


@router.get(
    "/wall/themes/{code}", response=reads(out.ThemeOut), operation_id="get_theme", summary="一个主题 one as it stands"
)
def theme(request: HttpRequest, code: out.ThemeCode) -> Any:
    return queries.theme(code, actor_of(request), at=clock.now())


@router.get(
    "/wall/themes/{code}/versions",
    response=reads(out.ThemeVersionsOut),
    operation_id="list_theme_versions",
    summary="主题的各个版本 its versions",
)
def versions(request: HttpRequest, code: out.ThemeCode) -> Any:
    return out.listed(queries.theme_versions(code, actor_of(request)))


@router.put(
    "/wall/themes/{code}",
    response=answers(out.ThemeOut, 409),
    operation_id="save_theme",
    summary="保存主题 a new version from a day on",
)
def save_theme(request: HttpRequest, code: out.ThemeCode, body: out.ThemeIn) -> Any:
    return actions.save_theme(code=code, given=body.given(), after=body.after, by=actor_of(request), at=clock.now())


@router.get(
    "/wall/themes/{code}/board",
    response=reads(out.BoardOut),
    operation_id="get_wall_board",
    summary="大屏数字 its numbers, of one moment",
)
def board(request: HttpRequest, code: out.ThemeCode) -> Any:
    return queries.board(code, actor_of(request), at=clock.now())


@router.get(
    "/wall/themes/{code}/feed",
    response=reads(out.FeedOut),
    operation_id="get_wall_feed",
    summary="大屏动态 the last moves of cases",
)
def feed(request: HttpRequest, code: out.ThemeCode) -> Any:
    return out.listed(queries.feed(code, actor_of(request), at=clock.now()))


@router.get(
    "/wall/themes/{code}/map",
    response=reads(out.OnMapOut),
    operation_id="get_wall_map",
    summary="大屏地图 open cases of each place, and cells of ten or more",
)
def on_map(request: HttpRequest, code: out.ThemeCode) -> Any:
    return queries.on_map(code, actor_of(request), at=clock.now())


@router.get(
    "/wall/ground",
    response=answers(out.GroundOut),
    operation_id="get_wall_ground",
    summary="大屏底图 borders of the post's own area",
)
def ground(request: HttpRequest) -> Any:
    return queries.ground(actor_of(request), at=clock.now())


@router.get(
    "/wall/weather",
    response=answers(out.WeatherNowOut),
    operation_id="get_weather",
    summary="天气 the weather last said",
)
def weather(request: HttpRequest) -> Any:
    return {"weather": queries.weather(actor_of(request), at=clock.now())}


@router.post(
    "/wall/weather",
    response=answers(out.WeatherOut, status=201),
    operation_id="say_weather",
    summary="填报天气 say the weather",
)
def say_weather(request: HttpRequest, body: out.WeatherIn) -> Any:
    return Status(201, actions.say_weather(given=body.given(), by=actor_of(request), at=clock.now()))


@router.post(
    "/partner/weather",
    auth=PartnerAuth(),
    response=answers(out.WeatherOut, status=201),
    operation_id="partner_weather",
    summary="外部系统推送天气 the weather from another system",
)
def partner_weather(request: HttpRequest, body: out.WeatherIn) -> Any:
    return Status(201, actions.say_weather(given=body.given(), by=actor_of(request), at=clock.now()))
