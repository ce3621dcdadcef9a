"""Phones for journeys: each a Chromium of its own, signed in, standing in the worker's own area or where it is put."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from journeys.conftest import FLAGS, chromium
from journeys.phone import Phone
from journeys.stack import Stack


@pytest.fixture
def phone(playwright: Playwright, stack: Stack, tmp_path: Path) -> Iterator[Callable[..., Phone]]:
    phones: list[Phone] = []

    def taken(
        which: int = 0,
        *,
        role: str = "grid_worker",
        before_camera: Path | None = None,
        at: tuple[float, float] | None = None,
    ) -> Phone:
        one = Phone(playwright, chromium(), FLAGS, stack, tmp_path / f"profile-{len(phones)}", before_camera)
        phones.append(one)
        one.signs_in(stack.user(role, which))
        return one.stands_at(*(at or _in_the_grid(one)))

    yield taken
    for one in phones:
        one.kill()
    if faults := [fault for one in phones for fault in one.faults]:
        pytest.fail("\n".join(faults))


@pytest.fixture
def standing() -> Callable[[Phone], tuple[float, float]]:
    return _in_the_grid


def _in_the_grid(one: Phone) -> tuple[float, float]:
    """Longitude, latitude of a point in the worker's own area."""
    me = one.page.request.get(f"{one.stack.url}/api/session").json()
    area = me["ranges"][0]
    rows = one.page.request.get(f"{one.stack.url}/api/grids", params={"under": area}).json()["items"]
    grid = next(row["code"] for row in rows)
    card = one.page.request.get(f"{one.stack.url}/api/grids/{grid}").json()
    west, south, east, north = card["bounds"]
    for share in (0.5, 0.4, 0.6, 0.3, 0.7):
        lon, lat = west + (east - west) * share, south + (north - south) * share
        found = one.page.request.get(f"{one.stack.url}/api/grids/locate", params={"lon": lon, "lat": lat})
        if found.status == 200 and str(found.json().get("code", "")).startswith(area):
            return lon, lat
    raise AssertionError("no point of the grid found")
