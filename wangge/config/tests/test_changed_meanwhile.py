"""Two people open the same thing to change it: the second to save is told, and nothing of the first is written over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from wangge.accounts.models import Role, Unit
from wangge.cases.models import Category
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

Body = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Edited:
    """`one`, `other`: what two people make of it. Read where it is written, or out of the list at `among`."""

    by: str = "administrator"
    path: Callable[[World], str]
    method: str = "patch"
    one: Body
    other: Body
    among: str = ""


def _form(name: str) -> Body:
    schema = {"type": "object", "properties": {"ok": {"type": "boolean", "title": "完好", "x-title-en": "Fine"}}}
    return {"kind": "inspect", "name_zh": name, "name_en": name, "schema": schema}


def _form_there(world: World) -> str:
    path = "/api/field/forms/lamps"
    assert api_as(world["administrator"]).put(path, _form("路灯")).status_code == 200
    return path


def _partner_there(world: World) -> str:
    body = {"code": "yuhua", "name": "雨花系统", "codes": [town.DISTRICT]}
    made = api_as(world["administrator"]).post("/api/partners", body)
    assert made.status_code == 201, made.content.decode()
    return f"/api/partners/{made.json()['partner']['id']}"


def _role(world: World) -> str:
    return f"/api/roles/{Role.objects.get(code='street_seat').code}"


EDITED = {
    "a category": Edited(
        path=lambda _: f"/api/categories/{Category.objects.get(scheme__code='WG', name_zh='路灯不亮').pk}",
        one={"collect": "灯杆编号"},
        other={"supervisor": "城管局"},
    ),
    "a form": Edited(path=_form_there, method="put", one=_form("路灯巡检"), other=_form("照明设施")),
    "a unit": Edited(
        path=lambda _: f"/api/units/{Unit.objects.get(code=town.STREET).pk}", one={"phone": "1"}, other={"phone": "2"}
    ),
    "an account": Edited(
        path=lambda world: f"/api/accounts/{world['street_seat'].user.pk}",
        one={"phone": "13900000001"},
        other={"name": "钱"},
    ),
    "a grid": Edited(path=lambda _: f"/api/grids/{town.GRID}", one={"households": 7}, other={"address": "东门"}),
    "a division": Edited(
        path=lambda _: f"/api/divisions/{town.COMMUNITY}", one={"short_name": "甲"}, other={"short_name": "乙"}
    ),
    "a partner": Edited(path=_partner_there, one={"name": "雨花"}, other={"permissions": []}, among="/api/partners"),
    "a role": Edited(
        by="security_officer",
        path=_role,
        one={"permissions": ["case.read"]},
        other={"permissions": []},
        among="/api/roles",
    ),
}


@pytest.mark.parametrize("what", EDITED)
def test_who_was_overtaken_is_told_and_saves_over_the_newer_one(world: World, what: str) -> None:
    edited = EDITED[what]
    api, path = api_as(world[edited.by]), edited.path(world)
    seen = _mark(api, path, edited)
    write = getattr(api, edited.method)
    assert write(path, edited.one | {"seen": seen}).status_code == 200
    first = _mark(api, path, edited)
    assert first != seen, "what was saved has another mark"

    refused = write(path, edited.other | {"seen": seen})
    assert (refused.status_code, refused.json()["code"]) == (409, "changed_meanwhile")
    assert _mark(api, path, edited) == first, "and nothing was written"

    assert write(path, edited.other | {"seen": first}).status_code == 200, "who looked at it saves"
    assert write(path, edited.one).status_code == 200, "and who does not say what they looked at"


def test_the_rules_of_a_ladder_that_were_looked_at_are_no_others(world: World) -> None:
    api, path = api_as(world["administrator"]), "/api/supervision-rules/handle"
    seen = [
        {name: one[name] for name in ("step", "fraction", "overdue_by")}
        for one in api.get("/api/supervision-rules").json()
        if one["stage"] == "handle"
    ]
    assert seen
    assert api.put(path, {"rules": seen[:1], "seen": seen}).status_code == 200
    refused = api.put(path, {"rules": [], "seen": seen})
    assert (refused.status_code, refused.json()["code"]) == (409, "changed_meanwhile")
    assert api.put(path, {"rules": [], "seen": seen[:1]}).status_code == 200


def test_a_new_form_takes_no_code_of_another(world: World) -> None:
    path = _form_there(world)
    refused = api_as(world["administrator"]).put(path, _form("新表") | {"seen": ""})
    assert (refused.status_code, refused.json()["code"]) == (409, "form.code_taken")
    assert "code" in refused.json()["fields"]
    assert api_as(world["administrator"]).get(path).json()["name_zh"] == "路灯"


def _mark(api: Api, path: str, edited: Edited) -> str:
    if not edited.among:
        return str(api.get(path).json()["mark"])
    last = path.rsplit("/", 1)[1]
    [found] = [one for one in api.get(edited.among).json() if last in (str(one.get("id")), one["code"])]
    return str(found["mark"])
