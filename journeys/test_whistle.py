"""网格吹哨、中心联动、部门报到: a grid worker calls, the sub-district musters, a department comes, the caller rates."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from journeys.desk import Desk
from journeys.given import middle_of_own_grid, opens_more, reported, writing
from journeys.phone import Phone
from wangge.core import clock

pytest_plugins = ["journeys.phones"]

TITLE = "夜市占道，多次劝导无效"
CALL = "摊主情绪激动，请城管和派出所到场。"
A_FEW_STEPS = 0.0002  # degrees, about 20 m


def test_a_whistle_brings_departments_to_the_place(desk: Callable[..., Desk]) -> None:
    # Given a grid worker who has reported something that is beyond the community
    worker, seat, clerk = desk("grid_worker"), desk("street_seat"), desk("department_clerk")
    place = middle_of_own_grid(worker)
    address = reported(worker, TITLE, place=place, source="grid")
    page = worker.page
    page.goto(address)

    # When the worker blows the whistle, first without saying why
    opens_more(worker, "吹哨").presses("吹哨")
    expect(page.get_by_text("请写明理由。")).to_be_visible()
    page.get_by_label("理由").fill(CALL)
    expect(page.get_by_text("请写明理由。")).to_be_hidden()
    worker.finds_nothing_wrong()
    worker.presses("吹哨")
    expect(_whistle(worker).get_by_text("待联动确认")).to_be_visible()

    # Then the centre of the sub-district is asked, and calls two units together
    seat.page.goto(address)
    expect(_whistle(seat).get_by_text(CALL)).to_be_visible()
    seat.presses("联动确认")
    units = seat.page.get_by_role("combobox", name="联动部门")
    for typed, name in (("城管中队", "听雨街道城管中队"), ("派出所", "听雨派出所")):
        units.press_sequentially(typed)  # after what stands in the field, as somebody types
        expect(seat.page.get_by_role("option", name=name)).to_be_visible()
        units.press("Enter")
        expect(units).to_have_value("")
    seat.page.get_by_label("说明").fill("请三十分钟内到场。")
    seat.finds_nothing_wrong()
    seat.page.get_by_label("说明").press("Control+Enter")
    expect(seat.page.get_by_text("联动确认：已完成")).to_be_visible()
    expect(_whistle(worker).get_by_text("未到场")).to_have_count(2)

    # When the department's people are there and say so with their own position
    clerk.page.context.grant_permissions(["geolocation"])
    clerk.page.context.set_geolocation({"longitude": place[0] + A_FEW_STEPS, "latitude": place[1]})
    clerk.page.goto(address)
    clerk.presses("报到").presses("报到")
    expect(clerk.page.get_by_text("请在地图上点出位置。")).to_be_visible()
    clerk.page.get_by_role("button", name="用当前位置").click()
    expect(clerk.page.get_by_text("已标出位置")).to_be_visible()
    clerk.finds_nothing_wrong()
    clerk.presses("报到")
    expect(clerk.page.get_by_text("报到：已完成")).to_be_visible()

    # Then the worker sees by itself who has come and how near, and rates them; who did not come may go unrated
    expect(_whistle(worker).get_by_text("已到场")).to_be_visible()
    expect(_whistle(worker).get_by_text("距现场")).to_be_visible()
    worker.presses("哨毕评价").presses("哨毕评价")
    expect(page.get_by_text("请给每个到场的部门打分。")).to_be_visible()
    page.get_by_role("slider", name="听雨街道城管中队").press("ArrowRight")
    page.get_by_label("对听雨街道城管中队的评语").fill("到场快")
    worker.finds_nothing_wrong()
    worker.presses("哨毕评价")
    expect(_whistle(worker).get_by_text("/ 5")).to_be_visible()
    expect(_whistle(worker).get_by_text("到场快")).to_be_visible()
    for step in ("吹哨", "联动确认", "报到", "哨毕评价"):
        expect(seat.history.get_by_text(step, exact=True)).to_be_visible()
    seat.finds_nothing_wrong()


@pytest.mark.long
def test_a_whistle_that_is_refused_says_why(desk: Callable[..., Desk]) -> None:
    # Given a whistle that waits for the sub-district
    worker, seat = desk("grid_worker"), desk("street_seat")
    address = reported(worker, "楼道堆物需要搬运", place=middle_of_own_grid(worker), source="grid")
    worker.page.goto(address)
    opens_more(worker, "吹哨")
    worker.page.get_by_label("理由").fill("请城管派车。")
    worker.presses("吹哨")
    expect(_whistle(worker).get_by_text("待联动确认")).to_be_visible()

    # When the centre refuses it
    seat.page.goto(address)
    seat.presses("不予联动")
    seat.page.get_by_label("理由").fill("属社区职责，请按正常流程办理。")
    seat.presses("不予联动")

    # Then the worker reads the reason and may call again
    expect(_whistle(worker).get_by_text("属社区职责")).to_be_visible()
    opens_more(worker, "吹哨")
    expect(worker.page.get_by_label("理由")).to_be_visible()


def test_a_called_department_answers_with_one_tap_on_the_phone(
    desk: Callable[..., Desk], phone: Callable[..., Phone]
) -> None:
    # Given a whistle for which the centre has called a department
    worker, seat = desk("grid_worker"), desk("street_seat")
    place, title = middle_of_own_grid(worker), f"夜宵摊占道{clock.now():%H%M%S}"
    address = reported(worker, title, place=place, source="grid")
    officer = phone(role="department_clerk", at=(place[0] + A_FEW_STEPS, place[1]))
    page, house = officer.page, officer.stack.url
    unit = page.request.get(f"{house}/api/session").json()["post"]["unit_id"]
    _writes(worker, f"/api{address}/whistle", {"reason": CALL})
    _writes(seat, f"/api{address}/confirm-whistle", {"unit_ids": [unit], "text": "请三十分钟内到场。"})

    # When its officer, on the spot, finds the call on the first page and taps once, in a cellar without a network
    officer.opens("")
    call = page.get_by_role("article").filter(has_text=title)
    expect(call.get_by_text(CALL)).to_be_visible()
    assert officer.finds_nothing_wrong() == []
    officer.is_kept().has_network(False)
    call.get_by_role("button", name="我已到场，报到").click()
    expect(call.get_by_text("到场时间和位置已记下")).to_be_visible()
    expect(page.get_by_role("link", name="待上传 1")).to_be_visible()
    out_again = clock.now()
    officer.has_network(True)

    # Then who called sees that they have come, and how near; they were there before it was heard of
    officer.has_sent_everything()
    officer.opens("")
    expect(page.get_by_role("link", name="在办案件")).to_be_visible()
    expect(call).to_have_count(0)
    [whistle] = [one for one in _open_whistles(seat) if one["title"] == title]
    [muster] = whistle["musters"]
    assert datetime.fromisoformat(muster["arrived_at"]) < out_again
    assert datetime.fromisoformat(muster["arrival_received_at"]) > out_again
    worker.page.goto(address)
    expect(_whistle(worker).get_by_text("已到场")).to_be_visible()
    expect(_whistle(worker).get_by_text("距现场")).to_be_visible()


def _open_whistles(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.page.request.get("/api/whistles", params={"state": "mustering"}).json()["items"]
    return found


def _writes(desk: Desk, path: str, body: dict[str, Any]) -> None:
    answer = desk.page.request.post(path, data=body, headers=writing(desk))
    if answer.status != 200:
        raise AssertionError(answer.text())


def _whistle(desk: Desk) -> Locator:
    return desk.page.get_by_role("region", name="吹哨", exact=True)
