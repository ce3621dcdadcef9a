"""The one map in headless Chromium: 17,784 grids and 50,000 open cases, panned and zoomed from the city to a street.

What a person feels is the longest task of the page's own thread while they do so; what a network feels, the largest answer.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import shapely
from playwright.sync_api import Page, Response, ViewportSize, sync_playwright
from shapely.geometry.base import BaseGeometry

from bench import stage as stages
from bench.city import City
from bench.reads import Scope, sign_in_scope
from bench.stage import HOME, Stage, prepare

POINTS = 50_000
SIZE: ViewportSize = {"width": 1920, "height": 1080}
FLAGS = [
    "--no-sandbox",
    "--use-angle=swiftshader",  # no graphics card: harder than any desk
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-background-networking",
]
LISTEN = """
window.tasks = [];
new PerformanceObserver((list) => list.getEntries().forEach((one) => window.tasks.push(one.duration)))
  .observe({ type: 'longtask', buffered: true });
"""
LAYERS = '{"on": {"areas": true, "borders": true, "teams": true, "cases": true, "heat": true}, "choice": {}}'
REST_MS = 1_200  # between two movements of a hand


@dataclass(frozen=True)
class Felt:
    """Tasks over 50 ms while the map was moved, the worst first, in ms; the largest answer in bytes; how many asked."""

    tasks: list[float]
    largest: int
    answers: int
    opened_ms: float


@contextmanager
def standing(fresh: bool) -> Iterator[tuple[Stage, City]]:
    stage = Stage(HOME / "map")
    kept, stages.MADE = stages.MADE, HOME / "map" / "city.txt"
    made = stages.MADE.exists() and not fresh
    try:
        city = prepare(stage, cases=POINTS, fresh=fresh)
        if not made:
            with stage.owner() as connection:
                all_open(connection)
                draw_divisions(connection, city)
        yield stage, city
    finally:
        stages.MADE = kept
        stage.cluster.stop()


def all_open(connection: psycopg.Connection) -> None:
    connection.execute(
        """
        update cases_case set state = 'handling', outcome = '', closed_at = null, archived_at = null, satisfaction = null,
               due_at = reported_at + interval '5 years', amber_at = reported_at + interval '4 years',
               is_overdue = right(id::text, 1) = '7'
        """
    )
    connection.execute("vacuum analyze cases_case")


def draw_divisions(connection: psycopg.Connection, city: City) -> None:
    cells: dict[str, BaseGeometry] = {
        code: shapely.box(*city.cell(index)) for index, code in enumerate(city.grid_codes)
    }
    since = (city.now.date().replace(month=1, day=1)).replace(year=city.now.year - 5)
    for length in (12, 9, 6, 4):
        groups: dict[str, list[BaseGeometry]] = {}
        for code, cell in cells.items():
            groups.setdefault(code[:length], []).append(cell)
        cells = {code: shapely.union_all(group) for code, group in groups.items()}
        with (
            connection.cursor() as cursor,
            cursor.copy(
                "copy grids_boundary (code, geometry, west, south, east, north, area_m2, source, valid_from) from stdin"
            ) as copy,
        ):
            for code, shape in cells.items():
                copy.write_row((code, shapely.to_wkb(shape), *shape.bounds, 1e6, "bench", since))
    connection.execute("analyze grids_boundary")


def move_about(stage: Stage, city: City) -> Felt:
    token = sign_in_scope(stage, Scope("city", "district_seat", city.grid_codes[0][:4], [city.grid_codes[0][:4]]))
    chromium = os.environ.get("WANGGE_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    sizes: list[int] = []
    with stage.serving(worker=False) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        context = browser.new_context(viewport=SIZE, locale="zh-CN", base_url=f"http://127.0.0.1:{served.port}")
        context.add_cookies([{"name": "wangge_session", "value": token, "domain": "127.0.0.1", "path": "/"}])
        context.add_init_script(LISTEN + f"localStorage.setItem('wangge.map.layers', '{LAYERS}')")
        page = context.new_page()
        page.on("response", lambda answer: sizes.append(size_of(answer)) if "/api/" in answer.url else None)
        page.goto("/map")
        page.get_by_text("范围内").wait_for()
        page.wait_for_timeout(4 * REST_MS)
        opened = max(page.evaluate("window.tasks"), default=0.0)
        page.evaluate("window.tasks.length = 0")
        pan_and_zoom(page)
        tasks = sorted(page.evaluate("window.tasks"), reverse=True)
        browser.close()
    return Felt(tasks, max(sizes, default=0), len(sizes), opened)


def pan_and_zoom(page: Page) -> None:
    """From the whole city down to a street and back, with a drag at every height."""
    middle = (SIZE["width"] * 0.6, SIZE["height"] * 0.55)
    page.mouse.move(*middle)
    for direction in (-1, 1):
        for _ in range(9):
            page.mouse.wheel(0, direction * 400)
            page.wait_for_timeout(REST_MS)
            page.mouse.down()
            for step in range(1, 9):
                page.mouse.move(middle[0] + 25 * step * direction, middle[1] + 10 * step)
            page.mouse.up()
            page.wait_for_timeout(REST_MS)
            page.mouse.move(*middle)


def size_of(answer: Response) -> int:
    try:
        return len(answer.body())
    except Exception:  # a request that a newer view gave up
        return 0
