"""Whistles: what is open where, and the file of each (一哨一档)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Prefetch, Q

from wangge.accounts.permissions import Permission
from wangge.cases.models import Case, Join, Muster, Whistle
from wangge.cases.queries.plain import Plain, confided, plain_texts
from wangge.cases.rules.confidence import is_complained_of
from wangge.cases.rules.parties import acts_for
from wangge.core.actor import Actor
from wangge.core.codes import END
from wangge.core.errors import NotFound
from wangge.core.paging import LARGEST_SIZE, decode_cursor, encode_cursor
from wangge.core.ranges import within


class WhistleState(StrEnum):
    CALLED = "called"  # 待联动
    MUSTERING = "mustering"  # 联动中
    REFUSED = "refused"  # 不予联动
    ENDED = "ended"  # 已评价
    PAST = "past"  # refused or ended; asked for, never answered


CONDITIONS = {
    WhistleState.CALLED: Q(confirmed_at__isnull=True, refused_at__isnull=True, ended_at__isnull=True),
    WhistleState.MUSTERING: Q(confirmed_at__isnull=False, ended_at__isnull=True),
    WhistleState.REFUSED: Q(refused_at__isnull=False),
    WhistleState.ENDED: Q(ended_at__isnull=False),
    WhistleState.PAST: Q(ended_at__isnull=False) | Q(refused_at__isnull=False),
}


OPEN = CONDITIONS[WhistleState.CALLED] | CONDITIONS[WhistleState.MUSTERING]


@dataclass(frozen=True, slots=True)
class WhistlePage:
    items: list[dict[str, Any]]
    next: str | None


def whistles(
    *, by: Actor, state: WhistleState | None, cursor: str | None, limit: int, code: str = "", unit: str = ""
) -> WhistlePage:
    """Newest first. Two queries."""
    by.require(Permission.CASE_READ)
    rows = narrowed(whole().visible_to(by), code=code, unit=unit).order_by("-called_at", "-id")
    if state is not None:
        rows = rows.filter(CONDITIONS[state])
    if cursor:
        at, last = decode_cursor(cursor, kinds=(datetime.fromisoformat, uuid.UUID))
        rows = rows.filter(Q(called_at__lt=at) | Q(called_at=at, id__lt=last))
    limit = min(max(limit, 1), LARGEST_SIZE)
    found = list(rows[: limit + 1])
    more = found[limit:] and encode_cursor([found[limit - 1].called_at, str(found[limit - 1].pk)])
    return WhistlePage(files_of(found[:limit], by), more or None)


def whistle(whistle_id: uuid.UUID, *, by: Actor) -> dict[str, Any]:
    row = whole().visible_to(by).filter(pk=whistle_id).first()
    if row is None or not by.may(Permission.CASE_READ):
        raise NotFound()
    return files_of([row], by)[0]


def files_of(rows: Sequence[Whistle], by: Actor) -> list[dict[str, Any]]:
    """People write numbers and names into reasons as they do into reports; who may not know them reads neither."""
    plain = plain_texts(by, [confided(row.case) for row in rows])
    return [_file(row, by, plain[row.case_id]) for row in rows]


def _file(row: Whistle, by: Actor, plain: Plain) -> dict[str, Any]:
    case = row.case
    return {
        "id": row.pk,
        "number": row.number,
        "state": _state(row),
        "case_id": case.pk,
        "case_number": case.number,
        "title": plain(case.title),
        "address": plain(case.address),
        "lon": case.lon,
        "lat": case.lat,
        "code": row.code,
        # A grid worker may be the reporter; the unit complained of is told of the unit alone.
        "by_name": "" if is_complained_of(case, by) else row.by_name,
        "centre": row.centre.name,
        "reason": plain(row.reason),
        "called_at": row.called_at,
        "confirmed_at": row.confirmed_at,
        "refused_at": row.refused_at,
        "refusal": plain(row.refusal),
        "ended_at": row.ended_at,
        "musters": [_muster(muster, by, plain) for muster in row.musters.all()],
    }


def _muster(row: Muster, by: Actor, plain: Plain) -> dict[str, Any]:
    return {
        "unit_id": row.unit_id,
        "unit": row.unit.name,
        "yours": by.may(Permission.CASE_HANDLE) and acts_for(row.unit_path, by),
        "called_at": row.called_at,
        "arrived_at": row.arrived_at,
        "arrival_received_at": row.arrival_received_at or row.arrived_at,
        "minutes": round((row.arrived_at - row.called_at).total_seconds() / 60, 1) if row.arrived_at else None,
        "lon": row.lon,
        "lat": row.lat,
        "distance_m": row.distance_m,
        "arrived_by": row.arrived_by,
        "score": row.score,
        "comment": plain(row.comment),
    }


def joins_of(case_id: uuid.UUID, *, by: Actor) -> list[dict[str, Any]]:
    """What was joined into a case, and what it was joined to, undone ones too, where both are in sight."""
    seen = Case.objects.visible_to(by)
    rows = Join.objects.filter(Q(case=case_id) | Q(into=case_id), case__in=seen, into__in=seen)
    found = list(rows.select_related("case", "into"))
    plain = plain_texts(by, [confided(case) for row in found for case in (row.case, row.into)])
    return [
        {
            "case_id": row.case_id,
            "case_number": row.case.number,
            "case_title": plain[row.case_id](row.case.title),
            "into_id": row.into_id,
            "into_number": row.into.number,
            "into_title": plain[row.into_id](row.into.title),
            "at": row.at,
            "undone_at": row.undone_at,
        }
        for row in found
    ]


def narrowed(rows: Any, *, code: str, unit: str) -> Any:
    """To a place, and to those to which `unit` (a path) or one below it was called."""
    if code:
        rows = rows.filter(within("code", (code,)))
    if unit:
        called = Muster.objects.filter(unit_path__gte=unit, unit_path__lt=unit + END)
        rows = rows.filter(pk__in=called.values("whistle"))
    return rows


def whole() -> Any:
    """With its case, its centre and the units called: three queries for any number."""
    musters = Prefetch("musters", Muster.objects.select_related("unit").order_by("id"))
    return Whistle.objects.select_related("case", "centre").prefetch_related(musters)


def _state(row: Whistle) -> WhistleState:
    if row.refused_at:
        return WhistleState.REFUSED
    if row.ended_at:
        return WhistleState.ENDED
    return WhistleState.MUSTERING if row.confirmed_at else WhistleState.CALLED
