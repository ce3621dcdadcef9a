"""Forms of many shapes through three losses in a row: the network is cut at the press, the session has ended,
somebody else was first. What was typed stands there each time, the message is clear, and a further press is taken."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from journeys.desk import Desk
from journeys.given import registered, writing
from journeys.stack import Stack
from wangge.core import clock
from wangge.core.ids import new_id

OVERTAKEN = "您填写期间别人保存过"


@dataclass(frozen=True, kw_only=True)
class Shape:
    """One form, opened and filled in."""

    typed: Locator
    send: Locator
    taken: Locator
    first: Callable[[], None] | None = None  # somebody else saves the same thing
    follows: tuple[Locator, str] | None = None  # a field that was not touched, and what the other one wrote there


@pytest.mark.long
def test_forms_of_every_shape_keep_what_was_typed(desk: Callable[..., Desk], stack: Stack, tmp_path: Path) -> None:
    keeper, leader, planner = desk("administrator"), desk("commander"), desk("community")
    clerk, another = desk("data_clerk"), desk("community")
    _loses_nothing(keeper, stack, _answer(keeper, desk("administrator")))
    _loses_nothing(keeper, stack, _theme(keeper))
    _loses_nothing(keeper, stack, _sheet(keeper))
    _loses_nothing(leader, stack, _announcement(leader))
    _loses_nothing(leader, stack, _roster(leader))
    _loses_nothing(planner, stack, _patrol(planner, another))
    _loses_nothing(planner, stack, _record(planner, another))
    _loses_nothing(clerk, stack, _file(clerk, tmp_path))


def _loses_nothing(desk: Desk, stack: Stack, shape: Shape) -> None:
    page, said = desk.page, shape.typed.input_value()
    assert said

    # The network is cut at the press
    page.context.set_offline(True)
    shape.send.click()
    expect(page.get_by_role("alert").filter(has_text="网络没有连通")).to_be_visible()
    expect(shape.typed).to_have_value(said)
    page.context.set_offline(False)

    # The session has ended meanwhile, and somebody else was first
    if shape.first:
        shape.first()
    page.context.clear_cookies(name="wangge_session")
    shape.send.dispatch_event("click")  # what the page asks by itself may have noticed first: the dialog lies over it
    dialog = page.get_by_role("dialog", name=re.compile("登录"))
    dialog.get_by_label("密码", exact=True).fill(stack.password)
    dialog.get_by_role("button", name="登录").click()
    expect(dialog).to_be_hidden()

    # It says so, what was not touched follows, and the next press is taken
    if shape.first:
        expect(page.get_by_role("alert").filter(has_text=OVERTAKEN)).to_be_visible()
        expect(shape.typed).to_have_value(said)
        if shape.follows:
            expect(shape.follows[0]).to_have_value(shape.follows[1])
        shape.send.click()
    expect(shape.taken).to_be_visible()


def _answer(keeper: Desk, another: Desk) -> Shape:
    """A page of its own."""
    body = {"code": _range(keeper), "title_zh": f"办居住证{_mark()}", "text_zh": "带身份证。"}
    body["valid_from"] = str(clock.today())
    made = _sent(keeper, "POST", "/api/answers", body)
    page = keeper.page
    page.goto(f"/answers/{made['id']}")
    page.get_by_label("答复", exact=True).fill("带身份证和租房合同。")
    change = {
        **body,
        "title_en": "Residence permit",
        "text_en": "Bring your identity card.",
        "version": made["version"],
    }
    return Shape(
        typed=page.get_by_label("答复", exact=True),
        send=page.get_by_role("button", name="保存", exact=True),
        taken=page.get_by_text("已保存", exact=True),
        first=lambda: _sends(another, "PUT", f"/api/answers/{made['id']}", change),
        follows=(page.get_by_label("问题（英文）"), "Residence permit"),
    )


def _theme(keeper: Desk) -> Shape:
    """A text that the server reads."""
    [shown, *_] = keeper.page.request.get("/api/wall/themes/command/versions").json()["items"]
    code, names = f"t{_mark()}", {"name_zh": "试题", "name_en": "Trial", "valid_from": str(clock.today())}
    body = {**names, "is_shown": False, "after": 0, "definition": shown["definition"]}
    made = _sent(keeper, "PUT", f"/api/wall/themes/{code}", body)
    page = keeper.page
    page.goto(f"/walls/{code}")
    page.get_by_role("textbox", name="中文名称").fill("改过的题")
    change = {**body, "name_en": "Another name", "after": made["number"]}
    return Shape(
        typed=page.get_by_role("textbox", name="中文名称"),
        send=page.get_by_role("button", name="保存", exact=True),
        taken=page.get_by_text(re.compile("已保存为第")),
        first=lambda: _sends(keeper, "PUT", f"/api/wall/themes/{code}", change),
        follows=(page.get_by_role("textbox", name="英文名称"), "Another name"),
    )


def _sheet(keeper: Desk) -> Shape:
    """What has no version of its own: told by what was looked at."""
    question = {"title": "完好", "x-title-en": "Fine", "type": "boolean"}
    path = f"/api/field/forms/sheet_{_mark()}"
    schema = {"type": "object", "properties": {"fine": question}}
    body = {"kind": "inspect", "name_zh": "路灯巡检", "name_en": "Lamps", "schema": schema}
    _sends(keeper, "PUT", path, body)
    page = keeper.page
    page.goto(f"/field/forms?code={path.rsplit('/', 1)[1]}")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("名称", exact=True).fill("照明设施巡检")
    return Shape(
        typed=dialog.get_by_label("名称", exact=True),
        send=dialog.get_by_role("button", name="保存", exact=True),
        taken=page.get_by_text(re.compile("已保存")),
        first=lambda: _sends(keeper, "PUT", path, body | {"name_en": "Street lamps"}),
        follows=(dialog.get_by_label("英文名称"), "Street lamps"),
    )


def _announcement(leader: Desk) -> Shape:
    """A dialog."""
    page, title = leader.page, f"停水通知{_mark()}"
    page.goto("/announcements")
    page.get_by_role("button", name="发布公告").click()
    dialog = page.get_by_role("dialog", name="发布公告")
    dialog.get_by_label("标题").fill(title)
    dialog.get_by_label("内容").fill("今晚停水，请提前储水。")
    ends = dialog.get_by_role("combobox", name="结束时间")
    ends.fill(f"{clock.today() + timedelta(days=1)} 12:00")
    ends.press("Enter")
    return Shape(
        typed=dialog.get_by_label("标题"),
        send=dialog.get_by_role("button", name="发布公告"),
        taken=page.get_by_text("公告已发布"),
    )


def _roster(leader: Desk) -> Shape:
    """A cell of a table, changed in a dialog."""
    page, unit = leader.page, leader.page.request.get("/api/session").json()["post"]["unit_id"]
    monday = clock.today() + timedelta(days=21 - clock.today().weekday())
    while _night_of(leader, unit, monday):
        monday += timedelta(days=7)
    person = {"role": "seat", "name": "叶值班", "phone": "0512-1"}
    _sends(leader, "POST", "/api/duty", {"people": [person], "unit_id": unit, "day": str(monday), "kind": "night"})
    [made] = _night_of(leader, unit, monday)
    page.goto(f"/duty?unit={unit}&week={monday}")
    page.get_by_role("button", name=re.compile("夜班.*更改")).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("备注").fill("带好钥匙")
    people = [{**person, "id": made["people"][0]["id"], "title": "副主任"}]
    change = {"people": people, "version": made["version"]}
    return Shape(
        typed=dialog.get_by_label("备注"),
        send=dialog.get_by_role("button", name="保存"),
        taken=page.get_by_text("带好钥匙"),
        first=lambda: _sends(leader, "PUT", f"/api/duty/{made['id']}", change),
        follows=(dialog.get_by_label("职务").first, "副主任"),
    )


def _night_of(leader: Desk, unit: int, monday: date) -> list[dict[str, Any]]:
    asked: dict[str, str | float | bool] = {"unit_id": unit, "monday": str(monday)}
    week = leader.page.request.get("/api/duty/week", params=asked).json()
    return [one for one in week["shifts"] if (one["day"], one["kind"]) == (str(monday), "night")]


def _patrol(planner: Desk, another: Desk) -> Shape:
    """Points on a map."""
    page, grid = planner.page, _own_grid(planner)
    lon, lat = _middle(planner, grid)
    points = [{"name": "北门岗亭", "lon": lon, "lat": lat}]
    made = _sent(planner, "POST", "/api/field/patrol-plans", {"grid": grid, "name": f"夜巡{_mark()}", "points": points})
    page.goto(f"/field/patrols/{made['id']}")
    expect(page.get_by_role("textbox", name="第 1 个点的名称")).to_have_value("北门岗亭")
    page.get_by_role("button", name="在地图中心放点").click()
    page.get_by_role("textbox", name="第 2 个点的名称").fill("配电房")
    kept = another.page.request.get(f"/api/field/patrol-plans/{made['id']}").json()
    asked = ("grid", "per", "weekdays", "times", "route", "form", "valid_from", "valid_to", "is_active", "version")
    change = {**{name: kept[name] for name in asked}, "name": "改了名的夜巡", "points": points}
    return Shape(
        typed=page.get_by_role("textbox", name="第 2 个点的名称"),
        send=page.get_by_role("button", name="保存", exact=True),
        taken=page.get_by_text("已保存"),
        first=lambda: _sends(another, "PUT", f"/api/field/patrol-plans/{made['id']}", change),
        follows=(page.get_by_placeholder("如：早间沿街巡查"), "改了名的夜巡"),
    )


def _record(planner: Desk, another: Desk) -> Shape:
    """Fields that the server's dictionary names."""
    page, path = planner.page, registered(planner, "梅留言")
    file = f"/api/registry/records/{path.removeprefix('/registry/')}"
    version = planner.page.request.get(file).json()["version"]
    page.goto(path)
    page.get_by_role("button", name="修改", exact=True).click()
    form = page.get_by_role("region", name="登记信息")
    form.get_by_label("服务处所").fill("听雨超市")
    form.get_by_label("修改依据").fill("本人来电")
    change = {"values": {"former_name": "梅旧名"}, "why": "核对户口簿", "version": version}
    return Shape(
        typed=form.get_by_label("服务处所"),
        send=form.get_by_role("button", name="保存", exact=True),
        taken=page.get_by_text("已保存", exact=True),
        first=lambda: _sends(another, "PATCH", file, change),
        follows=(form.get_by_label("曾用名"), "梅旧名"),
    )


