"""What a worker waits for on a slow phone: the application on a first visit and on later ones, in real Chromium.

The line and the processor are slowed by the browser itself (DevTools protocol). It does not slow what the service worker
fetches by itself: on a first visit that comes after the first screen, on later ones the screen comes from its store.
"""

from __future__ import annotations

import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from journeys.conftest import COMMON, chromium
from journeys.stack import Stack, running_stack

SIZE = ViewportSize(width=360, height=780)
BYTES_S = 1_600_000 / 8  # slow 4G
LATENCY_MS = 150
SLOWER = 4  # times
ROUNDS = 5
PATIENCE_MS = 60_000

# When the first element is there with which something can be done, in ms from the start of the navigation.
USABLE = """
(() => {
  const there = () => %s
  const look = () => {
    if (there()) window.usableAt = performance.now()
    else requestAnimationFrame(look)
  }
  look()
})()
"""
# Playwright's own waiting evaluates text in the page, which our Content-Security-Policy forbids.
UNTIL = "new Promise(done => { const look = () => %s ? done() : setTimeout(look, 50); look() })"
SIGN_IN = "document.querySelector('#username')"
TODAY = "document.querySelector('main')?.textContent.includes('我的本月工作')"
# Of scripts that had come by then, as they went over the line.
SCRIPT_KB = """
performance.getEntriesByType('resource')
  .filter(({ name, responseEnd }) => new URL(name).pathname.endsWith('.js') && responseEnd <= window.usableAt)
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0) / 1000
"""
# This machine's own speed: the same small work for every run.
WORK = """
() => {
  const began = performance.now()
  let sum = 0
  for (let i = 0; i < 30_000_000; i++) sum = (sum * 31 + i) | 0
  window.sum = sum
  return performance.now() - began
}
"""


@dataclass(frozen=True)
class Waited:
    first_ms: list[float]
    later_ms: list[float]
    script_kb: float
    work_ms: float  # of WORK, not slowed
    slowed_ms: float


def waited() -> Waited:
    """Starts a demonstration of its own and stops it."""
    with (
        tempfile.TemporaryDirectory(prefix="wangge-bench-phone-") as home,
        running_stack(Path(home)) as stack,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=COMMON)
        try:
            return _waited(browser, stack)
        finally:
            browser.close()


def _waited(browser: Browser, stack: Stack) -> Waited:
    first = [_first_visit(browser, stack) for _ in range(ROUNDS)]
    context = _worker(browser, stack)
    later = [_visit(context, stack, TODAY)[0] for _ in range(ROUNDS)]
    page = context.new_page()
    work = float(page.evaluate(WORK))
    _slow(page)
    slowed = float(page.evaluate(WORK))
    context.close()
    return Waited([ms for ms, _ in first], later, statistics.median(kb for _, kb in first), work, slowed)


def _first_visit(browser: Browser, stack: Stack) -> tuple[float, float]:
    """With nothing of ours on the phone: until one can sign in."""
    context = browser.new_context(viewport=SIZE, locale="zh-CN")
    try:
        return _visit(context, stack, SIGN_IN)
    finally:
        context.close()


def _visit(context: BrowserContext, stack: Stack, there: str) -> tuple[float, float]:
    """Milliseconds, and kB of script."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(USABLE % there)
    _slow(page)
    page.goto(f"{stack.url}/m/", wait_until="commit")
    page.evaluate(UNTIL % "window.usableAt")
    found = float(page.evaluate("window.usableAt")), float(page.evaluate(SCRIPT_KB))
    page.close()
    return found


def _slow(page: Page) -> None:
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    conditions = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": BYTES_S, "uploadThroughput": BYTES_S}
    wire.send("Network.emulateNetworkConditions", conditions)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})


def _worker(browser: Browser, stack: Stack) -> BrowserContext:
    """A worker's phone with the application kept on it, signed in."""
    context = browser.new_context(viewport=SIZE, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{stack.url}/m/")
    page.locator("#username").fill(stack.user("grid_worker"))
    page.locator("#password").fill(stack.password)
    page.locator("form button[type=submit]").click()
    agree, today = page.get_by_role("button", name="我已阅读并同意"), page.get_by_text("我的本月工作")
    agree.or_(today).first.wait_for()
    if agree.is_visible():
        agree.click()
    today.wait_for()
    page.evaluate(UNTIL % "navigator.serviceWorker.controller")
    page.wait_for_timeout(3000)  # all of it is kept
    page.close()
    return context
