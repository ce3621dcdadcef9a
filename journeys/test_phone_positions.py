"""Where a worker on duty is, as a real phone sends it to the house, and nothing of it off duty."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from journeys.phone import Phone
from journeys.stack import Stack
from wangge.core import clock

pytest_plugins = ["journeys.phones"]
TO_THE_NEXT_MS = 15_000  # one is taken every ten seconds


def test_a_phone_is_located_on_duty_through_a_dead_zone_and_not_after(
    phone: Callable[..., Phone], stack: Stack, standing: Callable[[Phone], tuple[float, float]]
) -> None:
    worker, began = phone(), clock.now()
    lon, lat = standing(worker)
    page = worker.opens("").page
    on, off = (page.get_by_role("button", name=name, exact=True) for name in ("上岗", "下岗"))
    expect(on.or_(off)).to_be_visible()
    if off.is_visible():  # somebody's journey before
        off.click()
    on.click()
    worker.stands_at(lon, lat)
    expect(page.get_by_text("，共 1 次。")).to_be_visible(timeout=TO_THE_NEXT_MS)
    worker.has_network(False).stands_at(lon + 0.0002, lat)
    expect(page.get_by_text("，共 2 次。")).to_be_visible(timeout=TO_THE_NEXT_MS)
    worker.has_network(True)
    off.click()
    expect(page.get_by_role("heading", name="未上岗")).to_be_visible()
    worker.stands_at(lon + 0.0009, lat)
    worker.has_sent_everything()
    expect(page.get_by_text("批位置待上传")).to_have_count(0)
    path = f"{stack.url}/api/field/tracks/mine?day={clock.day_of(began)}"
    kept: list[Any] = page.request.get(path).json()["positions"]
    seen = [round(one[1] - lon, 4) for one in kept if one[0] >= began.timestamp() * 1000]
    assert seen == [0, 0.0002]
