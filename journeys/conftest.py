"""Journeys: real Chromium, the real stack, as people sit in front of it. Nothing of ours is replaced."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, expect, sync_playwright

from journeys import axe
from journeys.desk import Desk
from journeys.stack import ROOT, Stack, described, running_stack

COMMON = [
    "--no-sandbox",  # as root, in containers
    "--enable-unsafe-swiftshader",  # the map draws with WebGL, here without a graphics card
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
]
FLAGS = [*COMMON, "--use-angle=swiftshader"]
# Of a desk the map alone: a third less work than pages drawn that way. A run whose phones had it too stood still.
OF_A_DESK = [*COMMON, "--use-angle=swiftshader-webgl"]
PATIENCE_MS = 20_000  # of a busy machine; nothing waits when it is there
SIZE = ViewportSize(width=1366, height=768)  # the commonest desk of a sub-district


expect.set_options(timeout=PATIENCE_MS)


def pytest_configure(config: pytest.Config) -> None:
    if config.option.markexpr == "not long":
        axe.leave_contrast_out()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first journey also waits for the stack to come up."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with a_stack() as served:
        yield served


@contextmanager
def a_stack() -> Iterator[Stack]:
    """A house with a district, for as long as it is needed."""
    pages = Path(os.environ.get("WANGGE_WEB") or ROOT / "web" / "dist")
    if not (pages / "console" / "index.html").exists():
        pytest.fail("The pages are not built: npm --prefix web run build (script/test does it by itself).")
    if home := os.environ.get("WANGGE_JOURNEYS_HOME"):  # of a demonstration that runs already: quicker while one writes
        yield described(Path(home), os.environ["WANGGE_JOURNEYS_URL"], int(os.environ.get("WANGGE_JOURNEYS_PID", "0")))
        return
    # Not pytest's own folder: each run of pytest shuts that again for the database's user.
    throw_away = Path(tempfile.mkdtemp(prefix="wangge-journeys-"))
    try:
        if loaded := os.environ.get("WANGGE_JOURNEYS_LOADED"):  # each process of a run has a district of its own
            # Not shutil: the data are their own user's, where the tests are root's.
            subprocess.run(["cp", "-a", "--reflink=auto", f"{loaded}/.", str(throw_away)], check=True)
        with running_stack(throw_away) as served:
            yield served
    finally:
        shutil.rmtree(throw_away, ignore_errors=True)


def chromium() -> str:
    """Without its windows where that is installed: the same engine, a third to a half less work for the same pages."""
    if found := os.environ.get("WANGGE_CHROMIUM"):
        return found
    for name in ("chromium-headless-shell", "chromium", "chromium-browser"):
        if found := shutil.which(name):
            return found
    pytest.fail("Journeys need Chromium (apt install chromium, or set WANGGE_CHROMIUM).")


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    opened = playwright.chromium.launch(executable_path=chromium(), args=OF_A_DESK)
    yield opened
    opened.close()


@pytest.fixture
def desk(stack: Stack, browser: Browser) -> Iterator[Callable[..., Desk]]:
    """`desk("street_seat")` is somebody at a machine of their own, signed in; `named`: one of the house whom the
    demonstration does not show. What broke on any page fails the test."""
    contexts, faults = [], list[str]()

    def sit_down(role: str, which: int = 0, *, named: str = "", by_the_form: bool = False) -> Desk:
        context = browser.new_context(viewport=SIZE, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=stack.url)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        _listen(page, faults)
        one, name = Desk(page), named or stack.user(role, which)
        return one.sign_in(name, stack.password) if by_the_form else one.is_signed_in(name, stack.password)

    yield sit_down
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def _listen(page: Page, faults: list[str]) -> None:
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", lambda said: faults.append(f"{page.url}: {said.text}") if _is_refusal(said.text) else None)
    page.on("response", lambda answer: faults.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None)


def _is_refusal(text: str) -> bool:
    """What the Content-Security-Policy stopped is said in the console alone."""
    return "Content Security Policy" in text
