"""What a worker's day is made of, prepared by those who plan it: a patrol, visits and errands along a street."""

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import APIRequestContext, BrowserContext
from shapely import LineString

from journeys.phone import Phone
from journeys.stack import Stack
from wangge.core import clock
from wangge.core.ids import new_id
from wangge.grids.rules.geometry import in_degrees, in_metres

Place = tuple[float, float]
STRIDE_M, STRIDE_S = 3.0, 2.0  # at a walk


@dataclass(frozen=True, slots=True)
class Day:
    grid: str
    points: list[Place]  # of the patrol, in walking order
    visits: list[str]  # titles
    errands: list[str]


def corner(one: Place, other: Place) -> Place:
    """Where the two streets meet on which one goes from place to place."""
    return other[0], one[1]


def strides(one: Place, other: Place) -> list[Place]:
    """A place every STRIDE_M on the way round the corner; the last is the other end."""
    way = in_metres(LineString([one, corner(one, other), other]), one)
    count = max(round(way.length / STRIDE_M), 1)
    points = [way.interpolate(n / count, normalized=True) for n in range(1, count + 1)]
    return [(point.x, point.y) for point in in_degrees(points, one)]


def prepared(worker: Phone, planner: BrowserContext, stack: Stack, walk: list[Place]) -> Day:
    """By the community that looks after the worker's grid."""
    me = worker.page.request.get(f"{stack.url}/api/session").json()
    _signed_in(planner, stack)
    ask = planner.request
    grid = str(ask.get("/api/grids/locate", params={"lon": walk[0][0], "lat": walk[0][1]}).json()["code"])
    stamp = f"{clock.now():%H%M%S}"
    _post(
        planner,
        "/api/field/patrol-plans",
        {
            "grid": grid,
            "name": f"沿街巡查{stamp}",
            "points": [
                {"name": f"点位{number}", "lon": lon, "lat": lat, "radius_m": 40, "dwell_s": 0, "photo_needed": False}
                for number, (lon, lat) in enumerate(walk, 1)
            ],
            "route": [walk[0], *(place for leg in pairwise(walk) for place in (corner(*leg), leg[1]))],
        },
    )
    visits = [f"幸福里{number}号{stamp}" for number in range(1, 5)]
    for title in visits:
        _post(
            planner,
            "/api/field/visits",
            {
                "kind": "dwelling",
                "title": title,
                "grid": grid,
                "form": "visit_general",
                "contact_name": "孙桂英",
                "contact_phone": "13800001234",
                "next_date": clock.today().isoformat(),
            },
        )
    errands = [f"查看积水{number}·{stamp}" for number in range(1, 4)]
    for title in errands:
        _post(
            planner,
            "/api/field/errands",
            {
                "kind": "respond",
                "title": title,
                "text": "请到现场查看并反馈。",
                "posts": [me["post"]["id"]],
                "grid": grid,
                "lon": walk[1][0],
                "lat": walk[1][1],
                "due_at": (clock.now() + timedelta(hours=4)).isoformat(),
            },
        )
    return Day(grid, walk, visits, errands)


def _signed_in(planner: BrowserContext, stack: Stack) -> None:
    body = {"username": stack.user("community"), "password": stack.password}
    planner.request.get("/api/config")
    answer = planner.request.post("/api/session", data=body, headers=_headers(planner))
    if answer.status != 200:
        raise AssertionError(answer.text())


def _post(planner: BrowserContext, path: str, body: dict[str, Any]) -> dict[str, Any]:
    request: APIRequestContext = planner.request
    answer = request.post(path, data=body, headers=_headers(planner))
    if answer.status not in (200, 201):
        raise AssertionError(f"{path}: {answer.text()}")
    made: dict[str, Any] = answer.json()
    return made


def _headers(planner: BrowserContext) -> dict[str, str]:
    token = next((one["value"] for one in planner.cookies() if one["name"] == "csrftoken"), "")
    return {"X-CSRFToken": token, "Idempotency-Key": str(new_id())}


def handed_in(centre: BrowserContext, stack: Stack, file: Path) -> dict[str, Any]:
    """A sealed queue as its centre opens it and carries it out."""
    _signed_in(centre, stack)
    answer = centre.request.post(
        "/api/field/handed-in",
        multipart={"file": {"name": file.name, "mimeType": "application/json", "buffer": file.read_bytes()}},
        headers=_headers(centre),
    )
    if answer.status != 201:
        raise AssertionError(answer.text())
    return _post(centre, f"/api/field/handed-in/{answer.json()['id']}/carry-out", {})
