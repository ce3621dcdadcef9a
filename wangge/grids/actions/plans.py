"""划界方案: drawn up, submitted, approved by another, or returned. Approval does the redrawing for its day (ADR 13)."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import shapely

from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, Invalid, NotAllowed, NotFound, invalid
from wangge.core.ids import new_id
from wangge.grids.access import may_edit
from wangge.grids.actions.divisions import CodeUsed
from wangge.grids.actions.planning import Worked, communities_of, worked_out
from wangge.grids.actions.redraw import check_not_worse, check_nothing_later
from wangge.grids.actions.writing import Drawing, Order, write
from wangge.grids.entries import record
from wangge.grids.models import Division, Grid, Plan, Redraw
from wangge.grids.steps import Kept


class NotYours(Conflict):
    code = "grids.plan_not_yours"
    zh = "方案由 {name} 起草，只能由本人修改、提交或收回。"
    en = "The proposal is {name}'s; only they change, submit or take it back."


class PlanMoved(Conflict):
    code = "grids.plan_moved"
    zh = "方案现在是“{state_zh}”，不能这样做；请刷新查看。"
    en = "The proposal is “{state}” now, and this cannot be done; reload it."


class OwnPlan(NotAllowed):
    code = "grids.own_plan"
    zh = "不能审批自己起草的方案，请由另一位审批人办理。"
    en = "Nobody approves a proposal of their own; another has to."


class PlanTooLate(Invalid):
    code = "grids.plan_too_late"
    zh = "生效日期 {date} 已过，请退回修改日期。"
    en = "Its day {date} is past; return it for another day."


class GroundMoved(Conflict):
    code = "grids.ground_moved"
    zh = "图上的边界在您查看之后有了变动，请刷新，看过新的结果再审批。"
    en = "The map has changed since you looked; reload and look at the new outcome first."


def save_plan(
    *,
    plan_id: UUID | None,
    version: int,
    title: str,
    day: date,
    reason: str,
    steps: Sequence[Kept],
    by: Actor,
    at: datetime,
) -> Plan:
    """A new draft without an id. Its steps need not hold together yet.

    Raises NotAllowed, NotFound, Invalid, NotYours, PlanMoved.
    """
    if not title.strip():
        raise invalid("title", "请填写方案名称。", "Name the proposal.")
    code = _common(communities_of(steps)) if steps else ""
    may_edit(by, *communities_of(steps))
    draft = _held(plan_id, by=by, states=(Plan.State.DRAFT, Plan.State.RETURNED)) if plan_id else _begun(by)
    if plan_id and draft.version != version:
        raise PlanMoved(state=draft.state, state_zh=Plan.State(draft.state).label)
    draft.title, draft.date, draft.reason, draft.steps = title.strip(), day, reason, list(steps)
    draft.code, draft.state, draft.changed_at = code or draft.code, Plan.State.DRAFT, at
    draft.version += 1
    draft.save()
    return draft


def submit_plan(*, plan_id: UUID, by: Actor, at: datetime) -> Plan:
    """Raises NotAllowed, NotFound, Invalid, NotYours, PlanMoved, BreaksNet, LaterChange, and what its steps raise."""
    draft = _held(plan_id, by=by, states=(Plan.State.DRAFT, Plan.State.RETURNED))
    may_edit(by, *communities_of(draft.steps))
    if draft.date <= clock.day_of(at):
        raise invalid("date", "生效日期应在今天之后。", "The day must be after today.")
    if not draft.reason.strip():
        raise invalid("reason", "请写明理由。", "Say why.")
    worked = checked(draft, order=Order(by=by, at=at, valid_from=draft.date))
    draft.steps, draft.code = worked.steps, worked.where
    draft.state, draft.submitted_at, draft.changed_at = Plan.State.SUBMITTED, at, at
    draft.decided_at, draft.decided_by, draft.decided_name, draft.decision = None, None, "", ""
    draft.version += 1
    draft.save()
    _record("plan.submitted", draft, by=by, at=at, permission=Permission.GRID_EDIT)
    return draft


def approve_plan(*, plan_id: UUID, seen: str, note: str, by: Actor, at: datetime) -> Plan:
    """`seen`: the fingerprint of the outcome the approver looked at.

    Raises NotAllowed, NotFound, OwnPlan, PlanMoved, PlanTooLate, GroundMoved, BreaksNet, LaterChange.
    """
    plan = _decided(plan_id, by=by)
    if plan.date < clock.day_of(at):
        raise PlanTooLate(date=plan.date)
    order = Order(
        by=by, at=at, valid_from=plan.date, reason=plan.reason or plan.title, permission=Permission.GRID_APPROVE
    )
    _lock(communities_of(plan.steps))
    worked = checked(plan, order=order)
    if fingerprint(worked) != seen:
        raise GroundMoved()
    redraw = _carry_out(worked, order)
    plan.redraws, plan.state = [redraw.pk], Plan.State.APPROVED
    _decide(plan, note, by=by, at=at)
    _record("plan.approved", plan, by=by, at=at, permission=Permission.GRID_APPROVE)
    return plan


def return_plan(*, plan_id: UUID, reason: str, by: Actor, at: datetime) -> Plan:
    """Raises NotAllowed, NotFound, OwnPlan, PlanMoved, Invalid."""
    plan = _decided(plan_id, by=by)
    if not reason.strip():
        raise invalid("reason", "请写明退回的理由。", "Say why it is returned.")
    plan.state = Plan.State.RETURNED
    _decide(plan, reason.strip(), by=by, at=at)
    _record("plan.returned", plan, by=by, at=at, permission=Permission.GRID_APPROVE)
    return plan


def withdraw_plan(*, plan_id: UUID, by: Actor, at: datetime) -> Plan:
    """By its author, as long as nobody has approved it. Raises NotAllowed, NotFound, NotYours, PlanMoved."""
    open_states = (Plan.State.DRAFT, Plan.State.SUBMITTED, Plan.State.RETURNED)
    plan = _held(plan_id, by=by, states=open_states)
    was_submitted = plan.submitted_at is not None
    plan.state, plan.changed_at = Plan.State.WITHDRAWN, at
    plan.version += 1
    plan.save()
    if was_submitted:
        _record("plan.withdrawn", plan, by=by, at=at, permission=Permission.GRID_EDIT)
    return plan


def checked(plan: Plan, *, order: Order) -> Worked:
    """Worked out, and nothing stands against it. Raises what `submit_plan` raises."""
    worked = worked_out(plan.steps, plan.date)
    may_edit(order.by, *worked.outcome.shapes, *worked.outcome.ended, permission=order.permission)
    check_not_worse(worked.outcome.found_before, worked.outcome.findings)
    created = [one.code for one in worked.outcome.newcomers]
    used = Grid.objects.filter(code__in=created).values_list("code", flat=True).first()
    if used is not None:
        raise CodeUsed(used=used)
    check_nothing_later(_drawing(worked, None), order)
    return worked


def fingerprint(worked: Worked) -> str:
    """Of what would be written: another where the ground beneath has changed."""
    digest = hashlib.sha256()
    for code in sorted(worked.outcome.shapes):
        digest.update(code.encode() + shapely.to_wkb(shapely.set_precision(worked.outcome.shapes[code], 1e-9)))
    digest.update(",".join(worked.outcome.ended).encode())
    return digest.hexdigest()[:32]


def _carry_out(worked: Worked, order: Order) -> Redraw:
    return write(_drawing(worked, new_id()), worked.grids, order, worked.outcome.newcomers)


def _drawing(worked: Worked, redraw: UUID | None) -> Drawing:
    outcome = worked.outcome
    return Drawing(
        redraw=redraw,
        kind=str(Redraw.Kind.PLAN),
        community=worked.where,
        date=worked.day,
        shapes=dict(outcome.shapes),
        created=tuple(one.code for one in outcome.newcomers),
        ended=outcome.ended,
        successions=outcome.successions,
        findings=outcome.findings,
    )


def _begun(by: Actor) -> Plan:
    assert by.user_id is not None  # noqa: S101 (for the type checker)
    return Plan(id=new_id(), by_user=by.user_id, by_name=by.name, version=0, code=next(iter(by.ranges), ""))


def _held(plan_id: UUID, *, by: Actor, states: Sequence[str]) -> Plan:
    by.require(Permission.GRID_EDIT)
    plan = Plan.objects.visible_to(by).select_for_update(no_key=True).filter(pk=plan_id).first()
    if plan is None:
        raise NotFound()
    if plan.by_user != by.user_id:
        raise NotYours(name=plan.by_name)
    _check_state(plan, states)
    return plan


def _decided(plan_id: UUID, *, by: Actor) -> Plan:
    by.require(Permission.GRID_APPROVE)
    plan = Plan.objects.visible_to(by).select_for_update(no_key=True).filter(pk=plan_id).first()
    if plan is None:
        raise NotFound()
    if plan.by_user == by.user_id:
        raise OwnPlan()
    _check_state(plan, (Plan.State.SUBMITTED,))
    return plan


def _check_state(plan: Plan, states: Sequence[str]) -> None:
    if plan.state not in states:
        raise PlanMoved(state=plan.state, state_zh=Plan.State(plan.state).label)


def _decide(plan: Plan, words: str, *, by: Actor, at: datetime) -> None:
    plan.decided_at, plan.decided_by, plan.decided_name = at, by.user_id, by.name
    plan.decision, plan.changed_at = words, at
    plan.version += 1
    plan.save()


def _lock(communities: set[str]) -> None:
    list(Division.objects.select_for_update(no_key=True).filter(code__in=communities).order_by("code"))


def _common(communities: set[str]) -> str:
    """The community, or the sub-district of several."""
    first = min(communities)
    return first if len(communities) == 1 else first[:9]


def _record(kind: str, plan: Plan, *, by: Actor, at: datetime, permission: Permission) -> None:
    data = {
        "title": plan.title,
        "date": plan.date,
        "steps": [one["act"] for one in plan.steps],
        "words": plan.decision,
        "redraws": [str(one) for one in plan.redraws],
    }
    record(kind, ("plan", str(plan.pk)), code=plan.code, by=by, at=at, permission=permission, data=data)
