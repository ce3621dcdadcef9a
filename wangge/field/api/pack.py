"""What the phone asks for first."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.schemas import answers
from wangge.field.queries.pack import own_house_key, pack, today
from wangge.field.schemas.pack import HouseKeyOut, PackOut, TodayOut

router = Router()


@router.get(
    "/field/pack",
    response=answers(PackOut) | {304: None},
    by_alias=True,
    operation_id="get_pack",
    summary="手机离线包 all that a phone keeps for a day without a network",
)
def whole(request: HttpRequest, response: HttpResponse) -> Any:
    """Asked again with If-None-Match it answers 304 while nothing has changed."""
    found = pack(by=actor_of(request), at=clock.now())
    tag = f'"{found["version"]}"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return Status(304, None) if request.headers.get("If-None-Match") == tag else Status(200, found)


@router.get(
    "/field/house-key",
    response=answers(HouseKeyOut),
    operation_id="get_house_key",
    summary="离线内容的封存公钥 for what a phone seals for the centre; in the pack of those who have one",
)
def key(request: HttpRequest) -> Any:
    return own_house_key(by=actor_of(request), at=clock.now())


@router.get(
    "/field/today",
    response=answers(TodayOut),
    operation_id="get_today",
    summary="今天 today in a few numbers, and one's own month",
)
def light(request: HttpRequest) -> Any:
    return today(by=actor_of(request), at=clock.now())
