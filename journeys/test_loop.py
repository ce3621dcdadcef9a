"""The loop in the browser: a call comes in at one seat, a unit handles it, the seat reviews and closes."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from journeys.desk import Desk
from journeys.pictures import photo

TITLE = "听雨路十二号门前路灯不亮"


def test_a_call_goes_all_the_way_round(desk: Callable[..., Desk], tmp_path: Path) -> None:
    # Given two seats of one sub-district at their workbenches, and a clerk of the city-management squad
    seat, other = desk("street_seat", by_the_form=True), desk("street_seat", 1)
    clerk = desk("department_clerk", by_the_form=True)
    other.goes_to("工作台").opens_queue("待派发")

    # When the first takes a call and accepts it with the same press
    page = seat.goes_to("登记").page
    page.get_by_label("来电号码").fill("13800138000")
    page.get_by_label("什么事").fill(TITLE)
    page.get_by_role("list", name="根据内容推测的类别").get_by_role("button", name="路灯不亮").click()
    seat.finds_nothing_wrong()
    page.keyboard.press("Control+Enter")  # after the press on a category, which is gone with the focus

    # Then there is a number and a code to read out to the caller
    expect(page.get_by_role("heading", name="已登记")).to_be_visible()
    expect(page.get_by_text("查询码", exact=True)).to_be_visible()
    seat.finds_nothing_wrong()

    # And it arrives at the other seat by itself, which opens it and does nothing more
    expect(other.queue.get_by_text(TITLE)).to_be_visible()
    other.opens_case(TITLE).finds_nothing_wrong()

    # When the seat dispatches it
    page.get_by_role("link", name="到工作台").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    page.keyboard.press("d")
    seat.chooses("主办单位", "城管", "听雨街道城管中队")
    seat.finds_nothing_wrong()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("派发：已完成")).to_be_visible()

    # Then the clerk finds it waiting for a signature, signs, and finishes it with a photo
    page = clerk.goes_to("工作台").opens_queue("待签收").opens_case(TITLE).page
    clerk.presses("签收").presses("处置完成")
    page.get_by_label("说明").fill("已更换灯泡，通电正常。")
    page.get_by_label("添加照片或文件").set_input_files(photo(tmp_path / "修复后.jpg"))
    expect(page.get_by_title("修复后.jpg")).to_be_visible()
    clerk.finds_nothing_wrong()
    page.get_by_label("说明").press("Control+Enter")
    expect(page.get_by_text("处置完成：已完成")).to_be_visible()

    # When the seat has looked at it and closes it
    page = seat.page
    expect(page.get_by_text("已更换灯泡，通电正常。")).to_be_visible()
    seat.presses("复核通过").presses("结案")
    page.get_by_text("已解决", exact=True).click()
    seat.finds_nothing_wrong()
    seat.presses("结案")

    # Then its history says all of it, also on the other seat's screen, which nobody has touched since
    expect(page.get_by_text("结案：已完成")).to_be_visible()
    for step in ("上报", "受理", "派发", "签收", "处置完成", "复核通过", "结案"):
        expect(other.history.get_by_text(step, exact=True)).to_be_visible()
    other.finds_nothing_wrong()
