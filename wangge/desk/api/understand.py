"""What was understood of a place. A POST, although it only reads: where a caller lives stands in no address."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from wangge.accounts.auth import actor_of
from wangge.core.schemas import answers
from wangge.desk.queries.understand import understand_place
from wangge.desk.schemas.understand import PlaceWordsIn, UnderstoodOut

router = Router()


@router.post(
    "/intake/place",
    response=answers(UnderstoodOut),
    operation_id="understand_place",
    summary="听懂的地点 what is understood of a place",
)
def understand(request: HttpRequest, body: PlaceWordsIn) -> Any:
    return understand_place(body.text, by=actor_of(request))
