"""A wall that is left to itself: two hours of refreshing, of news and of lost networks, pressed into minutes."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import CDPSession, Page, expect

from journeys.desk import Desk
from journeys.given import middle_of_own_grid, reported

STEP_MS = 30_000  # a wall asks again this often when nothing happens
STEPS = 2 * 60 * 60 * 1000 // STEP_MS
WARM = STEPS // 4  # from here on nothing may grow any more
NEWS_EVERY, LOST_EVERY, SHOWN_EVERY = 6, 48, 30
LOST_MS = 180_000
GROWTH = 1.10


@dataclass(frozen=True)
class Held:
    """What the page holds after rubbish was collected: bytes, nodes of its document, listeners."""

    bytes: int
    nodes: int
    listeners: int

    def within(self, before: "Held") -> bool:
        return (
            self.bytes <= before.bytes * GROWTH
            and self.nodes <= before.nodes * GROWTH
            and self.listeners <= before.listeners * GROWTH
        )


@pytest.mark.long
@pytest.mark.timeout(1500)
def test_a_wall_holds_no_more_after_two_hours_and_says_when_it_is_old(desk: Callable[..., Desk]) -> None:
    # Given a wall whose clock the test turns on
    wall, seat = desk("commander"), desk("street_seat")
    place = middle_of_own_grid(desk("grid_worker"))
    page = wall.page
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.clock.install()
    page.goto("/wall/command")
    feed = page.get_by_role("region", name="实时动态")
    old = page.get_by_role("status").get_by_text("数据截至")
    expect(feed.get_by_role("listitem").first).to_be_visible()
    expect(page.locator("canvas").first).to_be_visible()
    memory = page.context.new_cdp_session(page)

    # When two hours pass, with news, with other themes, and with a network that goes and comes
    warm = held = None
    for step in range(1, STEPS + 1):
        passes(page, STEP_MS)
        expect(old).to_be_hidden()
        if step % NEWS_EVERY == 0:
            title = f"巡查发现路灯不亮 {step}"
            reported(seat, title, place=place, source="walk_in")
            expect(feed.get_by_text(title)).to_be_visible()
        if step % SHOWN_EVERY == 0:
            turns_to(page, "safety")
            turns_to(page, "command")
        if step % LOST_EVERY == 0:
            loses_the_network(page)
        if step == WARM:
            warm = held_by(memory)
    held = held_by(memory)

    # Then it holds what it held
    print(f"warm {warm}, after two hours {held}")
    assert warm is not None and held.within(warm), f"{warm} became {held}"


def passes(page: Page, ms: int) -> None:
    """The clock is so many ms later, each timer due by then has run once, and the board has come again."""
    with page.expect_response("**/board"):
        page.clock.fast_forward(ms)


def turns_to(page: Page, theme: str) -> None:
    # By the element itself: to wait until it lies still would take the clock that stands here.
    page.locator(f'header a[href$="/{theme}"]').evaluate("link => link.click()")
    expect(page.locator("main section").first).to_be_visible()
    passes(page, STEP_MS)


def loses_the_network(page: Page) -> None:
    old = page.get_by_role("status").get_by_text("数据截至")
    page.context.set_offline(True)
    page.clock.fast_forward(LOST_MS)
    expect(old).to_be_visible()
    page.context.set_offline(False)
    passes(page, STEP_MS)
    expect(old).to_be_hidden()


def held_by(memory: CDPSession) -> Held:
    for _ in range(2):  # what the first finds unused lets go of more
        memory.send("HeapProfiler.collectGarbage")
    counted = memory.send("Memory.getDOMCounters")
    used = memory.send("Runtime.getHeapUsage")["usedSize"]
    return Held(bytes=int(used), nodes=counted["nodes"], listeners=counted["jsEventListeners"])
