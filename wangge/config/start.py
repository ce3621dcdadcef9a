"""What a browser is told before anybody signs in: of every room a little."""

from typing import Annotated

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from ninja import Router, Schema
from pydantic import Field

from wangge.accounts import queries as accounts
from wangge.core import about, clock
from wangge.core.addresses import is_loopback, live_url, positions_url
from wangge.grids import queries as grids

router = Router(tags=["session"])


class BaseMapOut(Schema):
    kind: str
    url: str
    attribution: str
    approval_no: str


class DemoAccountOut(Schema):
    username: str
    role: str
    name: str
    unit: str


class ConfigOut(Schema):
    live_url: str
    positions_url: str
    demo: bool
    product: str
    version: str
    base_map: BaseMapOut
    area: Annotated[
        list[float] | None,
        Field(description="west, south, east, north of the area served, WGS-84; null while nothing is drawn"),
    ] = None
    demo_accounts: list[DemoAccountOut]


@router.get("/config", auth=None, operation_id="get_config", summary="What a browser needs first", response=ConfigOut)
def get_config(request: HttpRequest) -> ConfigOut:
    get_token(request)  # sets the CSRF cookie for clients that load no page
    demo = accounts.demo_accounts(at=clock.now()) if is_loopback(request) else []
    area = grids.served_area()
    return ConfigOut(
        live_url=live_url(request),
        positions_url=positions_url(request),
        demo=settings.DEMO,
        product=about.PRODUCT,
        version=about.version(),
        base_map=BaseMapOut(**settings.BASE_MAP),
        area=list(area) if area else None,
        demo_accounts=[
            DemoAccountOut(username=p.user.username, role=p.role.code, name=p.user.name, unit=p.unit.name) for p in demo
        ],
    )
