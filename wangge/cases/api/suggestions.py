"""Suggested units for a case. The rules they come from: dispatch.py."""

import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router

from wangge.accounts.auth import actor_of
from wangge.cases.queries.loads import load_of
from wangge.cases.schemas.suggestions import LoadsOut, SuggestionsOut
from wangge.cases.suggestions import suggestions_for
from wangge.core import clock
from wangge.core.schemas import Id, answers, reads

router = Router()


@router.get(
    "/cases/{uuid:case_id}/suggestions",
    response=reads(SuggestionsOut),
    operation_id="suggest_units",
    summary="推荐承办单位 suggested units",
)
def suggestions(request: HttpRequest, case_id: uuid.UUID) -> Any:
    return suggestions_for(case_id=case_id, by=actor_of(request), at=clock.now())


@router.get(
    "/cases/unit-loads",
    response=answers(LoadsOut),
    operation_id="get_unit_loads",
    summary="单位当前工作量 what units lead now",
)
def unit_loads(request: HttpRequest, ids: Annotated[list[Id], Query(max_length=50)]) -> Any:
    return load_of(actor_of(request), ids)
