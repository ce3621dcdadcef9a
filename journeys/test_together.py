"""Two report the same: joined and taken out again; closed, rated by the reporter, opened again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from journeys.desk import Desk
from journeys.given import middle_of_own_grid, opens_more, reported
from journeys.stack import Stack

FIRST, SECOND = "望河路口路灯整排不亮", "晚上路口一片漆黑"


def test_a_second_report_is_joined_to_the_first_and_taken_out_again(desk: Callable[..., Desk]) -> None:
    # Given a seat with two reports of one thing, each by its own reporter
    seat = desk("street_seat")
    place = middle_of_own_grid(desk("grid_worker"))
    first = reported(seat, FIRST, place=place, source="telephone", reporter=_caller("周女士", 1))
    second = reported(seat, SECOND, place=place, source="telephone", reporter=_caller("吴先生", 2))
    page = seat.page

    # When it looks for the other one by its words and joins them
    page.goto(second)
    opens_more(seat, "并案").presses("并案")
    expect(page.get_by_text("请选要并入的案件。")).to_be_visible()
    page.get_by_label("按案件号、标题、地点查找在办案件").fill("整排不亮")
    page.get_by_role("radio", name=FIRST).check()
    seat.finds_nothing_wrong()
    page.get_by_label("说明", exact=True).fill("同一排路灯。")
    page.get_by_label("说明", exact=True).press("Control+Enter")

    # Then the second has no clock of its own any more, and its reporter follows the first
    expect(page.get_by_text("没有运行中的时限")).to_be_visible()
    related = page.get_by_role("region", name="相关案件")
    expect(related.get_by_text("已并入")).to_be_visible()
    seat.finds_nothing_wrong()
    related.get_by_role("link", name=FIRST).click()
    expect(page.get_by_role("heading", name=FIRST)).to_be_visible()
    reporters = page.get_by_role("region", name="报告人")
    expect(reporters.get_by_text("关注人")).to_be_visible()
    expect(reporters.get_by_text("138****0002")).to_be_visible()
    expect(seat.history.get_by_text(re.compile("并入本案"))).to_be_visible()

    # When it turns out to be another thing
    page.goto(second)
    seat.presses("拆案")
    page.get_by_label("理由").fill("不是同一排。")
    seat.presses("拆案")

    # Then all is as it was, and the history says both
    expect(page.get_by_role("region", name="报告人").get_by_text("138****0002")).to_be_visible()
    expect(page.get_by_text("没有运行中的时限")).to_be_hidden()
    expect(seat.history.get_by_text("并案", exact=True)).to_be_visible()
    expect(seat.history.get_by_text("拆案", exact=True)).to_be_visible()
    page.goto(first)
    expect(page.get_by_role("region", name="报告人").get_by_text("138****0001")).to_be_visible()
    expect(page.get_by_text("关注人")).to_be_hidden()


@pytest.mark.long
def test_a_reporter_who_is_not_content_has_it_opened_again(
    desk: Callable[..., Desk], stack: Stack, browser: Browser
) -> None:
    # Given a call that was answered at once
    seat = desk("street_seat")
    page = seat.goes_to("登记").page
    page.get_by_label("来电号码").fill("13800000003")
    page.get_by_label("什么事").fill("路灯不亮找谁修")
    page.get_by_role("list", name="根据内容推测的类别").get_by_role("button", name="路灯不亮").click()
    page.get_by_label("什么事").press("Control+Enter")
    expect(page.get_by_text("查询码", exact=True)).to_be_visible()
    number, code = (page.locator("dd.number").nth(index).inner_text().strip() for index in (0, 1))
    page.get_by_role("link", name="打开案件").click()
    # The page it comes from offers the same moves until the next one is there.
    expect(page.get_by_text("查询码", exact=True)).to_be_hidden()
    seat.presses("直接答复")
    page.get_by_text("解释说明", exact=True).click()
    page.get_by_label("说明", exact=True).fill("已告知报修电话。")
    page.get_by_label("说明", exact=True).press("Control+Enter")
    expect(page.get_by_text("已结案").first).to_be_visible()

    # When the reporter follows it without an account, rates it low, and asks for it again
    phone = browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN", base_url=stack.url)
    follow = Desk(phone.new_page())
    follow.page.goto("/public/follow")
    follow.page.get_by_label("案件号").fill(number)
    follow.page.get_by_label("查询码").fill(code)
    follow.page.get_by_role("button", name="查询").click()
    expect(follow.page.get_by_text("已告知报修电话。")).to_be_visible()
    follow.finds_nothing_wrong()
    follow.page.get_by_role("radio", name="不满意", exact=True).check()
    follow.page.get_by_role("radio", name="没有解决").check()
    follow.page.get_by_role("button", name="提交评价").click()
    expect(follow.page.get_by_text("已收到您的评价。")).to_be_visible()
    follow.page.get_by_role("button", name="没办好，要求重办").click()
    follow.page.get_by_label("哪里没有办好").fill("打了电话没有人来。")
    follow.page.get_by_role("button", name="要求重办", exact=True).click()
    expect(follow.page.get_by_text("已重新办理。")).to_be_visible()
    follow.finds_nothing_wrong()
    phone.close()

    # Then the seat sees it open again by itself, with the rating that led to it, for the centre alone
    expect(seat.history.get_by_text("重启", exact=True)).to_be_visible()
    expect(seat.history.get_by_text("打了电话没有人来。")).to_be_visible()
    expect(seat.history.get_by_text("满意度：2")).to_be_visible()
    expect(seat.moves.get_by_role("button", name="派发")).to_be_visible()


def _caller(name: str, number: int) -> dict[str, str]:
    return {"name": name, "phone": f"1380000{number:04}"}
