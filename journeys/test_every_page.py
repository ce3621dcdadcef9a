"""Every page as somebody opens it who may: no fault, nothing that shuts people out, no scrolling sideways at 1366."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from journeys.audit import poor_pages
from journeys.conftest import OF_A_DESK, chromium
from journeys.desk import Desk
from journeys.pages import PAGES, routes
from journeys.stack import Stack, free_ports

ROLES = sorted({visit.role for visit in PAGES.values()})


def test_no_page_is_forgotten() -> None:
    assert set(PAGES) == routes()


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_open_to_everybody(desk: Callable[..., Desk], role: str) -> None:
    person = desk(role)
    wrong = _looked_at(person, role, _comes_to)
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
@pytest.mark.parametrize("role", ROLES)
def test_pages_in_english_are_open_to_everybody(desk: Callable[..., Desk], role: str) -> None:
    person = desk(role)
    person.page.evaluate("localStorage.setItem('wangge.language', 'en')")
    wrong = _looked_at(person, role, _opens)
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_lighthouse_finds_pages_accessible(stack: Stack, playwright: Playwright, tmp_path: Path) -> None:
    poor: dict[str, Any] = {}
    for role in ROLES:
        with _signed_in(playwright, stack, role, tmp_path / role) as (person, port):
            urls = [f"{stack.url}{visit.of(person)}" for visit in PAGES.values() if visit.role == role]
            poor |= poor_pages(urls, port=port)
    assert not poor, json.dumps(poor, indent=1)


def _looked_at(person: Desk, role: str, opened: Callable[[Page, str], None]) -> list[str]:
    wrong = []
    for visit in PAGES.values():
        if visit.role != role:
            continue
        opened(person.page, visit.of(person))
        person.page.get_by_role("main").locator("h1").first.wait_for()
        expect(person.page.locator("[aria-busy=true]")).to_have_count(0)
        wrong += person.faults_found()
        if (wide := _wider_than_the_window(person.page)) > 0:
            wrong.append(f"{person.page.url}: {wide} px wider than the window")
    return wrong


def _opens(page: Page, address: str) -> None:
    page.goto(address)


def _comes_to(page: Page, address: str) -> None:
    """Within the application, as by the browser's own arrows: half of the work of opening it anew."""
    if page.url.endswith(address):
        return
    before = page.get_by_role("main").locator("h1").first.element_handle()
    page.evaluate("(to) => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')) }", address)
    before.wait_for_element_state("hidden")


def _wider_than_the_window(page: Page) -> int:
    return int(page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth"))


@contextmanager
def _signed_in(playwright: Playwright, stack: Stack, role: str, profile: Path) -> Iterator[tuple[Desk, int]]:
    """Somebody in a Chromium whose own profile it is: what Lighthouse opens there is signed in as well."""
    [port] = free_ports(1)
    with playwright.chromium.launch_persistent_context(
        profile,
        executable_path=chromium(),
        args=[*OF_A_DESK, f"--remote-debugging-port={port}"],
        base_url=stack.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
    ) as context:
        yield Desk(context.new_page()).is_signed_in(stack.user(role), stack.password), port
