"""划界方案: drawn up by one, approved by another."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Status

from wangge.core import clock
from wangge.core.once import once
from wangge.core.paging import DEFAULT_SIZE, Limit, Offset, Page
from wangge.core.requests import idempotency_key
from wangge.core.schemas import Day, answers, reads, writes
from wangge.grids import actions, queries
from wangge.grids.api.reading import Under, by
from wangge.grids.schemas.common import CancelIn, DivisionCode
from wangge.grids.schemas.plans import ApproveIn, EffectIn, EffectOut, PlanCardOut, PlanIn, PlanOut, PlanState, steps_of

router = Router()
CARD = writes(PlanCardOut)


@router.get("/grids/net", response=reads(dict[str, Any]), operation_id="grid_net", summary="社区的完整边界 for drawing")
def net(request: HttpRequest, community: DivisionCode, day: Day | None = None) -> Any:
    return queries.net_of(community, by=by(request), day=day)


@router.post(
    "/plans/effect",
    response=writes(EffectOut),
    operation_id="plan_effect",
    summary="方案效果预览 what steps would do",
)
def effect(request: HttpRequest, body: EffectIn) -> Any:
    return queries.effect_of(steps_of(body.steps), body.date, by=by(request))


@router.get("/plans", response=answers(Page[PlanOut]), operation_id="list_plans", summary="划界方案 proposals")
def list_plans(
    request: HttpRequest,
    state: PlanState | None = None,
    under: Under = "",
    offset: Offset = 0,
    limit: Limit = DEFAULT_SIZE,
) -> Any:
    return queries.plans(by=by(request), state=state or "", under=under, offset=offset, limit=limit)


@router.post(
    "/plans", response=writes(PlanCardOut, status=201), operation_id="create_plan", summary="起草方案 draw one up"
)
def create(request: HttpRequest, body: PlanIn) -> Any:
    actor, at = by(request), clock.now()
    key = idempotency_key(request)
    content = body.model_dump(mode="json")
    return Status(201, once(key, owner=actor, content=content, at=at, do=lambda: _saved(request, None, body)))


@router.get("/plans/{uuid:plan_id}", response=reads(PlanCardOut), operation_id="get_plan", summary="一个方案 one")
def get(request: HttpRequest, plan_id: UUID) -> Any:
    return queries.plan_card(plan_id, by=by(request))


@router.put("/plans/{uuid:plan_id}", response=CARD, operation_id="save_plan", summary="保存草稿 save the draft")
def save(request: HttpRequest, plan_id: UUID, body: PlanIn) -> Any:
    return _saved(request, plan_id, body)


@router.post("/plans/{uuid:plan_id}/submit", response=CARD, operation_id="submit_plan", summary="提交审批 submit")
def submit(request: HttpRequest, plan_id: UUID) -> Any:
    actions.submit_plan(plan_id=plan_id, by=by(request), at=clock.now())
    return queries.plan_card(plan_id, by=by(request))


@router.post("/plans/{uuid:plan_id}/approve", response=CARD, operation_id="approve_plan", summary="批准 approve")
def approve(request: HttpRequest, plan_id: UUID, body: ApproveIn) -> Any:
    actions.approve_plan(plan_id=plan_id, seen=body.fingerprint, note=body.note, by=by(request), at=clock.now())
    return queries.plan_card(plan_id, by=by(request))


@router.post("/plans/{uuid:plan_id}/return", response=CARD, operation_id="return_plan", summary="退回 return")
def give_back(request: HttpRequest, plan_id: UUID, body: CancelIn) -> Any:
    actions.return_plan(plan_id=plan_id, reason=body.reason, by=by(request), at=clock.now())
    return queries.plan_card(plan_id, by=by(request))


@router.post("/plans/{uuid:plan_id}/withdraw", response=CARD, operation_id="withdraw_plan", summary="作废 withdraw")
def withdraw(request: HttpRequest, plan_id: UUID) -> Any:
    actions.withdraw_plan(plan_id=plan_id, by=by(request), at=clock.now())
    return queries.plan_card(plan_id, by=by(request))


def _saved(request: HttpRequest, plan_id: UUID | None, body: PlanIn) -> dict[str, Any]:
    plan = actions.save_plan(
        plan_id=plan_id,
        version=body.version,
        title=body.title,
        day=body.date,
        reason=body.reason,
        steps=steps_of(body.steps),
        by=by(request),
        at=clock.now(),
    )
    return queries.plan_card(plan.pk, by=by(request), moving=False)
