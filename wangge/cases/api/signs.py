"""Signs of grids, to be printed and hung up: who serves there, and a code that opens the residents' report."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from wangge.accounts.auth import actor_of
from wangge.cases.queries.served import grid_signs
from wangge.cases.schemas.public import GridSignOut, SignsOf
from wangge.core.addresses import residents_url
from wangge.core.schemas import reads

router = Router()


@router.get(
    "/grid-signs",
    response=reads(list[GridSignOut]),
    operation_id="grid_signs",
    summary="网格牌 signs of a grid, or of a community's grids",
)
def signs(request: HttpRequest, under: SignsOf) -> Any:
    return grid_signs(under, house=residents_url(request), by=actor_of(request))
