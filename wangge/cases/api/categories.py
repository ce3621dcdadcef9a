"""Category schemes over HTTP: read by everybody signed in, changed with `category.edit`."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import StringConstraints

from wangge.accounts.auth import actor_of
from wangge.accounts.permissions import Permission
from wangge.cases.actions.categories import (
    CategoryChange,
    ConditionGiven,
    StepGiven,
    add_category,
    change_category,
    remove_category,
)
from wangge.cases.actions.schemes import add_scheme, change_scheme, copy_scheme
from wangge.cases.queries.categories import categories_of, category_card, guess_category, scheme_shown, schemes
from wangge.cases.queries.limits import try_limits
from wangge.cases.schemas import categories as shapes
from wangge.core import clock
from wangge.core.schemas import Id, answers, reads, writes

router = Router()
SchemeCode = Annotated[str, StringConstraints(max_length=40)]
GIVEN_ELSEWHERE = {"scheme_id", "parent_id", "code", "limits", "conditions", "procedure", "seen"}


@router.get(
    "/schemes",
    response=answers(list[shapes.SchemeOut]),
    operation_id="list_schemes",
    summary="事项目录 category schemes",
)
def all_schemes(request: HttpRequest) -> Any:
    return schemes(language=actor_of(request).language)


@router.post(
    "/schemes",
    response=writes(shapes.SchemeOut, status=201),
    operation_id="add_scheme",
    summary="新增事项目录 add a scheme",
)
def new_scheme(request: HttpRequest, body: shapes.SchemeIn) -> Any:
    actor = actor_of(request)
    scheme = add_scheme(**body.model_dump(), by=actor, at=clock.now())
    return Status(201, scheme_shown(scheme, language=actor.language))


@router.patch(
    "/schemes/{scheme_id}",
    response=writes(shapes.SchemeOut),
    operation_id="change_scheme",
    summary="修改事项目录 rename a scheme, or say when it holds",
)
def patch_scheme(request: HttpRequest, scheme_id: Id, body: shapes.SchemePatch) -> Any:
    actor = actor_of(request)
    given = body.model_dump(exclude_unset=True)
    values = {name: value for name, value in given.items() if value is not None or name == "valid_to"}
    scheme = change_scheme(scheme_id=scheme_id, values=values, by=actor, at=clock.now())
    return scheme_shown(scheme, language=actor.language)


@router.post(
    "/schemes/{scheme_id}/copy",
    response=writes(shapes.SchemeOut, status=201),
    operation_id="copy_scheme",
    summary="复制为新版本 a new version beside the old one",
)
def copy(request: HttpRequest, scheme_id: Id, body: shapes.SchemeCopyIn) -> Any:
    actor = actor_of(request)
    scheme = copy_scheme(scheme_id=scheme_id, **body.model_dump(), by=actor, at=clock.now())
    return Status(201, scheme_shown(scheme, language=actor.language))


@router.get(
    "/categories",
    response=reads(list[shapes.CategoryOut]),
    operation_id="list_categories",
    summary="事项类别 categories of a scheme",
)
def of_scheme(request: HttpRequest, scheme: SchemeCode, version: SchemeCode = "", everything: bool = False) -> Any:
    """`everything`: also those no longer in use."""
    return categories_of(
        scheme=scheme,
        version=version,
        everything=everything,
        language=actor_of(request).language,
        at=clock.now(),
    )


@router.post(
    "/categories/guess",
    response=answers(list[shapes.GuessOut]),
    operation_id="guess_category",
    summary="推荐类别 guess the category of a text",
)
def guess(request: HttpRequest, body: shapes.GuessIn) -> Any:
    return guess_category(
        text=body.text,
        scheme=body.scheme,
        lon=body.lon,
        lat=body.lat,
        code=body.code or "",
        by=actor_of(request),
        at=clock.now(),
    )


@router.post(
    "/categories/try-limits",
    response=reads(list[shapes.TriedLimitOut]),
    operation_id="try_limits",
    summary="试算时限 when a case that begins now would be due, and why",
)
def try_out(request: HttpRequest, body: shapes.TryLimitsIn) -> Any:
    actor = actor_of(request)
    return try_limits(
        category_id=body.category_id,
        condition_id=body.condition_id,
        limits=_limits(body.limits),
        at=body.at or clock.now(),
        language=actor.language,
        reach=actor.may(Permission.CATEGORY_EDIT),
    )


@router.get(
    "/categories/{category_id}",
    response=reads(shapes.CategoryCardOut),
    operation_id="get_category",
    summary="类别详情 one category",
)
def card(request: HttpRequest, category_id: Id) -> Any:
    return category_card(category_id=category_id, language=actor_of(request).language)


@router.post(
    "/categories",
    response=writes(shapes.CategoryCardOut, status=201),
    operation_id="add_category",
    summary="新增类别 add a category",
)
def add(request: HttpRequest, body: shapes.CategoryIn) -> Any:
    actor = actor_of(request)
    made = add_category(
        scheme_id=body.scheme_id,
        parent_id=body.parent_id,
        code=body.code,
        change=_change(body),
        by=actor,
        at=clock.now(),
    )
    return Status(201, category_card(category_id=made.pk, language=actor.language))


@router.patch(
    "/categories/{category_id}",
    response=writes(shapes.CategoryCardOut),
    operation_id="change_category",
    summary="修改类别 change a category",
)
def change(request: HttpRequest, category_id: Id, body: shapes.CategoryPatch) -> Any:
    actor = actor_of(request)
    change_category(category_id=category_id, change=_change(body), seen=body.seen, by=actor, at=clock.now())
    return category_card(category_id=category_id, language=actor.language)


@router.delete(
    "/categories/{category_id}",
    response=writes(None, status=204),
    operation_id="remove_category",
    summary="删除未用过的类别 take away a category that nothing has used",
)
def remove(request: HttpRequest, category_id: Id) -> Any:
    remove_category(category_id=category_id, by=actor_of(request), at=clock.now())
    return Status(204, None)


def _change(body: shapes.CategoryPatch) -> CategoryChange:
    values = body.model_dump(exclude_unset=True, exclude=GIVEN_ELSEWHERE, mode="json")
    return CategoryChange(
        values={name: value for name, value in values.items() if value is not None or name == "successor_id"},
        limits=None if body.limits is None else _limits(body.limits),
        conditions=None if body.conditions is None else [_condition(one) for one in body.conditions],
        procedure=None if body.procedure is None else [_step(one) for one in body.procedure],
    )


def _condition(one: shapes.ConditionIn) -> ConditionGiven:
    return ConditionGiven(**one.model_dump(exclude={"limits"}), limits=_limits(one.limits))


def _step(one: shapes.ProcedureStepIn) -> StepGiven:
    return StepGiven(**one.model_dump(exclude={"limit"}), limit=one.limit.as_limit() if one.limit else None)


def _limits(limits: shapes.Limits) -> "dict[str, Any]":
    return {str(stage): limit.as_limit() for stage, limit in limits.items()}
