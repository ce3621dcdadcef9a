"""A wall beside the seats: how long after its commit a case stands on it, and whether the page's own thread ever stops.

17,784 grids, 50,000 open cases and the charts are on the one page of a city; a case comes each second.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, ViewportSize, sync_playwright

from bench.city import City
from bench.client import Connection
from bench.loop import first_category, report_body
from bench.maps import FLAGS, LISTEN
from bench.stage import Served, Stage, sign_in
from wangge.core.ids import new_id

SIZE: ViewportSize = {"width": 1920, "height": 1080}
CASES = 40
REST_MS = 8_000  # the map and the charts are drawn
PATIENCE_MS = 120_000
# When each title was first in the feed, and each figure of today first in its place: ms since 1970.
WATCH = """
() => {
  window.titles = {}
  window.figures = {}
  const look = () => {
    const at = Date.now()
    for (const line of document.querySelectorAll('section.feed li'))
      for (const [title] of line.textContent.matchAll(/人行道路面塌陷 [\\d]+-[\\d]+/g)) window.titles[title] ??= at
    const figure = document.querySelector('[data-metric="reported"]')?.textContent.replace(/\\D/g, '')
    if (figure) window.figures[figure] ??= at
  }
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
  look()
}
"""


@dataclass(frozen=True)
class Beside:
    """Milliseconds from the answer to the reporting seat, which follows the commit."""

    feed: list[float]
    figure: list[float]
    missed: int
    opening: list[float]  # tasks over 50 ms while it was opened
    tasks: list[float]  # and afterwards


def beside(stage: Stage, served: Served, city: City, codes: str) -> Beside:
    """A wall of the ground below `codes`, and a seat there that takes in a case each second."""
    wall = sign_in(stage, "wall", "wall", codes, [codes])
    seat = sign_in(stage, "seat", "district_seat", codes, [codes])
    chromium = os.environ.get("WANGGE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(viewport=SIZE, locale="zh-CN", base_url=f"http://127.0.0.1:{served.port}")
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": "wangge_session", "value": wall, "domain": "127.0.0.1", "path": "/"}])
        context.add_init_script(LISTEN)
        page = context.new_page()
        page.goto("/wall/command")
        page.locator("section.map canvas").first.wait_for()
        page.locator('[data-metric="reported"]').wait_for()
        page.wait_for_timeout(REST_MS)
        opening = _tasks(page)
        page.evaluate(WATCH)
        before = int("".join(filter(str.isdigit, page.locator('[data-metric="reported"]').inner_text())))
        reporting = _reports(served, city, codes, seat, first_category(stage))
        with ThreadPoolExecutor(1) as aside:  # the browser's own loop runs in this thread
            answered = aside.submit(asyncio.run, reporting).result()
        page.wait_for_timeout(3_000)
        titles, figures = page.evaluate("() => [window.titles, window.figures]")
        tasks = _tasks(page)
        browser.close()
    feed = [titles[title] - at for title, at in answered if title in titles]
    # The figure may pass over one where two come within one look: then the next that stands there holds both.
    shown = sorted((int(figure), at) for figure, at in figures.items())
    figure = [
        first - at
        for number, (_, at) in enumerate(answered, start=before + 1)
        if (first := next((when for value, when in shown if value >= number), None)) is not None
    ]
    return Beside(_positive(feed), _positive(figure), len(answered) - len(feed), opening, tasks)


async def _reports(served: Served, city: City, codes: str, token: str, category: int) -> list[tuple[str, float]]:
    grids = [number for number, code in enumerate(city.grid_codes) if code.startswith(codes)]
    connection = Connection(served.port, token)
    await connection.open()
    answered = []
    for number in range(CASES):
        body = _body(city, grids[number * 7919 % len(grids)], number, category)
        status, answer = await connection.send("POST", "/api/cases", body, str(new_id()))
        if status != 201:
            raise SystemExit(f"{status} {json.loads(answer)}")
        answered.append((str(body["title"]), time.time() * 1000))
        await asyncio.sleep(1)
    return answered


def _body(city: City, grid: int, number: int, category: int) -> dict[str, Any]:
    west, south, east, north = city.cell(grid)
    # Few digits: what looks like a telephone is masked on a wall.
    body = report_body(city, number, int(time.time()) % 10_000, category)
    return body | {"lon": (west + east) / 2, "lat": (south + north) / 2}


def _tasks(page: Page) -> list[float]:
    """Those since it was asked last."""
    found: list[float] = page.evaluate("() => window.tasks.splice(0)")
    return sorted(found, reverse=True)


def _positive(delays: list[float]) -> list[float]:
    return sorted(max(0.0, one) for one in delays)
