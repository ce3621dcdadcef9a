"""What a community plans stands on the phone of whoever looks after the grid: points of a patrol, whom to visit."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from journeys.desk import Desk
from journeys.phone import Phone
from journeys.stack import Stack
from wangge.core import clock

pytest_plugins = ["journeys.phones"]


@pytest.mark.long
def test_a_patrol_planned_on_the_map_is_walked_today_and_can_be_stopped_and_begun_again(
    desk: Callable[..., Desk], phone: Callable[..., Phone]
) -> None:
    planner, worker, name = desk("community"), phone(), f"夜巡{clock.now():%H%M%S}"
    page = planner.page
    page.goto("/field/patrols")
    page.get_by_role("link", name="巡查计划").click()
    page.get_by_role("button", name="新建巡查计划").click()
    page.get_by_placeholder("如：早间沿街巡查").fill(name)
    planner.chooses("网格", *_grid_of(worker))
    canvas = page.locator(".maplibregl-canvas")
    for x, y in ((300, 200), (380, 240)):
        canvas.click(position={"x": x, "y": y})
    page.get_by_role("button", name="在地图中心放点").click()
    expect(page.get_by_role("textbox", name="第 3 个点的名称")).to_be_visible()
    page.get_by_role("textbox", name="第 1 个点的名称").fill("北门岗亭")
    page.get_by_role("button", name="“北门岗亭”往后移").click()
    page.locator("label").filter(has_text="须拍照").click()
    page.get_by_text("画路线", exact=True).click()
    page.get_by_role("button", name="按点位连线").click()
    planner.finds_nothing_wrong()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()

    worker.opens("patrol")
    worker.page.get_by_role("link", name=name).click()
    expect(worker.page.get_by_role("button", name="2. 北门岗亭")).to_contain_text("拍照")

    page.goto(f"/field/patrols?view=plans&q={name}")
    page.get_by_role("button", name="停用", exact=True).click()
    page.get_by_role("button", name="确定").click()
    expect(page.get_by_text("没有符合条件的巡查计划")).to_be_visible()
    worker.opens("patrol")
    expect(worker.page.get_by_role("link", name="日常巡查")).to_be_visible()
    expect(worker.page.get_by_role("link", name=name)).to_have_count(0)
    page.get_by_text("已停用", exact=True).click()
    page.get_by_role("button", name="启用", exact=True).click()
    expect(page.get_by_text("没有符合条件的巡查计划")).to_be_visible()
    page.get_by_text("启用中", exact=True).click()
    expect(page.get_by_role("link", name=name)).to_be_visible()
    worker.opens("patrol")
    expect(worker.page.get_by_role("link", name=name)).to_be_visible()


@pytest.mark.long
def test_who_is_to_be_visited_is_on_the_list_of_the_worker_charged_with_it(
    desk: Callable[..., Desk], phone: Callable[..., Phone], stack: Stack
) -> None:
    planner, worker, name = desk("community"), phone(), f"听雨苑{clock.now():%H%M%S}室"
    page = planner.page
    me = worker.page.request.get(f"{stack.url}/api/session").json()["user"]["name"]
    page.goto("/field/visits/new")
    page.get_by_placeholder("如：听雨苑").fill(name)
    planner.chooses("网格", *_grid_of(worker))
    page.get_by_role("combobox", name="走访表单").press("Enter")
    page.get_by_role("option", name="出租房走访").click()
    page.get_by_role("combobox", name="由谁走访").press("Enter")
    page.get_by_role("option", name=me).click()
    page.get_by_placeholder("如：租赁合同").fill("租赁合同")
    planner.finds_nothing_wrong()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="走访计划")).to_be_visible()
    worker.opens("visits")
    expect(worker.page.get_by_role("link", name=name)).to_be_visible()


def _grid_of(worker: Phone) -> tuple[str, str]:
    """Code and name of the first grid the worker looks after."""
    code = worker.page.request.get(f"{worker.stack.url}/api/session").json()["ranges"][0]
    found: dict[str, Any] = worker.page.request.get(f"{worker.stack.url}/api/grids/{code}").json()
    return code, found["name"]
