"""What a journey begins with and is not about: done through the same API as the pages, as the person at the desk."""

from typing import Any

from journeys.desk import Desk
from wangge.core.ids import new_id


def reported(desk: Desk, title: str, *, place: tuple[float, float], **values: Any) -> str:
    """A case at (longitude, latitude); the path of its page."""
    body = {"title": title, "lon": place[0], "lat": place[1], **values}
    answer = desk.page.request.post("/api/cases", data=body, headers=writing(desk))
    if answer.status != 201:
        raise AssertionError(answer.text())
    return f"/cases/{answer.json()['id']}"


def dispatched(seat: Desk, title: str, *, place: tuple[float, float]) -> str:
    """A case of the category that its words suggest, with the first unit that is suggested for it; its path."""
    guessed = seat.page.request.post("/api/categories/guess", data={"text": title}, headers=writing(seat)).json()
    path = reported(seat, title, place=place, source="telephone", category_id=guessed[0]["category_id"])
    [unit, *_] = seat.page.request.get(f"/api{path}/suggestions").json()["items"]
    for move, body in (("accept", {}), ("dispatch", {"lead_id": unit["unit_id"]})):
        answer = seat.page.request.post(f"/api{path}/{move}", data=body, headers=writing(seat))
        if not answer.ok:
            raise AssertionError(answer.text())
    return path


def writing(desk: Desk) -> dict[str, str]:
    """The headers of a write from this desk's browser."""
    return {**desk.token(), "Idempotency-Key": str(new_id())}


def middle_of_own_grid(worker: Desk) -> tuple[float, float]:
    """Longitude, latitude of a point in the first grid that the worker serves on."""
    code = worker.page.request.get("/api/session").json()["ranges"][0]
    west, south, east, north = worker.page.request.get(f"/api/grids/{code}").json()["bounds"]
    return (west + east) / 2, (south + north) / 2


def opens_more(desk: Desk, move: str) -> Desk:
    """A move that is seldom made stands behind "more"."""
    desk.moves.get_by_role("button", name="更多").click()
    desk.page.get_by_role("menuitem", name=move, exact=True).click()
    return desk


def registered(clerk: Desk, name: str, **values: str) -> str:
    """Somebody in the clerk's own community; the path of their file."""
    code = clerk.page.request.get("/api/session").json()["ranges"][0]
    body = {"values": {"name": name, "registration": "registered", **values}, "where": {"code": code}}
    answer = clerk.page.request.post("/api/registry/records/person", data=body, headers=writing(clerk))
    if answer.status != 201:
        raise AssertionError(answer.text())
    return f"/registry/person/{answer.json()['id']}"
