"""What opens over a page, as somebody opens it who may: dialogs, menus and lists of options shut nobody out."""

import re
from collections.abc import Callable, Iterator
from re import Pattern

import pytest
from playwright.sync_api import Locator, expect

from journeys.desk import Desk
from journeys.pages import PAGES

DIALOGS: list[tuple[str, str, str | Pattern[str]]] = [
    ("administrator", "/accounts/partners", "接入系统"),
    ("administrator", "/settings/categories", "复制为新版本"),
    ("administrator", "/settings/dispatch", "修改第 1 条"),
    ("auditor", "/journal", "导出"),
    ("auditor", "/journal", "详情"),
    ("commander", "/announcements", "发布公告"),
    ("district_seat", "/cases?q=a", "保存为视图"),
    ("district_seat", "/duty", re.compile("查看手机")),
    ("district_seat", "/duty", re.compile("换班")),
]
FLOATING = ".el-popper"  # lists, menus, what hangs from a button: over a page whose own faults are looked for elsewhere
MENUS = [re.compile("^通知"), re.compile("账户菜单$")]


@pytest.mark.long
@pytest.mark.parametrize("role", sorted({role for role, _, _ in DIALOGS}))
def test_dialogs_are_open_to_everybody(desk: Callable[..., Desk], role: str) -> None:
    person = desk(role)
    found = [fault for _ in _dialogs(person, role) for fault in person.faults_found(within="[role=dialog]")]
    assert not found, "\n".join(found)


@pytest.mark.long
@pytest.mark.parametrize("role", sorted({role for role, _, _ in DIALOGS}))
def test_lists_of_options_in_dialogs_are_open_to_everybody(desk: Callable[..., Desk], role: str) -> None:
    person = desk(role)
    found = [
        fault for dialog in _dialogs(person, role) for options in _choices(dialog) for fault in _opened(person, options)
    ]
    assert not found, "\n".join(found)


def test_menus_of_the_frame_are_open_to_everybody(desk: Callable[..., Desk]) -> None:
    seat = desk("street_seat")
    for menu in MENUS:
        button = seat.page.get_by_role("banner").get_by_role("button", name=menu)
        button.click()
        expect(button).to_have_attribute("aria-expanded", "true")
        expect(seat.page.locator(FLOATING).filter(visible=True).first).to_be_visible()
        seat.finds_nothing_wrong(within=FLOATING)
        seat.page.evaluate("() => document.activeElement?.blur()")  # wherever the focus is
        seat.page.keyboard.press("Escape")
        expect(button).to_have_attribute("aria-expanded", "false")


def test_what_a_search_finds_is_open_to_everybody(desk: Callable[..., Desk]) -> None:
    seat = desk("street_seat")
    seat.page.get_by_role("combobox", name="搜索").fill("路")
    expect(seat.page.get_by_role("option").first).to_be_visible()
    seat.finds_nothing_wrong()


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("role", sorted({visit.role for visit in PAGES.values()}))
def test_lists_of_options_are_open_to_everybody(desk: Callable[..., Desk], role: str) -> None:
    person = desk(role)
    found = list[str]()
    for visit in PAGES.values():
        if visit.role == role:
            person.page.goto(visit.of(person))
            person.page.get_by_role("main").locator("h1").first.wait_for()
            expect(person.page.locator("[aria-busy=true]")).to_have_count(0)
            for options in _choices(person.page.get_by_role("main")):
                found += _opened(person, options)
    assert not found, "\n".join(found)


def _dialogs(person: Desk, role: str) -> Iterator[Locator]:
    for theirs, address, button in DIALOGS:
        if theirs == role:
            person.page.goto(address)
            person.page.get_by_role("main").get_by_role("button", name=button).first.click()
            dialog = person.page.get_by_role("dialog").filter(visible=True)
            expect(dialog).to_be_visible()
            yield dialog


def _choices(inside: Locator) -> Iterator[Locator]:
    fields = inside.get_by_role("combobox").filter(visible=True)
    for index in range(fields.count()):
        if fields.nth(index).is_enabled():
            yield fields.nth(index)


def _opened(person: Desk, field: Locator) -> list[str]:
    """What axe finds while the field's list is open; it is shut again by the way it came."""
    # Away from what sticks to the edges of the page: it would be pressed instead.
    field.evaluate("field => field.scrollIntoView({ block: 'center' })")
    field.click(force=True)  # the shown choice lies over the field
    found = person.faults_found(within=FLOATING)
    field.click(force=True)
    return found
