"""What a centre does with a case before anybody is charged with it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases import clocks, search
from wangge.cases.actions.turn import LONGEST_TEXT, Turn, need_text, take
from wangge.cases.models import Attachment, Case, CaseText, Rating, Reporter
from wangge.cases.rules.evidence import shows
from wangge.cases.rules.moves import Move
from wangge.cases.rules.states import Outcome, PlacedBy, Stage, Urgency
from wangge.core.actor import Actor, acting
from wangge.core.clock import day_of
from wangge.core.errors import Invalid, Message
from wangge.grids import queries as grids


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """None leaves a value as it is."""

    title: str | None = None
    description: str | None = None
    category_id: int | None = None
    condition_id: int | None = None
    urgency: Urgency | None = None
    address: str | None = None
    lon: float | None = None
    lat: float | None = None
    code: str | None = None


def accept_case(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    text: str = "",
    version: int | None = None,
    correction: Correction | None = None,
) -> Case:
    """Raises NotFound, NotAllowed, NotNow, Changed, Invalid (no category yet)."""
    turn = take(by, case_id, Move.ACCEPT, at=at, version=version)
    before = _correct(turn, correction) if correction is not None else {}
    if turn.case.category_id is None:
        raise Invalid(fields={"category_id": Message("受理前请选定类别。", "Choose the category before accepting.")})
    turn.answered()
    turn.go()
    turn.set(accepted_at=at)
    turn.start(Stage.DISPATCH, unit_path=turn.case.holder_path)
    turn.finish(text=text.strip(), data={"before": before} if before else None)
    return turn.case


def refuse_case(*, case_id: uuid.UUID, by: Actor, at: datetime, reason: str, version: int | None = None) -> Case:
    reason = need_text(reason)
    turn = take(by, case_id, Move.REFUSE, at=at, version=version)
    turn.answered()
    turn.go()
    turn.set(refused_at=at)
    turn.finish(text=reason)
    return turn.case


def contact_reporter(*, case_id: uuid.UUID, by: Actor, at: datetime, text: str, version: int | None = None) -> Case:
    """The seat called back. Counts as an answer; what was said is the centre's alone."""
    text = need_text(text, name="text")
    turn = take(by, case_id, Move.CONTACT, at=at, version=version)
    turn.answered()
    turn.finish(text=text, centre_only=True)
    return turn.case


def correct_case(
    *, case_id: uuid.UUID, by: Actor, at: datetime, correction: Correction, text: str = "", version: int | None = None
) -> Case:
    turn = take(by, case_id, Move.CORRECT, at=at, version=version)
    before = _correct(turn, correction)
    if not before:
        return turn.case
    turn.finish(text=text.strip(), data={"before": before})
    return turn.case


def settle_case(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    outcome: Outcome,
    text: str,
    evidence: Sequence[uuid.UUID] = (),
    version: int | None = None,
    category_id: int | None = None,
) -> Case:
    """自办自结: settled on the spot by the grid or the community, without anybody being charged.

    `category_id` is what it turned out to be, where nobody has said so yet; what the centre chose stands.
    """
    text = need_text(text, name="text")
    turn = take(by, case_id, Move.SETTLE, at=at, version=version)
    before = dict[str, Any]()
    if turn.case.category_id is None:
        _correct_category(turn, Correction(category_id=category_id), before)
    elif category_id not in (None, turn.case.category_id):
        raise Invalid(
            fields={"category_id": Message("类别已由中心选定，须由中心更正。", "The centre has chosen the category.")}
        )
    category = turn.config.categories.get(turn.case.category_id or 0)
    if category is None:
        raise Invalid(fields={"category_id": Message("请先选定类别。", "Choose the category first.")})
    if not category.settle_on_spot:
        raise Invalid(
            fields={
                "category_id": Message("这类事项不能自办自结，请上报。", "This kind may not be settled on the spot.")
            }
        )
    need_evidence(turn, category.evidence, evidence)
    turn.answered()
    close(turn, outcome)
    turn.set(self_settled=True, handled_at=at)
    turn.finish(text=text, evidence=evidence, data={"outcome": outcome} | ({"before": before} if before else {}))
    return turn.case


def answer_case(
    *, case_id: uuid.UUID, by: Actor, at: datetime, outcome: Outcome, text: str, version: int | None = None
) -> Case:
    """直接答复: an enquiry that needs nobody sent."""
    text = need_text(text, name="text")
    turn = take(by, case_id, Move.ANSWER, at=at, version=version)
    turn.answered()
    close(turn, outcome)
    turn.finish(text=text, data={"outcome": outcome})
    return turn.case


def hand_up_case(*, case_id: uuid.UUID, by: Actor, at: datetime, reason: str, version: int | None = None) -> Case:
    """To the centre above; it is taken in afresh there. Nothing is cleared."""
    reason = need_text(reason)
    turn = take(by, case_id, Move.HAND_UP, at=at, version=version)
    below = turn.units.by_id[turn.case.holder_id]
    above = turn.units.by_id.get(below.parent_id) if below.parent_id else None
    if above is None:
        raise Invalid(fields={"reason": Message("已是最高一级中心。", "There is no centre above this one.")})
    turn.answered()
    turn.drop(Stage.DISPATCH)
    turn.go()
    turn.set(holder_id=above.id, holder_path=above.path, is_returned=False)
    turn.start(Stage.RESPOND, unit_path=above.path)
    turn.finish(text=reason, data={"from": below.name, "to": above.name}, also_paths=[below.path])
    return turn.case


