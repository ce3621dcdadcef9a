"""Quality of the registry, and the cleaning queue."""

from typing import Any

from django.http import HttpRequest

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.paging import DEFAULT_SIZE, CursorPage, Limit, Offset, Page
from wangge.core.schemas import Code, answers, reads
from wangge.registry.actions.cleaning import ask_grids
from wangge.registry.api.routes import router
from wangge.registry.queries import quality as queries
from wangge.registry.queries.duplicates import duplicates
from wangge.registry.queries.quality import Problem
from wangge.registry.queries.retention import retention as what_is_emptied
from wangge.registry.schemas import quality as schemas


@router.get(
    "/registry/quality",
    response=reads(schemas.QualityOut),
    operation_id="registry_quality",
    summary="数据质量 how good the records are",
)
def quality(request: HttpRequest, code: Code | None = None) -> Any:
    return queries.quality(code or "", by=actor_of(request))


@router.get(
    "/registry/quality/workers",
    response=reads(Page[schemas.WorkerQualityOut]),
    operation_id="registry_quality_by_worker",
    summary="网格员数据质量 how good the records are of the grids that each full-time worker answers for",
)
def by_worker(request: HttpRequest, code: Code | None = None, offset: Offset = 0, limit: Limit = DEFAULT_SIZE) -> Any:
    return queries.quality_by_worker(code or "", by=actor_of(request), offset=offset, limit=limit)


@router.get(
    "/registry/quality/fields",
    response=reads(list[schemas.FreshOut]),
    operation_id="registry_freshness",
    summary="各项时效 how fresh each field of people is",
)
def freshness(request: HttpRequest, code: Code | None = None) -> Any:
    return queries.freshness(code or "", by=actor_of(request))


@router.get(
    "/registry/quality/retention",
    response=reads(schemas.RetentionOut),
    operation_id="registry_retention",
    summary="保存期限 what is emptied soon because its time is over, and what was",
)
def retention(request: HttpRequest, code: Code | None = None) -> Any:
    return what_is_emptied(code or "", by=actor_of(request))


@router.get(
    "/registry/cleaning",
    response=answers(CursorPage[schemas.CleaningLineOut]),
    operation_id="registry_cleaning",
    summary="待清洗 what wants putting right",
)
def cleaning(request: HttpRequest, problem: Problem, code: Code | None = None, cursor: str = "") -> Any:
    by, at = actor_of(request), clock.now()
    return queries.queue(problem, by=by, at=at, code=code or "", cursor=cursor[:400])


@router.get(
    "/registry/duplicates",
    response=reads(schemas.DuplicatesOut),
    operation_id="registry_duplicates",
    summary="疑似重复人员 who is likely registered twice in a community",
)
def likely_twice(request: HttpRequest, code: Code | None = None) -> Any:
    return duplicates(code or "", by=actor_of(request))


@router.post(
    "/registry/cleaning/ask",
    response=answers(schemas.AskedOut),
    operation_id="registry_ask",
    summary="交网格核实 ask the grids to put records right, once within the cool-down",
)
def ask(request: HttpRequest, body: schemas.AskIn) -> Any:
    return {"asked": ask_grids(problem=body.problem, ids=body.ids, by=actor_of(request), at=clock.now())}
