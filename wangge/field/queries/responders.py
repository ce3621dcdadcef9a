"""Who could come: people on duty around a place, each with the reasons they were chosen or passed over."""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q

from wangge.accounts.models import Post
from wangge.accounts.permissions import Permission
from wangge.cases.access import access_case
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import invalid
from wangge.core.ranges import within
from wangge.field.models import DutySpan, ErrandWorker, Newest
from wangge.field.rules.errands import RUNNING, ErrandKind, State
from wangge.field.rules.points import Point, distance_m
from wangge.field.rules.responders import Candidate, is_chosen, judged, said
from wangge.grids import queries as grids
from wangge.grids.models import TeamMember
from wangge.grids.rules.geometry import degrees_for

MOST = 40
LOOKED_AT = 2.0  # of the reach: who is a little too far is shown, and why they were passed over


def responders(
    *,
    by: Actor,
    at: datetime,
    case_id: uuid.UUID | None,
    lon: float | None,
    lat: float | None,
    skill: str,
    reach_m: float,
) -> dict[str, Any]:
    """Nearest first, those to be chosen before the others. A constant number of queries. Raises NotFound, Invalid."""
    by.require(Permission.ERRAND_GIVE)
    by.require(Permission.FIELD_WATCH)
    if case_id is not None:
        case = access_case(by, case_id)
        lon, lat = case.lon, case.lat
    if lon is None or lat is None:
        raise invalid("lon", "没有位置，请在地图上选点。", "Without a place, choose one on the map.")
    began = dict(
        DutySpan.objects.visible_to(by).open().filter(within("code", by.ranges)).values_list("post_id", "began_at")
    )
    serving = _serving(by, lon, lat, at)
    newest = _heard(by, began, lon, lat, reach_m * LOOKED_AT, serving)
    posts = {post.pk: post for post in Post.objects.select_related("user", "unit").filter(pk__in={*newest, *serving})}
    services = _services([post.user_id for post in posts.values()], clock.day_of(at))
    busy = _busy(list(newest))
    people = []
    for post in posts.values():
        one = _candidate(newest.get(post.pk), services[post.user_id], (lon, lat), at)
        one = replace(one, busy=busy.get(post.pk, 0), on_duty=post.pk in began)
        reasons = judged(one, reach_m=reach_m, skill=skill)
        why = [{"code": str(reason), "text": said(reason, one, by.language)} for reason in reasons]
        person = _person(post, services[post.user_id], newest.get(post.pk), one)
        people.append(person | {"chosen": is_chosen(reasons), "why": why})
    people.sort(key=lambda one: (not one["chosen"], one["distance_m"] is None, one["distance_m"] or 0, one["post_id"]))
    return {"lon": lon, "lat": lat, "reach_m": reach_m, "people": people[:MOST]}


def _heard(
    by: Actor, began: Mapping[int, datetime], lon: float, lat: float, metres: float, serving: Sequence[int]
) -> dict[int, Newest]:
    """By post: on duty (`began`: since when) and heard of since, around the place; those who serve it wherever they
    are. The scope of who may be watched is DutySpan's."""
    reach = degrees_for(metres, lat)
    around = Q(lon__gte=lon - reach, lon__lte=lon + reach, lat__gte=lat - reach, lat__lte=lat + reach)
    rows = Newest.objects.visible_to(by).filter(around | Q(post_id__in=serving))
    return {
        row.post_id: row for row in rows if row.post_id in began and row.ms >= began[row.post_id].timestamp() * 1000
    }


def _serving(by: Actor, lon: float, lat: float, at: datetime) -> list[int]:
    """Who serves the place's own grid, on duty or not: whoever is not located is only said."""
    grid = grids.grid_at(lon, lat)
    if grid is None or not by.covers(grid):
        return []
    rows = Post.objects.on_foot(clock.day_of(at)).filter(codes__contains=[grid])
    return list(rows.values_list("pk", flat=True))


def _services(users: Sequence[int], day: date) -> dict[int, list[TeamMember]]:
    found: dict[int, list[TeamMember]] = defaultdict(list)
    for member in TeamMember.objects.on(day).filter(user_id__in=users).order_by("id"):
        found[member.user_id or 0].append(member)
    return found


def _busy(posts: Sequence[int]) -> dict[int, int]:
    """Errands somebody is on the way for or at work on, and calls to a spot not answered yet."""
    under_way = Q(state__in=(State.SET_OUT, State.ARRIVED)) | Q(state__in=RUNNING, errand__kind=ErrandKind.RESPOND)
    rows = ErrandWorker.objects.filter(under_way, post_id__in=posts).values("post_id").annotate(count=Count("pk"))
    return {row["post_id"]: row["count"] for row in rows.order_by("post_id")}


def _candidate(
    newest: Newest | None, services: Sequence[TeamMember], spot: tuple[float, float], at: datetime
) -> Candidate:
    """`spot`: lon, lat (WGS-84)."""
    metres = age = None
    if newest is not None:
        there = Point(newest.ms, newest.lon, newest.lat, newest.accuracy)
        metres, age = distance_m(there, Point(0, *spot, 0.0)), max(at.timestamp() - newest.ms / 1000, 0.0)
    skills = frozenset(word for member in services for word in (member.kind, member.profession) if word)
    return Candidate(age_s=age, metres=metres, busy=0, skills=skills)


def _person(post: Post, services: Sequence[TeamMember], newest: Newest | None, one: Candidate) -> dict[str, Any]:
    first = services[0] if services else None
    return {
        "post_id": post.pk,
        "name": post.user.name,
        "unit": post.unit.name,
        "kind": first.kind if first else "",
        "profession": first.profession if first else "",
        "phone": next((member.phone for member in services if member.phone), ""),
        "lon": newest.lon if newest else None,
        "lat": newest.lat if newest else None,
        "age_s": round(one.age_s) if one.age_s is not None else None,
        "distance_m": round(one.metres) if one.metres is not None else None,
        "busy": one.busy,
    }