def _file(clerk: Desk, folder: Path) -> Shape:
    """A file and how it is to be read, in steps."""
    page, file = clerk.page, folder / f"人员{_mark()}.csv"
    file.write_text("姓名,手机\n白露,13900139001\n", encoding="utf-8")
    page.goto("/imports")
    page.get_by_role("combobox", name="种类").click(force=True)
    page.get_by_role("option").first.click()
    page.get_by_label("文件", exact=True).set_input_files(file)
    page.get_by_text("读取设置").click()
    page.get_by_label("工作表或图层").fill("第一张")
    return Shape(
        typed=page.get_by_label("工作表或图层"),
        send=page.get_by_role("button", name="上传并检查"),
        taken=page.get_by_role("heading", name=file.name),
    )


def _range(desk: Desk) -> str:
    return str(desk.page.request.get("/api/session").json()["ranges"][0])


def _own_grid(desk: Desk) -> str:
    found = desk.page.request.get("/api/grids", params={"under": _range(desk)}).json()
    return str((found["items"] if isinstance(found, dict) else found)[0]["code"])


def _middle(desk: Desk, grid: str) -> tuple[float, float]:
    west, south, east, north = desk.page.request.get(f"/api/grids/{grid}").json()["bounds"]
    return (west + east) / 2, (south + north) / 2


def _mark() -> str:
    return new_id().hex[-6:]


def _sends(desk: Desk, method: str, path: str, body: dict[str, Any]) -> None:
    _sent(desk, method, path, body)


def _sent(desk: Desk, method: str, path: str, body: dict[str, Any]) -> Any:
    answer = desk.page.request.fetch(path, method=method, data=body, headers=writing(desk))
    if not answer.ok:
        raise AssertionError(answer.text())
    return answer.json()
