"""Search from anywhere. A POST, although it only reads: a telephone that is looked for stands in no address, no log."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.schemas import answers
from wangge.desk.queries.find import find
from wangge.desk.schemas.find import FindIn, FoundOut

router = Router()


@router.post("/find", response=answers(FoundOut), operation_id="find", summary="全局搜索 search everything")
def find_everything(request: HttpRequest, body: FindIn) -> Any:
    return {"groups": find(body.q, by=actor_of(request), at=clock.now())}
