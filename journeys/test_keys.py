"""The whole loop without a mouse: reported, dispatched, handled, reviewed and closed by keys alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.desk import Desk
from journeys.pictures import photo

TITLE = "听雨路三十号门前井盖松动"
MOST_TABS = 60


def test_a_seat_and_a_unit_go_all_the_way_round_by_keys(desk: Callable[..., Desk], tmp_path: Path) -> None:
    # Given a seat and a clerk whose hands stay on the keyboard
    seat, clerk = desk("street_seat"), desk("department_clerk")

    # When the seat takes a call, from the first digit to the last field
    page = seat.page
    page.goto("/intake")
    _tab_to(page, page.get_by_label("来电号码"))
    page.keyboard.type("13800138001")
    _tab_to(page, page.get_by_label("什么事"))
    page.keyboard.type(TITLE)
    _choose(page, page.get_by_role("combobox", name="类别"), "路灯不亮")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="已登记")).to_be_visible()

    # And finds it in its queue, and dispatches it
    page.goto("/workbench")
    expect(seat.queue).to_be_visible()
    _press(page, "g", "3")
    _opens(seat, TITLE)
    page.keyboard.press("d")
    _choose(page, page.get_by_role("combobox", name="主办单位"), "听雨街道城管中队")
    expect(page.get_by_role("region", name="派发后的时限")).to_contain_text("处置")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("派发：已完成")).to_be_visible()

    # Then the clerk signs for it and finishes it
    page = clerk.page
    page.goto("/workbench")
    _press(page, "g", "4")
    _opens(clerk, TITLE)
    page.keyboard.press("s")
    expect(page.get_by_text("签收：已完成")).to_be_visible()
    expect(clerk.moves.get_by_role("button", name="处置完成")).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_label("说明")).to_be_focused()
    page.keyboard.type("已更换井盖并加固。")
    page.get_by_label("添加照片或文件").set_input_files(photo(tmp_path / "修复后.jpg"))  # the system's own dialog
    expect(page.get_by_title("修复后.jpg")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("处置完成：已完成")).to_be_visible()

    # And the seat passes it, closes it, and has the keys in hand again
    page = seat.page
    expect(seat.moves.get_by_role("button", name="复核通过")).to_be_visible()
    page.keyboard.press("p")
    expect(page.get_by_text("复核通过：已完成")).to_be_visible()
    expect(seat.moves.get_by_role("button", name="结案")).to_be_visible()
    page.keyboard.press("c")
    expect(page.get_by_role("radio", name="已解决")).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("结案：已完成")).to_be_visible()
    expect(seat.history.get_by_text("结案", exact=True)).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘操作")).to_contain_text("派发")
    seat.finds_nothing_wrong()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="键盘操作")).to_be_hidden()


@pytest.mark.long
def test_several_cases_are_chosen_foreseen_and_moved_by_keys(desk: Callable[..., Desk]) -> None:
    # Given a seat before a queue of cases to be accepted
    seat = desk("street_seat", 1)
    page = seat.page
    page.goto("/workbench?queue=open")
    expect(seat.queue.get_by_role("listitem").nth(3)).to_be_visible()

    # When it chooses three of them and asks what archiving them would do
    page.keyboard.press("x")
    for _ in range(2):
        page.keyboard.press("j")
    page.keyboard.press("X")
    expect(page.get_by_text("已选 3 件")).to_be_visible()
    page.keyboard.press("m")
    dialog = page.get_by_role("dialog", name="一起办理多件案件")
    _tab_to(page, dialog.get_by_role("radio").first)
    dialog.get_by_role("radio", name="归档").press("Space")
    expect(dialog.get_by_role("button", name="预览每件的结果")).to_be_enabled()
    page.keyboard.press("Control+Enter")

    # Then each says why it may not be archived, and nothing was done
    expect(dialog.get_by_text("共 3 件，可以办理 0 件。")).to_be_visible()
    seat.finds_nothing_wrong()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def _opens(desk: Desk, title: str) -> None:
    """Down the queue until the case is the one in front."""
    row = desk.queue.get_by_role("button", name=title, exact=True)
    expect(row).to_be_visible()
    heading = desk.page.get_by_role("heading", name=title)
    for _ in range(desk.queue.get_by_role("listitem").count() + 1):
        if row.get_attribute("aria-current") == "true":
            break
        desk.page.keyboard.press("j")
    expect(heading).to_be_visible()


def _tab_to(page: Page, field: Locator) -> None:
    for _ in range(MOST_TABS):
        if field.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {field}")


def _choose(page: Page, field: Locator, name: str) -> None:
    """By typing, then the arrows."""
    _tab_to(page, field)
    page.keyboard.type(name)
    expect(page.get_by_role("option", name=name).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("option", name=name).first).to_be_hidden()
