"""Suggested units for a case. The rules they come from: dispatch.py."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from wangge.accounts.auth import actor_of
from wangge.cases.schemas.suggestions import SuggestionsOut
from wangge.cases.suggestions import suggestions_for
from wangge.core import clock
from wangge.core.schemas import reads

router = Router()


@router.get(
    "/cases/{uuid:case_id}/suggestions",
    response=reads(SuggestionsOut),
    operation_id="suggest_units",
    summary="推荐承办单位 suggested units",
)
def suggestions(request: HttpRequest, case_id: uuid.UUID) -> Any:
    return suggestions_for(case_id=case_id, by=actor_of(request), at=clock.now())
