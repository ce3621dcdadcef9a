"""Every page of the console: who opens it, and at which address. A route without an entry fails the journeys."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from journeys.desk import Desk
from journeys.given import middle_of_own_grid, registered, writing
from wangge.core import clock

CONSOLE = Path(__file__).resolve().parent.parent / "web" / "src" / "console"
ROUTE = re.compile(r"path: '([^']+)'")
IN_WORK = "handling"


@dataclass(frozen=True, slots=True)
class Visit:
    role: str
    address: "str | Callable[[Desk], str]"  # where it names something, that is looked up as this person

    def of(self, desk: Desk) -> str:
        return self.address if isinstance(self.address, str) else self.address(desk)


def routes() -> set[str]:
    """As the features of the console name them; the kit is for who builds pages."""
    files = [file for file in CONSOLE.glob("*/feature.ts") if file.parent.name != "kit"]
    return {route for file in files for route in ROUTE.findall(file.read_text())}


def _first(path: str, **wanted: str) -> Callable[[Desk], dict[str, Any]]:
    def look(desk: Desk) -> dict[str, Any]:
        items = desk.page.request.get(f"/api/{path}", params={**wanted}).json()["items"]
        if not items:
            raise AssertionError(f"nothing at /api/{path} {wanted}")
        found: dict[str, Any] = items[0]
        return found

    return look


def _at(pattern: str, look: Callable[[Desk], dict[str, Any]]) -> Callable[[Desk], str]:
    return lambda desk: pattern.format(**look(desk))


def _an_import(desk: Desk) -> str:
    file = {"name": "区划.csv", "mimeType": "text/csv", "buffer": "代码,名称\n320199002,没有写对\n".encode()}
    form: dict[str, Any] = {"kind": "divisions", "file": file}
    answer = desk.page.request.post("/api/imports", multipart=form, headers=writing(desk))
    if answer.status != 201:
        raise AssertionError(answer.text())
    return f"/imports/{answer.json()['id']}"


def _a_plan(desk: Desk) -> str:
    day = (clock.today() + timedelta(days=30)).isoformat()
    answer = desk.page.request.post("/api/plans", data={"title": "调整方案", "date": day}, headers=writing(desk))
    if answer.status != 201:
        raise AssertionError(answer.text())
    return f"/grids/plans/{answer.json()['id']}"


def _who_has_seen(desk: Desk) -> str:
    return f"{registered(desk, '石敬之')}/seen"


def _file_of_a_grid(desk: Desk) -> str:
    own = desk.page.request.get("/api/session").json()["ranges"][0]
    return f"/registry/grid/{_first('grids', under=own)(desk)['code']}"


def _a_building(desk: Desk) -> str:
    lon, lat = middle_of_own_grid(desk)
    body = {"values": {"name": "听雨苑3幢", "address": "听雨路8号3幢"}, "where": {"lon": lon, "lat": lat}}
    answer = desk.page.request.post("/api/registry/records/building", data=body, headers=writing(desk))
    if answer.status != 201:
        raise AssertionError(answer.text())
    return f"/registry/building/{answer.json()['id']}"


a_visit = _first("field/visits", box="all")
a_case = _first("cases", queue=IN_WORK)
a_grid = _first("grids", q="320199002001")

PAGES: dict[str, Visit] = {
    "workbench": Visit("street_seat", "/workbench"),
    "intake": Visit("street_seat", "/intake"),
    "cases": Visit("district_seat", "/cases"),
    "cases/:id": Visit("district_seat", _at("/cases/{id}", a_case)),
    "cases/views": Visit("street_seat", "/cases/views"),
    "answers": Visit("street_seat", "/answers"),
    "answers/consultations": Visit("street_seat", "/answers/consultations"),
    "answers/new": Visit("commander", "/answers/new"),
    r"answers/:id(\\d+)": Visit("commander", _at("/answers/{id}", _first("answers"))),
    "dashboard": Visit("commander", "/dashboard"),
    "teams": Visit("street_seat", "/teams"),
    "teams/vacancies": Visit("street_seat", "/teams/vacancies"),
    "grids": Visit("administrator", "/grids"),
    "grids/divisions": Visit("administrator", "/grids/divisions"),
    "grids/coverage": Visit("administrator", "/grids/coverage"),
    "grids/history": Visit("administrator", "/grids/history"),
    r"grids/:code(\\d{15}|\\d{17})": Visit("administrator", _at("/grids/{code}", a_grid)),
    r"grids/:code(\\d{15}|\\d{17})/redraw": Visit("administrator", _at("/grids/{code}/redraw", a_grid)),
    r"grids/:under(\\d{12}|\\d{15})/new": Visit("administrator", "/grids/320199002001/new"),
    "imports": Visit("administrator", "/imports"),
    "imports/:id([0-9a-f-]{36})": Visit("administrator", _an_import),
    "units": Visit("administrator", "/units"),
    "accounts": Visit("administrator", "/accounts"),
    "accounts/new": Visit("administrator", "/accounts/new"),
    "accounts/roles": Visit("security_officer", "/accounts/roles"),
    "accounts/partners": Visit("administrator", "/accounts/partners"),
    "accounts/first-passwords": Visit("administrator", "/accounts/first-passwords"),
    r"accounts/:id(\\d+)": Visit("administrator", _at("/accounts/{id}", _first("accounts"))),
    "account": Visit("district_seat", "/account"),
    "journal": Visit("auditor", "/journal"),
    "analysis": Visit("commander", "/analysis"),
    "duty": Visit("district_seat", "/duty"),
    "grids/plans": Visit("administrator", "/grids/plans"),
    "grids/plans/new": Visit("administrator", "/grids/plans/new"),
    "map": Visit("district_seat", "/map"),
    "notices": Visit("district_seat", "/notices"),
    "notices/settings": Visit("district_seat", "/notices/settings"),
    "settings": Visit("administrator", "/settings"),
    "settings/calendar": Visit("administrator", "/settings/calendar"),
    "settings/categories": Visit("administrator", "/settings/categories"),
    "settings/dispatch": Visit("administrator", "/settings/dispatch"),
    "settings/history": Visit("administrator", "/settings/history"),
    "settings/mappings": Visit("administrator", "/settings/mappings"),
    "settings/supervision": Visit("administrator", "/settings/supervision"),
    "supervision": Visit("district_seat", "/supervision"),
    "whistles": Visit("district_seat", "/whistles"),
    "exports": Visit("commander", "/exports"),
    "orders": Visit("commander", "/orders"),
    "orders/new": Visit("commander", "/orders/new"),
    "meetings": Visit("commander", "/meetings"),
    "meetings/new": Visit("commander", "/meetings/new"),
    "tasks": Visit("commander", "/tasks"),
    "announcements": Visit("commander", "/announcements"),
    "grids/plans/:id": Visit("administrator", _a_plan),
    r"orders/:id([0-9a-f-]{36})": Visit("commander", _at("/orders/{id}", _first("orders", box="all"))),
    r"meetings/:id([0-9a-f-]{36})": Visit("commander", _at("/meetings/{id}", _first("meetings"))),
    r"tasks/:id([0-9a-f-]{36})": Visit("commander", _at("/tasks/{id}", _first("tasks", box="all"))),
    "walls": Visit("commander", "/walls"),
    "walls/:code": Visit("commander", "/walls/command"),
    r"grids/divisions/:code(\\d{2,12})/draw": Visit("administrator", "/grids/divisions/320199002001/draw"),
    "assessments": Visit("security_officer", "/assessments"),
    "assessments/:processing([a-z_]+)": Visit("security_officer", "/assessments/people"),
    "field/on-duty": Visit("street_seat", "/field/on-duty"),
    "field/tracks": Visit("street_seat", "/field/tracks"),
    "field/errands": Visit("street_seat", "/field/errands"),
    "field/patrols": Visit("community", "/field/patrols"),
    "field/patrols/new": Visit("community", "/field/patrols/new"),
    "field/patrols/:id([0-9a-f-]{36})": Visit("community", _at("/field/patrols/{id}", _first("field/patrol-plans"))),
    "field/visits/new": Visit("community", "/field/visits/new"),
    "field/visits/:id([0-9a-f-]{36})": Visit("community", _at("/field/visits/{id}", a_visit)),
    "field/visits": Visit("community", "/field/visits"),
    "field/records": Visit("community", "/field/records"),
    "field/forms": Visit("street_seat", "/field/forms"),
    "field/handed-in": Visit("street_seat", "/field/handed-in"),
    "field/terminals": Visit("street_seat", "/field/terminals"),
    "registry": Visit("community", "/registry"),
    "registry/quality": Visit("community", "/registry/quality"),
    "registry/cleaning": Visit("community", "/registry/cleaning"),
    "registry/differences": Visit("community", "/registry/differences"),
    "registry/duplicates": Visit("community", "/registry/duplicates"),
    "registry/approvals": Visit("commander", "/registry/approvals"),
    "registry/merge": Visit("community", "/registry/merge"),
    "registry/new/:kind(person|household|dwelling|building|organisation|place|facility)": Visit(
        "community", "/registry/new/person"
    ),
    "registry/person/:id([0-9a-f-]{36})/seen": Visit("community", _who_has_seen),
    r"registry/grid/:code(\\d{12}|\\d{15}|\\d{17})": Visit("community", _file_of_a_grid),
    "registry/reminders": Visit("community", "/registry/reminders"),
    "registry/care": Visit("community", "/registry/care"),
    "registry/:kind(person|household|dwelling|building|organisation|place|facility)/:id([0-9a-f-]{36})": Visit(
        "grid_worker", _a_building
    ),
}
