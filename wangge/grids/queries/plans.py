"""Proposals as they stand, and what they would do: worked out anew for each who looks, on the ground as it is."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Func, JSONField

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.errors import DomainError, NotFound
from wangge.core.ids import new_id
from wangge.core.paging import table_page
from wangge.core.ranges import within
from wangge.grids.access import may_edit, may_read
from wangge.grids.actions.planning import Worked, communities_of, redrawn_by, worked_out
from wangge.grids.actions.plans import checked, fingerprint
from wangge.grids.actions.redraw import worse_than
from wangge.grids.actions.writing import Order
from wangge.grids.following import Moving, Redrawn, would_move
from wangge.grids.geojson import geometry
from wangge.grids.models import CANCELLED, Plan, Redraw
from wangge.grids.queries.divisions import names_of
from wangge.grids.rules.coverage import Finding
from wangge.grids.rules.geometry import area_m2
from wangge.grids.rules.wording import fault_of
from wangge.grids.steps import Kept

SHOWN = (
    "id", "title", "code", "date", "reason", "version", "by_name", "changed_at", "submitted_at", "decided_at",
    "decided_name", "decision", "redraws",
)  # fmt: skip
OPEN = (Plan.State.DRAFT, Plan.State.SUBMITTED, Plan.State.RETURNED)
FAULTS_SHOWN = 100


def plans(*, by: Actor, state: str = "", under: str = "", offset: int = 0, limit: int = 50) -> dict[str, Any]:
    may_read(by)
    rows = Plan.objects.visible_to(by).defer("steps")
    if state:
        rows = rows.in_state(state)
    if under:
        rows = rows.filter(within("code", (under,)))
    page = table_page(rows.order_by("-changed_at", "-id"), offset=offset, limit=limit)
    return {"items": _shown(page["items"], by), "count": page["count"]}


def plan_card(plan_id: UUID, *, by: Actor, moving: bool = True) -> dict[str, Any]:
    """With what it would do, unless that cannot be worked out or is done: then why. `moving`: the cases counted, too.

    Raises NotAllowed, NotFound.
    """
    plan = _visible(plan_id, by)
    [shown] = _shown([plan], by)
    found = {**shown, "steps": plan.steps, "effect": None, "refusal": ""}
    if plan.state not in OPEN or not plan.steps:
        return found
    try:
        worked = worked_out(plan.steps, plan.date)
        found["effect"] = _effect(worked, plan.pk, by, moving=moving)
        checked(plan, order=Order(by=Actor.system("plan"), at=plan.changed_at, valid_from=plan.date))
    except DomainError as refused:
        found["refusal"] = refused.message(by.language)
    return found


def effect_of(steps: Sequence[Kept], day: date, *, by: Actor) -> dict[str, Any]:
    """What steps would do that are still being drawn. Raises NotAllowed, NotFound, and what the steps raise."""
    may_edit(by, *communities_of(steps))
    return _effect(worked_out(steps, day), new_id(), by, moving=False)


def redrawn_of(plan_id: UUID, *, by: Actor) -> Redrawn:
    """For rooms that list what of their own would move. Raises NotAllowed, NotFound, and what its steps raise."""
    plan = _visible(plan_id, by)
    return redrawn_by(worked_out(plan.steps, plan.date), plan_id=plan.pk)


def _visible(plan_id: UUID, by: Actor) -> Plan:
    may_read(by)
    plan = Plan.objects.visible_to(by).filter(pk=plan_id).first()
    if plan is None:
        raise NotFound()
    return plan


def _shown(plans: Sequence[Plan], by: Actor) -> list[dict[str, Any]]:
    """With what their redrawing came to, if that was taken back before its day. Without reading the steps."""
    names, acts = names_of(plan.code for plan in plans), _acts(plans)
    redraws = {key for plan in plans for key in plan.redraws}
    rows = Redraw.objects.filter(pk__in=redraws, cancelled_at__isnull=False)
    cancelled = {
        key: {"at": at, "by_name": name, "reason": reason}
        for key, at, name, reason in rows.values_list("pk", "cancelled_at", "cancelled_by", "cancel_reason")
    }
    found = []
    for plan in plans:
        taken_back = next((cancelled[key] for key in plan.redraws if key in cancelled), None)
        found.append(
            {
                **{name: getattr(plan, name) for name in SHOWN},
                "state": CANCELLED if taken_back else plan.state,
                "cancelled": taken_back,
                "place": names.get(plan.code, ""),
                "acts": sorted(set(acts[plan.pk])),
                **_may(plan, by),
            }
        )
    return found


def _acts(plans: Sequence[Plan]) -> dict[UUID, list[str]]:
    """What the steps do, without their shapes: a proposal of sixty may hold megabytes."""
    acts = Func(F("steps"), template="jsonb_path_query_array(%(expressions)s, '$[*].act')", output_field=JSONField())
    rows = Plan.objects.filter(pk__in=[plan.pk for plan in plans]).annotate(found=acts)
    return dict(rows.values_list("pk", "found"))


def _may(plan: Plan, by: Actor) -> dict[str, bool]:
    mine, edits = plan.by_user == by.user_id, by.may(Permission.GRID_EDIT)
    is_open = plan.state in (Plan.State.DRAFT, Plan.State.RETURNED)
    waits = plan.state == Plan.State.SUBMITTED
    return {
        "may_edit": mine and edits and is_open,
        "may_withdraw": mine and edits and plan.state in OPEN,
        "may_decide": not mine and waits and by.may(Permission.GRID_APPROVE),
    }


def _effect(worked: Worked, plan_id: UUID, by: Actor, *, moving: bool) -> dict[str, Any]:
    outcome = worked.outcome
    names = {code: grid.name for code, grid in worked.grids.items()} | names_of(
        code for code in (*outcome.shapes, *outcome.ended) if code not in worked.grids
    )
    names |= {one.code: one.name or names.get(one.like, "") for one in outcome.newcomers}
    created = {one.code for one in outcome.newcomers}
    worse = worse_than(outcome.found_before, outcome.findings)
    moved = would_move(redrawn_by(worked, plan_id=plan_id)) if moving else []
    return {
        "date": worked.day,
        "steps": worked.steps,
        "fingerprint": fingerprint(worked),
        "after": [
            {
                "code": code,
                "name": names.get(code, ""),
                "is_new": code in created,
                "area_m2": round(area_m2(shape), 1),
                "area_before_m2": round(area_m2(outcome.before[code]), 1) if code in outcome.before else None,
                "geometry": geometry(shape),
            }
            for code, shape in sorted(outcome.shapes.items())
        ],
        "before": [
            {"code": code, "name": names.get(code, ""), "ends": code in outcome.ended, "geometry": geometry(shape)}
            for code, shape in sorted(outcome.before.items())
        ],
        "successions": [{"old": one.old, "new": one.new, "area_m2": one.area_m2} for one in outcome.successions],
        "findings": [_finding(one, by.language, one in worse) for one in outcome.findings[:FAULTS_SHOWN]],
        "is_whole": not worse,
        "moving": [_moving(one) for one in moved],
    }


def _finding(one: Finding, language: str, is_new: bool) -> dict[str, Any]:
    return {
        "kind": str(one.kind),
        "codes": list(one.codes),
        "area_m2": round(one.area_m2, 1),
        "lon": one.place[0],
        "lat": one.place[1],
        "message": fault_of(one).message(language),
        "is_new": is_new,
        "geometry": geometry(one.shape),
    }


def _moving(one: Moving) -> dict[str, Any]:
    return {"kind": one.kind, "old": one.old, "new": one.new, "open": one.open, "all": one.all}
