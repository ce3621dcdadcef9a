"""Every page of the phone: open to everybody, no wider than the phone, also at twice the text, and in English."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.audit import poor_pages
from journeys.phone import Phone

pytest_plugins = ["journeys.phones"]

PAGES = ["", "report", "tasks", "mine", "queue", "notices", "orders", "team", "check", "background", "patrol", "visits"]
PAGES += ["collect", "registry", "scan", "post", "collect-notice"]
OF_AN_OFFICER = ["", "tasks", "mine", "queue", "notices", "orders", "check"]
TWICE = "addEventListener('DOMContentLoaded', () => (document.documentElement.style.fontSize = '200%'))"


@pytest.mark.timeout(900)
def test_pages_of_the_phone_are_open_to_everybody(phone: Callable[..., Phone]) -> None:
    worker = phone()
    wrong = _looked_at(worker, [*PAGES, *_opened(worker)])
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_pages_of_the_phone_are_open_to_everybody_at_twice_the_text(phone: Callable[..., Phone]) -> None:
    worker = phone()
    paths = [*PAGES, *_opened(worker)]
    worker.page.add_init_script(TWICE)
    wrong = _looked_at(worker, paths)
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
def test_pages_of_an_officer_who_does_no_work_in_the_field_are_open_and_ask_for_nothing_that_is_refused(
    phone: Callable[..., Phone],
) -> None:
    officer = phone(role="department_clerk", at=(118.8, 32.05))
    refused: list[str] = []
    officer.page.on("response", lambda answer: refused.append(answer.url) if answer.status == 403 else None)
    wrong = _looked_at(officer, OF_AN_OFFICER)
    assert not wrong, "\n".join(wrong)
    assert refused == []


@pytest.mark.long
@pytest.mark.timeout(900)
def test_pages_of_the_phone_in_english_are_open_to_everybody(phone: Callable[..., Phone]) -> None:
    worker = phone()
    worker.page.evaluate("localStorage.setItem('wangge.language', 'en')")
    wrong = _looked_at(worker, [*PAGES, *_opened(worker)])
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_lighthouse_finds_pages_of_the_phone_accessible(phone: Callable[..., Phone]) -> None:
    worker = phone()
    urls = [f"{worker.stack.url}/m/{path}" for path in [*PAGES, *_opened(worker)]]
    poor = poor_pages(urls, port=worker.port, on_a_phone=True)
    assert not poor, json.dumps(poor, indent=1)


def _opened(worker: Phone) -> list[str]:
    """One of each that a line of a list leads to."""
    pack = worker.page.request.get(f"{worker.stack.url}/api/field/pack").json()
    cases = worker.page.request.get(f"{worker.stack.url}/api/cases", params={"queue": "open", "limit": 1}).json()
    found = {"errands": pack["errands"], "patrol": pack["patrols"], "visits": pack["visits"], "cases": cases["items"]}
    assert all(found.values()), {part: len(rows) for part, rows in found.items()}
    return [f"{part}/{rows[0]['id']}" for part, rows in found.items()]


def _looked_at(worker: Phone, paths: list[str]) -> list[str]:
    wrong = []
    for path in paths:
        worker.opens(path)
        expect(worker.page.locator("[aria-busy=true]")).to_have_count(0)
        wrong += worker.finds_nothing_wrong()
        if (wide := worker.wider_than_the_phone()) > 0:
            wrong.append(f"{worker.page.url}: {wide} px wider than the phone")
    return wrong
