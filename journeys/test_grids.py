"""The map is redrawn: a grid split on the map, a plan taken back, a file whose grids do not fit together."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from shapely import affinity
from shapely.geometry import mapping, shape

from journeys.desk import Desk
from journeys.ground import boundaries_file, draws, shapes_in
from wangge.core import clock

STREET = "320199002"  # not the sub-district of the other journeys
COMMUNITY = f"{STREET}001"
GRID = f"{STREET}002001"
BLUE = "rgb(11, 92, 173)"
ACROSS = ((0.04, 0.5), (0.96, 0.5))


def test_a_grid_is_split_on_the_map(desk: Callable[..., Desk]) -> None:
    # Given the page of a grid, found by its code
    admin = desk("administrator").goes_to("网格")
    page = admin.page
    page.get_by_label("网格名称、地址或编码").fill(GRID)
    page.get_by_label("网格名称、地址或编码").press("Enter")
    page.get_by_role("region", name="查找网格").get_by_role("button").filter(has_text="002001").first.click()
    page.get_by_role("link", name="网格详情").click()
    expect(page.get_by_role("heading", name="基本情况")).to_be_visible()
    name = page.get_by_role("heading", level=1).inner_text()
    admin.finds_nothing_wrong()

    # When a line is drawn through it and looked at before it counts
    page.get_by_role("button", name="调整边界").click()
    _looks_at_open_lists(admin)
    page.get_by_text("拆分", exact=True).click()
    draws(page, *ACROSS)
    page.get_by_role("button", name="预览").click()
    expect(page.get_by_role("heading", name="调整后")).to_be_visible()
    expect(page.get_by_text(re.compile("新设：320199002002"))).to_be_visible()
    expect(page.get_by_role("button", name="确定调整")).to_have_css("background-color", BLUE)  # no longer fading in
    admin.finds_nothing_wrong()
    page.get_by_role("button", name="确定调整").click()

    # Then its parts stand on the map, and the grid itself has ended
    expect(page.get_by_role("heading", name=f"{name}（1）")).to_be_visible()
    expect(page.get_by_role("button").filter(has_text=f"{name}（2）")).to_be_visible()
    page.goto(f"/grids/{GRID}")
    expect(page.get_by_text(re.compile("已于 .* 撤销"))).to_be_visible()
    expect(page.get_by_role("button", name="调整边界")).to_have_count(0)
    expect(page.get_by_role("table", name="沿革").get_by_role("row")).to_have_count(3)
    admin.finds_nothing_wrong()


@pytest.mark.long
def test_a_planned_split_is_taken_back(desk: Callable[..., Desk]) -> None:
    # Given a split entered for a day to come
    admin = desk("administrator")
    page = admin.page
    grid = f"{STREET}003001"
    page.goto(f"/grids/{grid}/redraw")
    draws(page, *ACROSS)
    page.get_by_label("生效日期").fill(f"{clock.today() + timedelta(days=30)}")
    page.get_by_label("生效日期").press("Enter")
    page.get_by_role("button", name="预览").click()
    page.get_by_role("button", name="确定调整").click()

    # When it is cancelled with its reason
    expect(page.get_by_role("heading", name="边界变动")).to_be_visible()
    page.get_by_role("button", name="取消这次变动").click()
    page.get_by_label("取消的理由").fill("街道未批复")
    page.get_by_role("button", name="取消这次变动").click()

    # Then the record says so, and the grid stands as before
    expect(page.get_by_text("还没有边界变动")).to_be_visible()
    page.get_by_text("只看待生效").click()
    expect(page.get_by_text(re.compile("取消：街道未批复"))).to_be_visible()
    admin.finds_nothing_wrong()
    page.goto(f"/grids/{grid}")
    expect(page.get_by_role("button", name="调整边界")).to_be_visible()
    expect(page.get_by_text(re.compile("将于 .* 撤销"))).to_have_count(0)


@pytest.mark.long
def test_a_file_that_breaks_the_net_is_shown_where_it_breaks_it(desk: Callable[..., Desk], tmp_path: Path) -> None:
    # Given a file with a grid that leaves a gap, one that overlaps, and a ring that crosses itself
    admin = desk("administrator")
    page = admin.page
    whole = shapes_in(page, COMMUNITY)
    small, moved, crossed, *_ = sorted(whole)
    faulty = {small: _smaller(whole[small]), moved: _moved(whole[moved]), crossed: _bow_tie(whole[crossed])}

    # When it is checked
    _checks(admin, boundaries_file(tmp_path / "有错的边界.geojson", faulty))

    # Then every fault is told in words and shown at its place, and nothing was written
    for words in ("不属于任何网格", "重叠", "越出社区边界", "边界线自相交"):
        expect(page.get_by_role("cell").filter(has_text=words).first).to_be_visible()
    page.get_by_role("button", name=re.compile("在地图上看")).first.click()
    expect(page.get_by_role("region", name="问题地图")).to_be_in_viewport()
    admin.finds_nothing_wrong()
    page.goto("/grids/coverage")
    expect(page.get_by_text("本页社区全部符合一张网")).to_be_visible()

    # When the gap is imported all the same
    _checks(admin, boundaries_file(tmp_path / "有缝.geojson", {small: faulty[small]}), anyway=True)
    _presses_and_confirms(page, "暂存")
    _presses_and_confirms(page, "生效")
    expect(page.get_by_text("已全部生效。")).to_be_visible()

    # Then the net of that community is broken, and the map shows where
    page.goto(f"/grids?at={COMMUNITY}&faults=1")
    expect(page.get_by_text("一张网有 1 处问题，0 个网格未绘制")).to_be_visible()
    page.get_by_role("list", name="一张网问题").get_by_role("button").first.click()
    admin.finds_nothing_wrong()

    # And it is whole again with the file mended
    _checks(admin, boundaries_file(tmp_path / "改好的.geojson", {small: whole[small]}))
    _presses_and_confirms(page, "暂存")
    _presses_and_confirms(page, "生效")
    expect(page.get_by_text("已全部生效。")).to_be_visible()
    page.goto(f"/grids?at={COMMUNITY}&faults=1")
    expect(page.get_by_text("一张网完整")).to_be_visible()


def _looks_at_open_lists(admin: Desk) -> None:
    """What floats over a page is held to the same rules as the page."""
    page = admin.page
    page.get_by_text("移动边界", exact=True).click()
    page.get_by_role("combobox", name="相邻网格").press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    admin.finds_nothing_wrong()
    page.keyboard.press("Escape")
    page.get_by_label("生效日期").click()
    expect(page.get_by_role("dialog", name="选择日期")).to_be_visible()
    admin.finds_nothing_wrong()
    page.keyboard.press("Escape")


def _checks(admin: Desk, file: Path, *, anyway: bool = False) -> None:
    page = admin.page
    page.goto("/imports")
    _chooses(page, "种类", "边界")
    page.get_by_label("文件", exact=True).set_input_files(file)
    if anyway:
        _chooses(page, "不符合一张网时", "只提醒，照样导入")
    page.get_by_role("button", name="上传并检查").click()
    expect(page.get_by_role("heading", name=file.name)).to_be_visible()
    expect(page.get_by_text("已检查", exact=True)).to_be_visible()


def _chooses(page: Page, label: str, name: str) -> None:
    page.get_by_role("combobox", name=label).press("Enter")
    page.get_by_role("option", name=name, exact=True).click()


def _presses_and_confirms(page: Page, name: str) -> None:
    """`暂存` asks nothing where there is no faulty row to leave out."""
    page.get_by_role("button", name=name, exact=True).click()
    confirm = page.get_by_role("button", name="确定", exact=True).filter(visible=True)
    if name == "生效":
        confirm.click()
        expect(confirm).to_have_count(0)


def _smaller(area: dict[str, Any]) -> dict[str, Any]:
    return dict(mapping(shape(area).buffer(-0.0003)))


def _moved(area: dict[str, Any]) -> dict[str, Any]:
    return dict(mapping(affinity.translate(shape(area), 0.003, 0.001)))


def _bow_tie(area: dict[str, Any]) -> dict[str, Any]:
    west, south, east, north = shape(area).bounds
    ring = [(west, south), (east, north), (east, south), (west, north), (west, south)]
    return {"type": "Polygon", "coordinates": [ring]}
