"""Borders are proposed by one and approved by another, without a mouse on the map."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.desk import Desk

TITLE = "小区入住后的网格优化"


@pytest.mark.long  # moving corners by keys takes minutes without a graphics card
@pytest.mark.timeout(900)
def test_a_border_is_moved_by_keys_and_another_approves_it(desk: Callable[..., Desk]) -> None:
    # Given a seat with the net of a community on its map
    seat = desk("street_seat")
    page = seat.page
    page.goto("/grids/plans/new")
    page.get_by_role("combobox", name="社区").press("Enter")
    page.get_by_role("option").first.click()
    region = page.get_by_role("region", name="网格地图")
    expect(region).to_be_visible()

    # When a corner that neighbours share is moved forty metres, and the proposal is handed in
    page.get_by_label("方案名称").fill(TITLE)
    page.get_by_label("原因").fill("新建小区入住")
    expect(page.get_by_text("还没有变动")).to_be_visible()
    region.focus()
    while page.get_by_text(re.compile("调整共同边界：")).count() == 0:
        page.keyboard.press(".")
        page.keyboard.press("Shift+ArrowRight")
        page.wait_for_timeout(500)
    expect(page.get_by_text("一张网完整").first).to_be_visible()
    seat.finds_nothing_wrong()
    page.get_by_role("button", name="提交审批").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(page.get_by_role("button", name="批准")).to_have_count(0)  # not by who proposed it

    # Then a commander sees old and new side by side and approves
    commander = desk("commander")
    commander.page.goto("/grids/plans")
    commander.page.get_by_role("link", name=TITLE).click()
    expect(commander.page.get_by_role("region", name="变动前")).to_be_visible()
    expect(commander.page.get_by_role("region", name="变动后")).to_be_visible()
    commander.finds_nothing_wrong()
    commander.page.get_by_role("button", name="批准").click()
    commander.page.get_by_role("button", name="确定", exact=True).filter(visible=True).click()
    expect(commander.page.get_by_text("已批准").first).to_be_visible()
