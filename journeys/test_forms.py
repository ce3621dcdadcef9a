"""A form names the field and the reason, and keeps what was typed: with something missing, without a connection, after
the session's end, and when somebody else was first."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from journeys.desk import Desk
from journeys.stack import Stack
from wangge.core.ids import new_id

Fill = Callable[[Page, str], None]


def _order(page: Page, said: str) -> None:
    page.get_by_label("指令", exact=True).fill(said)
    page.get_by_text("管辖范围内全部中心").click()


def _meeting(page: Page, said: str) -> None:
    page.get_by_label("议题").fill(said)
    page.get_by_role("combobox", name="时间").fill("2027-03-01 09:30")
    page.get_by_role("combobox", name="时间").press("Enter")
    page.get_by_label("地点").fill("一楼会议室")
    _chosen(page.get_by_role("combobox", name="参加单位"), "城市管理局")


def _account(page: Page, said: str) -> None:
    page.get_by_label("姓名").fill(said)
    page.get_by_label("用户名").fill(f"new{new_id().hex[-8:]}")
    _chosen(page.get_by_role("combobox", name="单位"), "城市管理局")
    _chosen(page.get_by_role("combobox", name="角色"), "")


def _chosen(field: Locator, typed: str) -> None:
    _open(field)
    if typed:
        field.fill(typed)
    # Of its own list: another one may be fading out still.
    own = field.page.locator(f"[id='{field.get_attribute('aria-controls')}']")
    own.get_by_role("option").first.click()


def _open(field: Locator) -> None:
    """The list of the field before may be fading out over it and take the press."""
    for _ in range(3):
        field.click(force=True)
        field.page.wait_for_timeout(300)
        if field.get_attribute("aria-expanded") == "true":
            return


# role, address, its fields, the first of them, its button, the reason where the first is missing
FORMS: dict[str, tuple[str, str, Fill, str, str, str]] = {
    "order": ("commander", "/orders/new", _order, "指令", "下达", "请"),
    "meeting": ("commander", "/meetings/new", _meeting, "议题", "召集", "请"),
    "account": ("administrator", "/accounts/new", _account, "姓名", "建立账号", "请"),
}


@pytest.mark.parametrize(
    "form", [pytest.param(form, marks=[] if form == "order" else pytest.mark.long) for form in FORMS]
)
def test_a_form_keeps_what_was_typed_until_it_is_taken(desk: Callable[..., Desk], stack: Stack, form: str) -> None:
    role, address, fill, first, send, reason = FORMS[form]
    page = desk(role).page
    said = f"试填{new_id().hex[-6:]}"
    page.goto(address)

    # With nothing filled in, the field and the reason are named
    button = page.get_by_role("main").get_by_role("button", name=send, exact=True)
    button.click()
    field = page.get_by_label(first, exact=True)
    item = page.locator(".el-form-item").filter(has=field)
    expect(item.get_by_text(re.compile(reason))).to_be_visible()

    # Without a connection it says so, and everything stays
    fill(page, said)
    page.context.set_offline(True)
    button.click()
    expect(page.get_by_role("alert").filter(has_text="网络")).to_be_visible()
    expect(field).to_have_value(said)

    # After the session's end the password is asked for over the page, and it goes on from there
    page.context.set_offline(False)
    page.context.clear_cookies(name="wangge_session")
    button.dispatch_event("click")  # what the page asks by itself may have noticed first, and the dialog lie over it
    dialog = page.get_by_role("dialog", name=re.compile("登录"))
    dialog.get_by_label("密码", exact=True).fill(stack.password)
    dialog.get_by_role("button", name="登录").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text(said).first).to_be_visible()


def test_a_username_that_is_taken_is_said_beneath_it(desk: Callable[..., Desk], stack: Stack) -> None:
    page = desk("administrator").page
    page.goto("/accounts/new")
    _account(page, "重名的人")
    page.get_by_label("用户名").fill(stack.user("commander"))
    page.get_by_role("button", name="建立账号", exact=True).click()
    item = page.locator(".el-form-item").filter(has=page.get_by_label("用户名"))
    expect(item.locator(".el-form-item__error")).to_be_visible()
    expect(page.get_by_label("姓名")).to_have_value("重名的人")
