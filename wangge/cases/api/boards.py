"""The boards a centre keeps open all day: supervision (督办台) and whistles (吹哨台)."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from wangge.accounts.auth import actor_of
from wangge.cases.queries import supervision, whistle_board
from wangge.cases.queries.figures import Period
from wangge.cases.schemas import boards
from wangge.core import clock
from wangge.core.paging import Page
from wangge.core.schemas import answers

router = Router()


@router.get(
    "/supervision",
    response=answers(boards.SupervisionBoardOut),
    operation_id="get_supervision_board",
    summary="督办台：各单位超期、黄红牌、待回执 supervision by unit",
)
def board(request: HttpRequest, asked: Query[boards.BoardIn]) -> Any:
    return supervision.supervision_board(actor_of(request), asked.asked(), at=clock.now())


@router.get(
    "/supervision/cases",
    response=answers(Page[boards.SupervisedOut]),
    operation_id="list_supervised_cases",
    summary="督办台：案件与督办回执 supervised cases with their ladder and receipts",
)
def cases(request: HttpRequest, asked: Query[boards.SupervisedIn]) -> Any:
    return supervision.supervised_cases(
        actor_of(request),
        asked.asked(),
        asked.view,
        at=clock.now(),
        offset=(asked.page - 1) * asked.limit,
        limit=asked.limit,
    )


@router.get(
    "/whistles/board",
    response=answers(boards.WhistleBoardOut),
    operation_id="get_whistle_board",
    summary="吹哨台：在途哨声与到场时效 open whistles and how fast units came",
)
def whistles(request: HttpRequest, asked: Query[boards.WhistleBoardIn]) -> Any:
    period = Period(asked.since, asked.until)
    wanted = whistle_board.Asked(period=period, code=asked.code, unit=asked.unit)
    return whistle_board.whistle_board(actor_of(request), wanted, at=clock.now())
