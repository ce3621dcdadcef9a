"""标准答复 over HTTP: read by those who work on cases, changed with `answer.edit`."""

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Status

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.once import once
from wangge.core.requests import idempotency_key
from wangge.core.schemas import Id, answers, reads, writes
from wangge.desk.actions import answers as actions
from wangge.desk.queries import answers as queries
from wangge.desk.schemas import answers as shapes

router = Router()


@router.get("/answers", response=answers(shapes.AnswersOut), operation_id="list_answers", summary="标准答复 answers")
def all_answers(request: HttpRequest, query: Query[shapes.AnswersQuery]) -> Any:
    return queries.find_answers(**query.model_dump(), by=actor_of(request), at=clock.now())


@router.post(
    "/answers",
    response=writes(shapes.AnswerCardOut, status=201),
    operation_id="add_answer",
    summary="新增标准答复 add an answer",
)
def add(request: HttpRequest, body: shapes.AnswerIn) -> Any:
    by, at = actor_of(request), clock.now()

    def do() -> dict[str, Any]:
        made = actions.add_answer(given=body.as_given(), by=by, at=at)
        return queries.answer_card(made.pk, by=by, at=at)

    return Status(201, once(idempotency_key(request), owner=by, content=body.model_dump(mode="json"), at=at, do=do))


@router.post(
    "/answers/match",
    response=answers(list[shapes.MatchOut]),
    operation_id="match_answers",
    summary="可用的标准答复 answers that fit",
)
def match(request: HttpRequest, body: shapes.MatchIn) -> Any:
    by, at = actor_of(request), clock.now()
    return queries.matching_answers(body.text, category_id=body.category_id, by=by, at=at)


@router.get(
    "/answers/{answer_id}",
    response=reads(shapes.AnswerCardOut),
    operation_id="get_answer",
    summary="答复及其历次版本 one answer with its versions",
)
def card(request: HttpRequest, answer_id: Id) -> Any:
    return queries.answer_card(answer_id, by=actor_of(request), at=clock.now())


@router.put(
    "/answers/{answer_id}",
    response=writes(shapes.AnswerCardOut),
    operation_id="change_answer",
    summary="修改标准答复 change an answer",
)
def change(request: HttpRequest, answer_id: Id, body: shapes.AnswerChange) -> Any:
    by, at = actor_of(request), clock.now()
    actions.change_answer(answer_id=answer_id, given=body.as_given(), version=body.version, by=by, at=at)
    return queries.answer_card(answer_id, by=by, at=at)


@router.post(
    "/answers/{answer_id}/restore",
    response=writes(shapes.AnswerCardOut),
    operation_id="restore_answer",
    summary="恢复旧版本 bring back an earlier version",
)
def restore(request: HttpRequest, answer_id: Id, body: shapes.RestoreIn) -> Any:
    by, at = actor_of(request), clock.now()
    actions.restore_answer(answer_id=answer_id, number=body.number, version=body.version, by=by, at=at)
    return queries.answer_card(answer_id, by=by, at=at)