def close(turn: Turn, outcome: Outcome) -> None:
    """The end that every way of ending shares."""
    turn.meet(Stage.DISPATCH, Stage.SIGN, Stage.HANDLE, Stage.REVIEW, Stage.STEP)
    turn.go()
    turn.set(outcome=str(outcome), closed_at=turn.at, is_returned=False)


def need_evidence(turn: Turn, wanted: Sequence[str], evidence: Sequence[uuid.UUID]) -> None:
    """The pictures that the category asks for before it may be called done, here or already with the case."""
    if not wanted:
        return
    pictures = Attachment.objects.filter(kind=Attachment.Kind.PICTURE)
    with acting(Actor.system("evidence")):
        had = list(pictures.filter(case=turn.case).values_list("photo_type", "step__kind"))
    sent = pictures.visible_to(turn.by).filter(pk__in=list(evidence)).values_list("photo_type", flat=True)
    had += [(photo_type, str(turn.rule.move)) for photo_type in sent]
    shown = set[str]().union(*(shows(photo_type, sent_with or "") for photo_type, sent_with in had))
    missing = [kind for kind in wanted if kind not in shown]
    if missing:
        zh = "、".join(PHOTO_NAMES.get(kind, (kind, kind))[0] for kind in missing)
        en = ", ".join(PHOTO_NAMES.get(kind, (kind, kind))[1] for kind in missing)
        raise Invalid(
            fields={"evidence": Message(f"这类事项结案须有：{zh}。", f"Evidence needed for this kind: {en}.")},
            missing=missing,
        )


PHOTO_NAMES = {
    "near": ("近景照片", "near view"),
    "far": ("远景照片", "far view"),
    "reference": ("参照照片", "reference view"),
    "before": ("处置前照片", "photo before"),
    "after": ("处置后照片", "photo after"),
}


def _correct(turn: Turn, new: Correction) -> dict[str, Any]:
    """Apply it; returns the values before, for the history."""
    case, before = turn.case, dict[str, Any]()
    _correct_category(turn, new, before)
    for name in ("title", "address", "urgency"):
        value = getattr(new, name)
        if value is not None and value != getattr(case, name):
            before[name] = getattr(case, name)
            turn.set(**{name: value})
    _correct_text(case, new, before)
    _correct_place(turn, new, before)
    return before


def _correct_category(turn: Turn, new: Correction, before: dict[str, Any]) -> None:
    case = turn.case
    if new.category_id is None or (new.category_id, new.condition_id) == (case.category_id, case.condition_id):
        return
    if (fault := turn.config.fault_of(new.category_id, day_of(turn.at))) is not None:
        raise Invalid(fields={"category_id": fault})
    category = turn.config.categories[new.category_id]
    if new.condition_id is not None and new.condition_id not in category.conditions:
        raise Invalid(
            fields={"condition_id": Message("这个立案条件不属于所选类别。", "This condition is not of that category.")}
        )
    before |= {"category_id": case.category_id, "condition_id": case.condition_id}
    turn.set(category_id=new.category_id, condition_id=new.condition_id)
    for clock in turn.clocks:  # what runs now is counted by the new category's limits, from its own start
        limit = turn.config.limit(new.category_id, new.condition_id, clock.stage)
        clock.limit_kind, clock.limit_amount = limit.kind, limit.amount
        clock.save(update_fields=["limit_kind", "limit_amount"])
        clocks.recount(clock, config=turn.config, at=turn.at)


def _correct_text(case: Case, new: Correction, before: dict[str, Any]) -> None:
    text = CaseText.objects.get(case=case)
    description = text.description if new.description is None else new.description[:LONGEST_TEXT]
    if description == text.description and not before.keys() & {"title", "address"}:
        return
    if description != text.description:
        before["description"] = text.description
    CaseText.objects.filter(case=case).update(
        description=description, tokens=search.tokens(case.title, case.address, description)
    )


def _correct_place(turn: Turn, new: Correction, before: dict[str, Any]) -> None:
    case = turn.case
    code, lon, lat, how = case.current_grid, case.lon, case.lat, case.place_by
    if (new.lon is None) != (new.lat is None):
        raise Invalid(fields={"lon": Message("经纬度须同时填写。", "Longitude and latitude go together.")})
    found = None
    if new.lon is not None and new.lat is not None:
        found, lon, lat = grids.grid_at(new.lon, new.lat), new.lon, new.lat
        if found is None and not new.code:
            raise Invalid(
                fields={"lon": Message("这个位置不在任何网格内。", "This point lies in no grid.")},
                nearest=grids.nearest(new.lon, new.lat),
            )
    if found is not None:
        code, how = found, PlacedBy.POINT
    elif new.code:
        if not grids.exists(new.code):
            raise Invalid(fields={"code": Message("没有这个网格或区划。", "There is no such grid or division.")})
        code, how = new.code, PlacedBy.CHOSEN
    if (code, lon, lat) == (case.current_grid, case.lon, case.lat):
        return
    before |= {"current_grid": case.current_grid, "lon": case.lon, "lat": case.lat}
    # It lay there all along: the place of the report is put right with it (a redrawn grid moves current_grid alone).
    turn.set(current_grid=code, reported_grid=code, lon=lon, lat=lat, place_by=how)
    move_people_rows(case)


def move_people_rows(case: Case) -> None:
    """Who reported, ratings and evidence stand under the place of their case."""
    with acting(Actor.system("case-place")):
        for rows in (Reporter.objects, Rating.objects, Attachment.objects):
            rows.filter(case=case).update(code=case.current_grid)


__all__ = [
    "Correction",
    "Permission",
    "accept_case",
    "answer_case",
    "contact_reporter",
    "correct_case",
    "refuse_case",
    "settle_case",
]
