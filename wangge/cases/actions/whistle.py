"""网格吹哨、中心联动、部门报到: a grid asks, its centre confirms, departments muster, the caller rates each of them."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from wangge.cases.access import access_case
from wangge.cases.actions.dispatch import charge, open_charges, unit_to_assist
from wangge.cases.actions.turn import NotNow, Turn, latest, need_text, take
from wangge.cases.configuration import UnitInfo
from wangge.cases.models import Assignment, Case, Muster, Whistle
from wangge.cases.rules.arrivals import is_told_later
from wangge.cases.rules.evidence import distance_m
from wangge.cases.rules.moves import Move
from wangge.cases.rules.parties import acts_for
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import Level
from wangge.core.errors import Conflict, Invalid, Message
from wangge.core.ids import new_id

ENDED = "whistle_ended"


class WhistleBlown(Conflict):
    code = "whistle.blown_already"
    zh = "哨已吹响（{number}），请等待联动或先结束它。"
    en = "A whistle has been blown already ({number}); wait for it or end it first."


class NobodyToCall(Invalid):
    code = "whistle.nobody_to_call"
    zh = "这个网格上面没有可以联动的中心。"
    en = "There is no centre above this grid to call."


@dataclass(frozen=True, slots=True, kw_only=True)
class MusterRating:
    unit_id: int
    score: int  # 1–5
    comment: str = ""


def blow_whistle(*, case_id: uuid.UUID, by: Actor, at: datetime, reason: str, version: int | None = None) -> Case:
    """吹哨. Raises NotFound, NotAllowed, NotNow, Changed, WhistleBlown, NobodyToCall."""
    reason = need_text(reason)
    turn = take(by, case_id, Move.WHISTLE, at=at, version=version)
    blown = _open(turn.case)
    if blown is not None:
        raise WhistleBlown(number=blown.number)
    centre = _centre(turn)
    whistle = Whistle.objects.create(
        id=new_id(),
        number=_number(turn.case, at),
        case=turn.case,
        code=turn.case.current_grid,
        by_unit_path=by.unit_path,
        by_post=by.post_id,
        by_name=by.name,
        centre_id=centre.id,
        reason=reason,
        called_at=at,
    )
    turn.finish(
        text=reason,
        data={"whistle": whistle.number, "centre": centre.name},
        entry=_entry(whistle),
        also_paths=[centre.path],
    )
    return turn.case


def confirm_whistle(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    unit_ids: Sequence[int],
    text: str = "",
    version: int | None = None,
) -> Case:
    """联动确认: these departments are called. Each is charged with assisting, which is how it comes to see the case."""
    turn = take(by, case_id, Move.CONFIRM_WHISTLE, at=at, version=version)
    called = [unit_to_assist(turn, unit_id, "unit_ids") for unit_id in dict.fromkeys(unit_ids)]
    if not called:
        raise Invalid(fields={"unit_ids": Message("请选定要联动的部门。", "Choose the departments to call.")})
    whistle = _held(turn.case)
    whistle.confirmed_at = at
    whistle.save(update_fields=["confirmed_at"])
    Muster.objects.bulk_create(
        Muster(whistle=whistle, unit_id=unit.id, unit_path=unit.path, called_at=at) for unit in called
    )
    charged = set(open_charges(turn.case).values_list("unit_id", flat=True))
    for unit in called:
        if unit.id not in charged:
            charge(turn, unit, Assignment.Role.ASSIST)
    turn.finish(
        text=text.strip(),
        data={"whistle": whistle.number, "units": [unit.name for unit in called]},
        entry=_entry(whistle),
        also_paths=[whistle.by_unit_path, *(unit.path for unit in called)],
    )
    return turn.case


def refuse_whistle(*, case_id: uuid.UUID, by: Actor, at: datetime, reason: str, version: int | None = None) -> Case:
    reason = need_text(reason)
    turn = take(by, case_id, Move.REFUSE_WHISTLE, at=at, version=version)
    whistle = _held(turn.case)
    whistle.refused_at, whistle.refusal = at, reason
    whistle.save(update_fields=["refused_at", "refusal"])
    turn.finish(text=reason, data={"whistle": whistle.number}, entry=_entry(whistle), also_paths=[whistle.by_unit_path])
    return turn.case


def arrive(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    lon: float,
    lat: float,
    happened_at: datetime | None = None,
    unit_id: int | None = None,
    text: str = "",
) -> Case:
    """部门报到, with the place of the one who reports it (WGS-84): how far from the case is kept, not judged.

    `happened_at` is when they were there, by a phone that may tell it hours later: the minutes are counted to it, never
    from before the call, and when it was heard of is kept beside it.
    """
    _check_not_there_yet(access_case(by, case_id, lock=True), by)
    turn = take(by, case_id, Move.ARRIVE, at=at)
    whistle = _held(turn.case)
    muster = _own_muster(whistle, by, unit_id)
    case = turn.case
    there_at = clock.happened(happened_at, received=at, since=muster.called_at)
    muster.answered_at = muster.answered_at or there_at
    muster.arrived_at, muster.arrival_received_at = there_at, at
    muster.lon, muster.lat = lon, lat
    if case.lon is not None and case.lat is not None:
        muster.distance_m = round(distance_m(lon, lat, case.lon, case.lat), 1)
    muster.arrived_by = f"{by.unit_name} {by.name}".strip()
    muster.save(
        update_fields=[
            "answered_at",
            "arrived_at",
            "arrival_received_at",
            "lon",
            "lat",
            "distance_m",
            "arrived_by",
        ]
    )
    turn.finish(
        text=text.strip(),
        data={
            "whistle": whistle.number,
            "unit": muster.unit.name,
            "happened_at": there_at.isoformat() if is_told_later(there_at, received=at) else None,
            "distance_m": muster.distance_m,
        },
        entry=_entry(whistle) | {"happened_at": there_at.isoformat()},
        also_paths=[whistle.by_unit_path, muster.unit_path],
    )
    return turn.case


def end_whistle(
    *,
    case_id: uuid.UUID,
    by: Actor,
    at: datetime,
    ratings: Sequence[MusterRating],
    text: str = "",
    version: int | None = None,
) -> Case:
    """哨毕评价: the caller rates every unit that came, and may rate those that did not."""
    turn = take(by, case_id, Move.END_WHISTLE, at=at, version=version)
    whistle = _held(turn.case)
    musters = list(Muster.objects.select_for_update(of=("self",)).filter(whistle=whistle).select_related("unit"))
    _rate(musters, ratings)
    whistle.ended_at = at
    whistle.save(update_fields=["ended_at"])
    Muster.objects.bulk_update(musters, ["score", "comment"])
    open_charges(turn.case).filter(
        role=Assignment.Role.ASSIST,
        unit__in=[muster.unit_id for muster in musters],
        dispatched_at__in=[muster.called_at for muster in musters],  # whoever was asked to assist since goes on
    ).update(ended_at=at, ended_how=ENDED)
    turn.finish(
        text=text.strip(),
        data={
            "whistle": whistle.number,
            "scores": [{"unit": muster.unit.name, "score": muster.score} for muster in musters],
        },
        entry=_entry(whistle),
        also_paths=[whistle.by_unit_path, *(muster.unit_path for muster in musters)],
    )
    return turn.case


def end_unrated(cases: Iterable[uuid.UUID], *, at: datetime) -> None:
    """Of cases put away: nobody rated it in all that time; its file says so."""
    Whistle.objects.filter(case__in=cases, ended_at__isnull=True, refused_at__isnull=True).update(ended_at=at)


def _rate(musters: Sequence[Muster], ratings: Sequence[MusterRating]) -> None:
    by_unit = {muster.unit_id: muster for muster in musters}
    for rating in ratings:
        muster = by_unit.get(rating.unit_id)
        if muster is None:
            raise Invalid(
                fields={"ratings": Message("只能评价这次联动的部门。", "Only units called to this whistle are rated.")}
            )
        muster.score, muster.comment = rating.score, rating.comment.strip()
    missing = [muster.unit.name for muster in musters if muster.arrived_at and muster.score is None]
    if missing:
        names = "、".join(missing)
        raise Invalid(
            fields={"ratings": Message(f"请评价已到场的部门：{names}。", f"Rate the units that came: {names}.")}
        )


def _centre(turn: Turn) -> UnitInfo:
    """The centre of the sub-district, or above it where the caller or the complaint is that very unit's own."""
    every, case = turn.units, turn.case
    centre = every.centre_over(case.current_grid[: Level.STREET])
    while centre is not None and (
        centre.path == turn.by.unit_path or (case.complained_root and centre.path.startswith(case.complained_root))
    ):
        centre = every.by_id.get(centre.parent_id) if centre.parent_id else None
    if centre is None:
        raise NobodyToCall()
    return centre


