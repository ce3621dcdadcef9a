"""What a seat feels in front of the console, in real Chromium: the queue scrolled to its hundred thousandth row, and the
time from a click on a case to its content."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page, ViewportSize, sync_playwright

from bench.stage import ROOT, Served

FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
SIZE: ViewportSize = {"width": 1366, "height": 768}
ROWS = 100_000
STEP_PX = 900  # a flick of the wheel, sixty times a second
OPENED = 40
PATIENCE_MS = 60_000

WATCH = """
window.longTasks = []
new PerformanceObserver(list => window.longTasks.push(...list.getEntries().map(one => one.duration)))
  .observe({ type: 'longtask', buffered: false })
"""

# Down and down until `rows` are loaded or there are no more; the list asks for the next pages itself.
SCROLL = """
async ([rows, step]) => {
  const box = document.querySelector('.queue .rows'), list = () => box.querySelector('ul')
  const height = list().querySelector('li').offsetHeight, loaded = () => Math.round(list().offsetHeight / height)
  let still = 0, before = loaded()
  const began = performance.now()
  while (loaded() < rows && still < 600) {
    box.scrollBy(0, step)
    await new Promise(requestAnimationFrame)
    still = loaded() === before && box.scrollTop + box.clientHeight >= box.scrollHeight - 2 ? still + 1 : 0
    before = loaded()
  }
  return [loaded(), performance.now() - began, box.querySelectorAll('li').length]
}
"""

# A click on the row, and the frame in which its title and its moves stand in the page.
OPEN = """
async at => {
  const row = document.querySelectorAll('.queue li')[at], title = row.querySelector('.title').textContent.trim()
  const began = performance.now()
  row.click()
  const stands = () => document.querySelector('.case:not(.old) h2')?.textContent.trim() === title
  while (!stands()) await new Promise(requestAnimationFrame)
  return performance.now() - began
}
"""


@dataclass(frozen=True)
class Scrolled:
    rows: int
    seconds: float
    in_page: int  # rows that the page holds, of all that are loaded
    longest_ms: float
    long_tasks: int


@contextmanager
def workbench(served: Served, token: str, queue: str = "open") -> Iterator[Page]:
    """The console of one seat at its queue. The pages must be built."""
    if not (ROOT / "web" / "dist" / "console" / "index.html").exists():
        raise SystemExit("npm --prefix web run build first")
    chromium = os.environ.get("WANGGE_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(viewport=SIZE, locale="zh-CN")
        url = f"http://127.0.0.1:{served.port}"
        context.add_cookies([{"name": "wangge_session", "value": token, "url": url}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.add_init_script(WATCH)
        page.goto(f"{url}/workbench?queue={queue}")
        page.locator(".queue li").nth(5).wait_for()
        page.locator(".case h2").wait_for()
        page.wait_for_timeout(3000)  # the map is there, too
        yield page
        browser.close()


def scrolled(page: Page, rows: int = ROWS) -> Scrolled:
    page.evaluate("() => { window.longTasks.length = 0 }")
    loaded, took, in_page = page.evaluate(SCROLL, [rows, STEP_PX])
    tasks: list[float] = page.evaluate("() => window.longTasks")
    return Scrolled(int(loaded), took / 1000, int(in_page), max(tasks, default=0.0), len(tasks))


def opened(page: Page, *, ready: bool) -> list[float]:
    """Milliseconds for each of some cases; `ready`: the mouse rests on the row as a hand does, and it is fetched."""
    page.evaluate("() => document.querySelector('.queue .rows').scrollTo(0, 0)")
    page.wait_for_timeout(500)
    found = []
    for turn in range(OPENED):
        at = 1 + turn % 8
        if turn and turn % 8 == 0:
            page.evaluate("() => document.querySelector('.queue .rows').scrollBy(0, 1200)")
            page.wait_for_timeout(400)
        if ready:
            page.locator(".queue li").nth(at).hover()
            page.wait_for_timeout(400)
        found.append(float(page.evaluate(OPEN, at)))
        page.wait_for_timeout(150)
    return found
