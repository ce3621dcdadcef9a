"""A worker with the application in a real Chromium at phone size, started by us so that it can be killed."""

import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import BrowserContext, CDPSession, Geolocation, Page, Playwright, ViewportSize, expect

from journeys import axe
from journeys.stack import Stack, free_ports

SIZE = ViewportSize(width=360, height=780)
ANSWERS_S = 30.0


class Phone:
    """`before_camera`: a film (MJPEG) that the camera sees, read anew whenever it is opened; else a moving pattern."""

    def __init__(
        self,
        playwright: Playwright,
        chromium: str,
        flags: list[str],
        stack: Stack,
        profile: Path,
        before_camera: Path | None = None,
    ) -> None:
        self._playwright, self._chromium, self._flags = playwright, chromium, flags
        self._profile, self.stack = profile, stack
        if before_camera:
            self._flags = [*flags, f"--use-file-for-fake-video-capture={before_camera}"]
        self.faults: list[str] = []
        self._at: Geolocation | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> Self:
        [self.port] = [port] = free_ports(1)  # of its developer's tools
        self._process = subprocess.Popen(
            [
                self._chromium,
                *self._flags,
                "--headless=new",
                "--disable-quic",
                "--no-first-run",
                "--hide-scrollbars",  # a phone's lie over the page
                "--use-fake-device-for-media-stream",
                "--use-fake-ui-for-media-stream",
                f"--remote-debugging-port={port}",
                f"--user-data-dir={self._profile}",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # killed as a whole, and nothing else with it
        )
        self._browser = self._connected(port)
        self._storage: CDPSession | None = None
        self.context: BrowserContext = self._browser.contexts[0]
        self.context.grant_permissions(["geolocation"], origin=self.stack.url)
        if self._at:
            self.context.set_geolocation(self._at)
        self.page: Page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.set_viewport_size(SIZE)
        self.page.set_default_timeout(20_000)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("console", self._hear)
        return self

    def kill(self) -> None:
        """As a phone without battery: nothing is told, nothing is saved."""
        if self._process is None:
            return
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None
        for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
            (self._profile / name).unlink(missing_ok=True)

    def stands_at(self, lon: float, lat: float, accuracy: float = 12) -> Self:
        self._at = Geolocation(longitude=lon, latitude=lat, accuracy=accuracy)
        self.context.set_geolocation(self._at)
        return self

    def has_network(self, there: bool) -> Self:
        self.context.set_offline(not there)
        return self

    def has_room(self, there: bool) -> Self:
        """Holds as long as this page is connected, so across its documents."""
        quota = {} if there else {"quotaSize": 1}
        self._storage = self._storage or self.context.new_cdp_session(self.page)
        self._storage.send("Storage.overrideQuotaForOrigin", {"origin": self.stack.url} | quota)
        return self

    def signs_in_if_asked(self, username: str) -> Self:
        """A killed browser may have lost the newest cookies; what was queued stays."""
        asked = self.page.get_by_role("link", name="重新登录")
        sent = self.page.get_by_text("待上传 0 项")
        expect(asked.or_(sent).first).to_be_visible(timeout=30_000)
        if asked.is_visible():
            asked.click()
            self._fills_in(username)
            expect(self.page.get_by_role("heading", name="上传情况")).to_be_visible()
        return self

    def signs_in(self, username: str) -> Self:
        self.opens("")
        self._fills_in(username)
        agree = self.page.get_by_role("button", name="我已阅读并同意")
        today = self.page.get_by_role("link", name="今日")
        expect(agree.or_(today).first).to_be_visible()
        if agree.is_visible():
            agree.click()
        expect(today).to_be_visible()
        return self

    def _fills_in(self, username: str) -> None:
        self.page.locator("#username").fill(username)
        self.page.locator("#password").fill(self.stack.password)
        self.page.locator("form button[type=submit]").click()

    def opens(self, path: str) -> Self:
        self.page.goto(f"{self.stack.url}/m/{path}")
        self.page.locator("main").wait_for()
        return self

    def is_kept(self) -> Self:
        """The service worker has all it needs to start without a network; it may need a second attempt."""
        self.page.evaluate(
            """Promise.race([
                 navigator.serviceWorker.controller !== null || new Promise((resolve) =>
                   navigator.serviceWorker.addEventListener('controllerchange', () => resolve(true))),
                 new Promise((_, fail) => setTimeout(() => fail(new Error('no service worker')), 90_000)),
               ])"""
        )
        return self

    def reports(self, words: str, photo: Path | None = None) -> Self:
        self.page.get_by_role("link", name="上报").click()
        if photo:
            self.page.locator("input[type=file]").first.set_input_files(str(photo))
            expect(self.page.get_by_role("img", name="照片 1")).to_be_visible()
        self.page.get_by_label("情况说明（可不填）").fill(words)
        self.page.get_by_role("button", name="上报").click()
        expect(self.page.get_by_role("heading", name="已记下，会自动上传")).to_be_visible()
        self.page.get_by_role("button", name="再报一件").click()
        return self

    def has_sent_everything(self, within_ms: float = 60_000) -> Self:
        self.opens("queue")
        expect(self.page.get_by_text("待上传 0 项，需处理 0 项。")).to_be_visible(timeout=within_ms)
        return self

    def cases(self, words: str) -> list[dict[str, Any]]:
        """As the server has them, asked with the phone's own session."""
        answer = self.page.request.get(f"{self.stack.url}/api/cases", params={"q": words, "limit": 100})
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def case(self, words: str) -> dict[str, Any]:
        """The only one with these words, as soon as the server has it."""
        end = time.monotonic() + ANSWERS_S
        while not (found := self.cases(words)) and time.monotonic() < end:
            time.sleep(0.2)
        [one] = found
        return one

    def finds_nothing_wrong(self) -> list[str]:
        wider = self.wider_than_the_phone()
        return [*axe.faults(self.page), *([f"{self.page.url}: wider than the phone by {wider}"] if wider > 0 else [])]

    def wider_than_the_phone(self) -> int:
        return int(self.page.evaluate("document.scrollingElement.scrollWidth - document.documentElement.clientWidth"))

    def _connected(self, port: int) -> Any:
        end = time.monotonic() + ANSWERS_S
        while True:
            try:
                return self._playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
            except Exception:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def _hear(self, said: Any) -> None:
        if any(words in said.text for words in ("Content Security Policy", "CORS policy")):
            self.faults.append(f"{self.page.url}: {said.text}")
