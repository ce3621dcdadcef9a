"""A resident with a telephone in the hand: reports without an account, follows with number and code, adds to it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.desk import Desk
from journeys.pictures import photo
from journeys.stack import Stack

WORDS = "小区南门外的井盖裂开了。晚上看不清，怕有人踩进去。"
PHONE = {"width": 360, "height": 780}
SMALLEST_TARGET = 44  # px


@pytest.fixture
def telephone(stack: Stack, browser: Browser) -> Iterator[Callable[[float, float], Desk]]:
    """A telephone that knows where it is (longitude, latitude, WGS-84)."""
    contexts = []

    def take_out(longitude: float, latitude: float) -> Desk:
        context = browser.new_context(
            viewport={"width": PHONE["width"], "height": PHONE["height"]},
            locale="zh-CN",
            base_url=stack.url,
            geolocation={"longitude": longitude, "latitude": latitude},
            permissions=["geolocation"],
            has_touch=True,
        )
        contexts.append(context)
        return Desk(context.new_page())

    yield take_out
    for context in contexts:
        context.close()


def test_a_resident_reports_and_follows(
    desk: Callable[..., Desk], telephone: Callable[[float, float], Desk], tmp_path: Path
) -> None:
    # Given a seat at its workbench, and a resident who stands in that seat's sub-district
    seat = desk("street_seat").goes_to("工作台")
    west, south, east, north = _bounds_of_a_grid(seat.page)
    resident = telephone((west + east) / 2, (south + north) / 2)
    page = resident.page

    # When the resident reports with a photo, a few words and the telephone's own position, and no name
    page.goto("/public/")
    page.get_by_role("link", name="我要反映").click()
    _nothing_too_small_for_a_thumb(page)
    page.get_by_label("拍照或从相册选").set_input_files(photo(tmp_path / "井盖.jpg"))
    expect(page.get_by_role("img", name="井盖.jpg")).to_be_visible()
    page.get_by_label("发生了什么").fill(WORDS)
    page.get_by_role("button", name="用我现在的位置").click()
    expect(page.get_by_text("位置已选好")).to_be_visible()
    resident.finds_nothing_wrong()
    page.get_by_role("button", name="提交").click()

    # Then there is a number and a code, and the report is with the seat
    expect(page.get_by_role("heading", name="已收到，谢谢您")).to_be_visible()
    resident.finds_nothing_wrong()
    number, code = (page.locator("dd").nth(index).inner_text().strip() for index in (0, 1))
    expect(seat.queue.get_by_text("小区南门外的井盖裂开了")).to_be_visible()

    # When the resident looks with both, it is said in plain words what has been done, and something can be added
    page.get_by_role("link", name="去查进度").click()
    page.get_by_label("案件号").fill(number)
    page.get_by_label("查询码").fill(code)
    resident.finds_nothing_wrong()
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_text("已收到您的反映。")).to_be_visible()
    page.get_by_role("button", name="补充说明").click()
    page.get_by_label("补充什么").fill("旁边还有一块松动的砖。")
    page.get_by_role("button", name="提交补充").click()
    expect(page.get_by_text("已收到您的补充。")).to_be_visible()
    resident.finds_nothing_wrong()

    # And a wrong code opens nothing
    page.get_by_role("button", name="查另一件").click()
    page.get_by_label("查询码").fill("00000000")
    page.get_by_role("button", name="查询").click()
    expect(page.get_by_role("alert")).to_be_visible()


def _bounds_of_a_grid(page: Page) -> list[float]:
    """Of the first general grid of the seat's own area: west, south, east, north."""
    code = page.evaluate("async () => (await (await fetch('/api/session')).json()).ranges[0]")
    found = page.request.get("/api/grids", params={"under": code, "type": "general", "drawn": "true", "limit": 1})
    card = page.request.get(f"/api/grids/{found.json()['items'][0]['code']}").json()
    bounds: list[float] = card["bounds"]
    return bounds


def _nothing_too_small_for_a_thumb(page: Page) -> None:
    small = page.evaluate(
        """smallest => ['button', 'input:not(.sr-only)', 'select', 'textarea']
        .flatMap(kind => [...document.querySelectorAll(`main ${kind}`)])
        .filter(target => target.offsetParent)
        .filter(target => (target.closest('label') ?? target).getBoundingClientRect().height < smallest)
        .map(target => target.outerHTML.slice(0, 120))""",
        SMALLEST_TARGET,
    )
    if small:
        raise AssertionError(small)
