"""Hundreds of reports with photos on a bad day: the network cut at random, the browser killed, the server killed."""

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from journeys.conftest import a_stack
from journeys.phone import Phone
from journeys.pictures import photo
from journeys.stack import Stack
from wangge.core import clock

pytest_plugins = ["journeys.phones"]
REPORTS = int(os.environ.get("WANGGE_REPORTS", "500"))
CUT = 0.2  # share of reports before which the network changes


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A house of its own: hundreds of cases that are late at once would fill the feeds and lists of the others."""
    with a_stack() as served:
        yield served


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_every_report_of_a_bad_day_is_there_once(phone: Callable[..., Phone], stack: Stack, tmp_path: Path) -> None:
    chance = random.Random(20)  # noqa: S311 - the same bad day each time
    worker = phone()
    worker.opens("").is_kept()
    stamp = f"{clock.now():%H%M%S}"
    there = True
    for number in range(REPORTS):
        if chance.random() < CUT:
            there = not there
            worker.has_network(there)
        if number in (REPORTS * 2 // 5, REPORTS * 3 // 4):
            worker.kill()
            worker.start().opens("queue")
            worker.signs_in_if_asked(stack.user("grid_worker")).opens("")
            there = True
        if number == REPORTS // 2:
            stack.kill_api()
        if there and number % 50 == 49:
            worker.page.wait_for_timeout(500)  # some are on their way when the next cut comes
        worker.reports(f"批量{stamp}第{number}件", photo(tmp_path / f"{number}.jpg"))
    worker.has_network(True)
    worker.has_sent_everything(REPORTS * 3_000 + 120_000)
    cases = list(_all_of(worker, f"批量{stamp}"))
    assert sorted(case["title"] for case in cases) == sorted(f"批量{stamp}第{number}件" for number in range(REPORTS))
    for case in chance.sample(cases, min(20, len(cases))):
        pieces = worker.page.request.get(f"{stack.url}/api/cases/{case['id']}/evidence").json()
        assert len(pieces) == 1, case["number"]


def _all_of(worker: Phone, words: str) -> Iterator[dict[str, Any]]:
    cursor = None
    while True:
        asked: dict[str, Any] = {"q": words, "limit": 100} | ({"cursor": cursor} if cursor else {})
        page = worker.page.request.get(f"{worker.stack.url}/api/cases", params=asked).json()
        yield from page["items"]
        cursor = page["next"]
        if not cursor:
            return
