"""A call in the browser: nothing that was typed is lost, and not every call becomes a case."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from journeys.desk import Desk
from journeys.stack import Stack

PHONE = "13900139000"
KEPT = re.compile("已存为草稿")


def test_a_lost_connection_and_another_machine_lose_nothing(desk: Callable[..., Desk]) -> None:
    # Given a seat in the middle of a call
    here = _at_intake(desk("street_seat", 0))
    page = here.page
    page.get_by_label("来电号码").fill(PHONE)
    page.get_by_label("什么事").fill("听雨路井盖松动")
    expect(page.get_by_text(KEPT)).to_be_visible()

    # When the network goes away while they type on, and press send
    page.context.set_offline(True)
    page.get_by_label("详细情况").fill("车轧过去很响")
    expect(page.get_by_text("连上后自动暂存")).to_be_visible()
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("网络没有连通")).to_be_visible()
    here.finds_nothing_wrong()

    # Then what was typed stands there, and is kept by itself once there is a network
    expect(page.get_by_label("详细情况")).to_have_value("车轧过去很响")
    page.context.set_offline(False)
    expect(page.get_by_text(KEPT)).to_be_visible()

    # When the same seat goes on at another machine
    there = _at_intake(desk("street_seat", 0))
    _takes_up(there.page)

    # Then everything is there, and it is reported from there
    expect(there.page.get_by_label("来电号码")).to_have_value(PHONE)
    expect(there.page.get_by_label("详细情况")).to_have_value("车轧过去很响")
    there.finds_nothing_wrong()
    there.page.get_by_role("button", name="登记", exact=True).click()
    expect(there.page.get_by_role("heading", name="已登记")).to_be_visible()

    # And the first machine is told so before it makes a second case of it
    page.get_by_label("详细情况").fill("车轧过去很响，怕有危险")
    expect(page.get_by_text("已在另一处登记或删除")).to_be_visible()


@pytest.mark.long
def test_two_machines_choose_between_their_versions_of_a_draft(desk: Callable[..., Desk]) -> None:
    # Given one draft open at two machines
    here, there = (_at_intake(desk("street_seat", 1)).page for _ in range(2))
    here.get_by_label("什么事").fill("楼道堆物")
    expect(here.get_by_text(KEPT)).to_be_visible()
    there.reload()
    _takes_up(there)
    expect(there.get_by_label("什么事")).to_have_value("楼道堆物")

    # When both go on writing
    there.get_by_label("详细情况").fill("三楼，电动车两辆")
    expect(there.get_by_text(KEPT)).to_be_visible()
    here.get_by_label("详细情况").fill("三楼")

    # Then the second is asked which one counts, and nothing is written over
    here.get_by_role("button", name="用那边的").click()
    expect(here.get_by_label("详细情况")).to_have_value("三楼，电动车两辆")


@pytest.mark.long
def test_an_expired_session_asks_for_the_password_over_the_form(desk: Callable[..., Desk], stack: Stack) -> None:
    # Given a form half filled in, and a session that has ended
    seat = desk("street_seat", 1)
    page = _at_intake(seat).page
    page.get_by_label("什么事").fill("路口积水")
    page.context.clear_cookies(name="wangge_session")

    # When the seat types on
    page.get_by_label("详细情况").fill("过不去人")

    # Then the password is asked for over the page, and the form is as it was
    dialog = page.get_by_role("dialog", name=re.compile("登录"))
    dialog.get_by_label("密码", exact=True).fill(stack.password)
    dialog.get_by_role("button", name="登录").click()
    expect(page.get_by_text(KEPT)).to_be_visible()
    expect(page.get_by_label("详细情况")).to_have_value("过不去人")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_role("heading", name="已登记")).to_be_visible()


def test_a_question_is_answered_by_the_keyboard_and_the_next_call_from_there_is_known(
    desk: Callable[..., Desk],
) -> None:
    # Given a caller with a question
    seat = desk("street_seat", 0)
    page = _at_intake(seat).page
    page.get_by_label("来电号码").fill("13900139001")
    page.get_by_label("什么事").fill("请问暂住证去哪里办")

    # When the answer has come up, the seat reads it out and closes the call, one hand on the keyboard
    answers = page.get_by_role("status", name="标准答复")
    expect(answers.get_by_text("居住证怎么办理")).to_be_visible()
    seat.finds_nothing_wrong()
    page.get_by_label("什么事").press("F2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    # Then it is no case, and counts
    expect(page.get_by_role("heading", name="答复完毕，未立案")).to_be_visible()
    seat.finds_nothing_wrong()
    page.keyboard.press("Enter")

    # And when the same number calls again, the seat knows
    page.get_by_label("来电号码").fill("13900139001")
    expect(page.get_by_text("咨询过：请问暂住证去哪里办")).to_be_visible()
    page.goto("/answers/consultations")
    expect(page.get_by_role("cell", name="请问暂住证去哪里办")).to_be_visible()
    expect(page.get_by_text("139****9001")).to_be_visible()


def test_anything_is_found_with_the_slash(desk: Callable[..., Desk]) -> None:
    # Given a seat anywhere in the console
    seat = desk("street_seat", 0)
    page = seat.page
    page.goto("/teams")
    expect(page.get_by_role("heading", name="网格队伍")).to_be_visible()

    # When they press / and type, every room answers
    page.keyboard.press("/")
    page.keyboard.type("听雨")
    expect(page.get_by_role("option", name=re.compile("听雨街道城管中队"))).to_be_visible()
    seat.finds_nothing_wrong()

    # Then the arrows and Enter open what was meant
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("/teams"))


@pytest.mark.long
def test_a_saved_view_is_opened_by_its_link_at_another_seat(desk: Callable[..., Desk]) -> None:
    # Given a seat that narrows the list and saves it for the unit
    seat = desk("street_seat", 0)
    page = seat.page
    page.goto("/cases?queue=overdue&source=telephone")
    page.get_by_role("button", name="保存为视图").click()
    dialog = page.get_by_role("dialog", name="保存为视图")
    dialog.get_by_label("名称").fill("电话超期")
    dialog.get_by_text("与本单位及下级单位共用").click()
    seat.finds_nothing_wrong()
    dialog.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("button", name="电话超期", pressed=True)).to_be_visible()

    # When another seat of the unit opens it
    other = desk("street_seat", 1).page
    other.goto("/cases/views")
    other.get_by_role("link", name="电话超期").click()

    # Then the same filters are set there
    expect(other).to_have_url(re.compile("queue=overdue.*source=telephone|source=telephone.*queue=overdue"))
    expect(other.get_by_role("button", name="电话超期", pressed=True)).to_be_visible()


def _at_intake(seat: Desk) -> Desk:
    seat.page.goto("/intake")
    expect(seat.page.get_by_label("来电号码")).to_be_visible()
    return seat


def _takes_up(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^草稿 ")).click()
    page.get_by_role("button", name="接着写").first.click()
    expect(page.get_by_text(KEPT)).to_be_visible()
