"""A grid's sign is printed at the desk and hung up; a resident scans it, sees who serves, and the report lies there."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from journeys.desk import Desk
from journeys.stack import Stack

COMMUNITY = "320199002002"
GRID = f"{COMMUNITY}002"
PHONE = ViewportSize(width=360, height=780)
OF_A_SHEET = re.compile(rb"/Type\s*/Page\b")


def test_a_resident_scans_the_sign_and_the_report_lies_in_that_grid(
    desk: Callable[..., Desk], stack: Stack, browser: Browser
) -> None:
    # Given the sign of a grid, opened on its card
    admin = desk("administrator")
    page = admin.page
    page.goto(f"/grids?at={GRID}")
    page.get_by_role("button", name="打印网格牌").click()
    sign = page.get_by_role("dialog").get_by_role("article")
    expect(sign).to_have_count(1)
    expect(sign.get_by_text(GRID)).to_be_visible()
    expect(page.get_by_text("居民的手机扫不开")).to_be_visible()  # this house is at 127.0.0.1
    admin.finds_nothing_wrong()
    [printed] = page.request.get("/api/grid-signs", params={"under": GRID}).json()

    # When a resident opens what the code says, and writes nothing but what happened
    context = browser.new_context(viewport=PHONE, locale="zh-CN", base_url=stack.url, has_touch=True)
    resident = Desk(context.new_page())
    telephone = resident.page
    telephone.goto(printed["address"])
    expect(telephone.get_by_role("heading", name="您扫的网格牌")).to_be_visible()
    expect(telephone.get_by_text(printed["name"], exact=True)).to_be_visible()
    expect(telephone.get_by_text(printed["team"][0]["name"])).to_be_visible()
    resident.finds_nothing_wrong()
    assert _overflow(telephone) == 0
    telephone.get_by_label("发生了什么").fill("单元门口的灯不亮了。")
    telephone.get_by_role("button", name="提交").click()
    expect(telephone.get_by_role("heading", name="已收到，谢谢您")).to_be_visible()
    number = telephone.locator("dd").first.inner_text().strip()

    # Then the case lies in that grid
    found = desk("district_seat").page.request.get("/api/cases", params={"q": number}).json()["items"]
    assert [one["grid"]["code"] for one in found] == [GRID]

    # And the sign of a grid that is no more leads to the plain page, which says so
    telephone.goto("/public/report?grid=320199999999999")
    expect(telephone.get_by_text("网格已经调整")).to_be_visible()
    expect(telephone.get_by_role("heading", name="在哪里", exact=True)).to_be_visible()
    resident.finds_nothing_wrong()
    context.close()


@pytest.mark.long
def test_the_signs_of_a_community_are_printed_a_sheet_for_each_grid(desk: Callable[..., Desk]) -> None:
    admin = desk("administrator")
    page = admin.page
    page.goto(f"/grids?at={COMMUNITY}")
    page.get_by_role("button", name="打印网格牌").click()
    signs = page.get_by_role("dialog").get_by_role("article")
    expect(signs.first).to_be_visible()
    count = signs.count()
    assert count > 1
    admin.finds_nothing_wrong()
    # A browser under test has no printer: what it would have got is kept open.
    page.evaluate("window.print = () => undefined")
    page.get_by_role("button", name=f"打印（{count} 页）").click()
    expect(page.locator(".print-alone article")).to_have_count(count)
    assert _sheets(page) == count


def _sheets(page: Page) -> int:
    return len(OF_A_SHEET.findall(page.pdf(format="A4")))


def _overflow(page: Page) -> int:
    return int(page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth"))
