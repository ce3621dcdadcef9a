"""Borders are proposed by one and approved by another, without a mouse on the map."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.desk import Desk

SHIFTED = re.compile("调整共同边界：")
TITLE = "小区入住后的网格优化"
RULER = ".maplibregl-ctrl-scale"


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_border_is_moved_by_keys_and_another_approves_it(desk: Callable[..., Desk]) -> None:
    # Given a seat that draws up a proposal
    seat = desk("street_seat")
    page = seat.page
    page.goto("/grids/plans/new")

    # When a corner that neighbours share is moved some metres, and the proposal is handed in
    _draw(seat, TITLE)
    seat.finds_nothing_wrong()
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_role("button", name="批准")).to_have_count(0)  # not by who proposed it

    # Then a commander sees old and new side by side and approves
    commander = desk("commander")
    commander.page.goto("/grids/plans")
    commander.page.get_by_role("link", name=TITLE).click()
    before = commander.page.get_by_role("region", name="变动前")
    expect(before).to_be_visible()
    expect(commander.page.get_by_role("region", name="变动后")).to_be_visible()
    wide = _rulers(commander)
    before.focus()
    commander.page.keyboard.press("Equal")  # closer in the one map is closer in the other
    expect(commander.page.locator(RULER).last).not_to_have_text(wide[-1])
    assert len(set(_rulers(commander))) == 1
    commander.finds_nothing_wrong()
    commander.page.get_by_role("button", name="批准").click()
    commander.page.get_by_role("button", name="确定", exact=True).filter(visible=True).click()
    expect(commander.page.get_by_text("已批准").first).to_be_visible()

    # And what the seat proposes next for the same day is refused, with the reason, and stays as it was drawn
    page.goto("/grids/plans/new")
    _draw(seat, "同一天的另一个方案")
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_text("已另有边界变动")).to_be_visible()
    expect(page).not_to_have_url(re.compile("new$"))  # the draft is kept, and has its address
    expect(page.get_by_text(SHIFTED)).to_be_visible()
    expect(page.get_by_role("button", name="撤销")).to_be_enabled()


def _draw(seat: Desk, title: str) -> None:
    """A corner that neighbours share moved, the map on the first community of the list."""
    page = seat.page
    page.get_by_role("combobox", name="社区").press("Enter")
    page.get_by_role("option").first.click()
    region = page.get_by_role("region", name="网格地图")
    expect(region).to_be_visible()
    page.get_by_label("方案名称").fill(title)
    page.get_by_label("原因").fill("新建小区入住")
    expect(page.get_by_text("还没有变动")).to_be_visible()
    region.focus()
    while page.get_by_text(SHIFTED).count() == 0:
        page.keyboard.press(".")
        page.keyboard.press("Shift+ArrowRight")
        page.wait_for_timeout(500)
    expect(page.get_by_text("一张网完整").first).to_be_visible()


def _rulers(desk: Desk) -> list[str]:
    """How long the rulers under the maps are: "200 m"."""
    return desk.page.locator(RULER).all_inner_texts()