def _check_not_there_yet(case: Case, by: Actor) -> None:
    """Two of one unit report the arrival: the second is told who did, not that it is none of theirs."""
    called = Muster.objects.filter(whistle__case=case, whistle__ended_at__isnull=True, whistle__refused_at__isnull=True)
    rows = called.values_list("unit_path", "arrived_at")
    waiting = [arrived_at for path, arrived_at in rows if acts_for(path, by)]
    if waiting and None not in waiting:
        raise NotNow(**latest(case, by))


def _own_muster(whistle: Whistle, by: Actor, unit_id: int | None) -> Muster:
    rows = Muster.objects.select_for_update(of=("self",)).select_related("unit").filter(arrived_at__isnull=True)
    rows = rows.filter(whistle=whistle)
    waiting = [row for row in rows if acts_for(row.unit_path, by) and unit_id in (None, row.unit_id)]
    own = [row for row in waiting if row.unit_path == by.unit_path]
    if len(waiting) == 1 or own:
        return (own or waiting)[0]
    raise Invalid(fields={"unit_id": Message("请选定报到的是哪个单位。", "Say which of your units has arrived.")})


def _open(case: Case) -> Whistle | None:
    return Whistle.objects.filter(case=case, ended_at__isnull=True, refused_at__isnull=True).first()


def _held(case: Case) -> Whistle:
    """The open one; `take` has made sure that there is one, and holds the case."""
    return Whistle.objects.select_for_update().get(case=case, ended_at__isnull=True, refused_at__isnull=True)


def _number(case: Case, at: datetime) -> str:
    """CS (吹哨) + district + Beijing day + serial, never used again."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('whistle_serial')")
        serial = int(cursor.fetchone()[0])
    return f"CS{case.current_grid[:6].ljust(6, '0')}{clock.day_of(at):%Y%m%d}{serial:06d}"


def _entry(whistle: Whistle) -> dict[str, str]:
    return {"whistle": str(whistle.pk), "whistle_number": whistle.number}
