"""The map in a journey: where grids lie, files of boundaries, lines drawn by hand."""

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

FINEST = 24  # zoom at which the server simplifies nothing
READY_MS = 1_000


def shapes_in(page: Page, code: str) -> dict[str, dict[str, Any]]:
    """The boundaries of the grids of a community by code, GeoJSON, as the person at this page may read them."""
    west, south, east, north = page.request.get(f"/api/divisions/{code}").json()["bounds"]
    view = f"bbox={west},{south},{east},{north}&zoom={FINEST}"
    features = page.request.get(f"/api/grids/map?{view}").json()["features"]
    own = {one["properties"]["code"]: one["geometry"] for one in features}
    return {grid: shape for grid, shape in own.items() if grid.startswith(code) and len(grid) == 15}


def boundaries_file(path: Path, shapes: dict[str, dict[str, Any]]) -> Path:
    features = [{"type": "Feature", "properties": {"code": code}, "geometry": shape} for code, shape in shapes.items()]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def draws(page: Page, *points: tuple[float, float]) -> None:
    """Clicks on the map, each as shares of its width and height. Until the map is there a click is nobody's."""
    for number, point in enumerate(points, 1):
        counted = page.get_by_text(f"已画 {number} 个点")
        while True:
            _click(page.get_by_role("region", name="网格地图"), *point)
            try:
                expect(counted).to_be_visible(timeout=READY_MS)
                break
            except AssertionError:
                continue


def _click(canvas: Locator, x: float, y: float) -> None:
    box = canvas.bounding_box()
    if box is not None:
        canvas.click(position={"x": box["width"] * x, "y": box["height"] * y})
