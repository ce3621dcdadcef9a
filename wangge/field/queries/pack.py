"""All that a phone keeps for a day without a network, as one answer with a version; and today in a few numbers."""

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any

import shapely
from django.conf import settings
from shapely.geometry import mapping

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import configuration
from wangge.cases.parts import PART
from wangge.cases.queries.categories import reported_before
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.ranges import within
from wangge.field.actions.house_keys import Purpose, books_of, house_key, post_key, post_key_id
from wangge.field.actions.pieces import MOST as MOST_PIECES
from wangge.field.queries import errands, forms, mine, patrols, visits
from wangge.field.rules.envelopes import jwk_of
from wangge.field.unread import unread
from wangge.grids.models import Boundary, Grid, TeamMember, open_on
from wangge.grids.queries.teams import shown as member_shown

AHEAD = timedelta(days=14)
MOST_VISITS, MOST_GRIDS, MOST_TEAM = 500, 60, 300
SIMPLIFIED_DEG = 3e-5  # about 3 m
DIGITS = 6


def pack(*, by: Actor, at: datetime) -> dict[str, Any]:
    """`version` changes when anything but `unread` and `made_at` does. Raises NotAllowed."""
    by.require(Permission.FIELD_WORK)
    today = clock.day_of(at)
    team = _team(by, today)
    parts: dict[str, Any] = {
        "me": _me(by, team),
        "grids": _grids(by, today),
        "team": [member_shown(member, by) | {"mine": member.user_id == by.user_id} for member in team],
        "categories": _categories(today),
        "likely": reported_before(by=by, day=today),
        "forms": forms.forms(by=by),
        "patrols": patrols.rounds_of(by=by, day=today),
        "visits": visits.due_until(by=by, today=today, until=today + AHEAD, most=MOST_VISITS),
        "errands": errands.open_of_mine(by=by, at=at),
        "house_key": own_house_key(by=by, at=at),
        "settings": _settings(),
        "day": today,
    }
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False)
    version = hashlib.sha256(text.encode()).hexdigest()[:24]
    return {"version": version, "made_at": at, "unread": unread(by=by, at=at), **parts}


def today(*, by: Actor, at: datetime) -> dict[str, Any]:
    """What the first page says. A dozen counts, each on an index. Raises NotAllowed."""
    by.require(Permission.FIELD_WORK)
    day = clock.day_of(at)
    return {
        "at": at,
        "day": day,
        "unread": unread(by=by, at=at),
        "errands": mine.errands_open(by=by, at=at),
        "patrol": mine.patrol_of(by=by, day=day),
        "visits": mine.visits_due(by=by, day=day),
        "month": mine.month(by=by, day=day),
    }


def own_house_key(*, by: Actor, at: datetime) -> dict[str, Any]:
    """For what their phone seals for the centre. Raises NotAllowed."""
    books_of(by)
    key, post_id = house_key(Purpose.HANDED_IN, at=at), by.post_id or 0
    return {"id": post_key_id(key, post_id), "jwk": jwk_of(post_key(key, post_id).public_key())}


def _me(by: Actor, team: list[TeamMember]) -> dict[str, Any]:
    phone = next((one.phone for one in team if one.user_id == by.user_id and one.phone), "")
    return {
        "post_id": by.post_id,
        "user_id": by.user_id,
        "name": by.name,
        "unit": by.unit_name,
        "role": by.role,
        "codes": list(by.ranges),
        "phone": phone,
    }


def _team(by: Actor, day: date) -> list[TeamMember]:
    rows = TeamMember.objects.visible_to(by).on(day).select_related("user").order_by("grid", "kind", "id")
    return list(rows[:MOST_TEAM])


def _grids(by: Actor, day: date) -> list[dict[str, Any]]:
    rows = list(Grid.objects.filter(open_on(day), within("code", by.ranges)).order_by("code")[:MOST_GRIDS])
    shapes = dict(
        Boundary.objects.filter(open_on(day), code__in=[row.code for row in rows]).values_list("code", "geometry")
    )
    return [
        {
            "code": row.code,
            "name": row.name,
            "type": row.type,
            "address": row.address,
            "polygon": _polygon(shapes.get(row.code)),
        }
        for row in rows
    ]


def _polygon(wkb: Any) -> dict[str, Any] | None:
    if wkb is None:
        return None
    shape = shapely.simplify(shapely.from_wkb(bytes(wkb)), SIMPLIFIED_DEG, preserve_topology=True)
    return dict(mapping(shapely.transform(shape, lambda points: points.round(DIGITS))))


def _categories(day: date) -> list[dict[str, Any]]:
    config = configuration()
    known = [one for one in config.categories.values() if one.is_active]
    usable = {one.id for one in known if one.is_leaf and config.fault_of(one.id, day) is None}
    above = {one.path[:depth] for one in known if one.id in usable for depth in range(len(one.path))}
    return [
        {
            "id": one.id,
            "scheme_id": one.scheme_id,
            "parent_id": one.parent_id,
            "name_zh": one.name_zh,
            "name_en": one.name_en,
            "is_leaf": one.is_leaf,
            "evidence": list(one.evidence),
            "settle_on_spot": one.settle_on_spot,
        }
        # As the list of schemes: the house's own, which came last, before the standard it began with.
        for one in sorted(known, key=lambda one: (-one.scheme_id, one.path))
        if one.id in usable or (not one.is_leaf and one.path in above)
    ]


def _settings() -> dict[str, int]:
    return {
        "answer_minutes": round(settings.ERRAND_ANSWER.total_seconds() / 60),
        "arrive_minutes": round(settings.ERRAND_ARRIVE.total_seconds() / 60),
        "part_bytes": PART,
        "pieces_most": MOST_PIECES,
    }
