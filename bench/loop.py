"""Reports, and whole lifecycles, over HTTP with everything they do."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from typing import Any

from bench.city import City
from bench.client import Connection, Hammer, Request, Result
from bench.stage import Served, Stage, sign_in
from wangge.core.ids import new_id


def report_body(city: City, number: int, turn: int, category: int) -> dict[str, Any]:
    grid = (number * 7919 + turn * 104_729) % city.grids
    west, south, east, north = city.cell(grid)
    return {
        "source": "telephone",
        "title": f"人行道路面塌陷 {number}-{turn}",
        "description": "小区东门外人行道有一处塌陷，约一平方米，晚上经过很不安全，请尽快派人处理并给个答复。",
        "address": f"{grid}号路口",
        "lon": (west + east) / 2,
        "lat": (south + north) / 2,
        "category_id": category,
        "reporter": {"name": "张三", "phone": f"199{grid:08d}"},
    }


def reports(stage: Stage, served: Served, city: City, *, connections: int, each: int) -> Result:
    token = sign_in(stage, "report", "district_seat", city.grid_codes[0][:4], [city.grid_codes[0][:4]])
    category = first_category(stage)

    def make(number: int, turn: int) -> Request:
        return "POST", "/api/cases", report_body(city, number, turn, category)

    hammer = Hammer(served.port, connections, token)
    hammer.run(make, per_connection=20, keys=True)  # threads, caches and plans come up
    return hammer.run(make, per_connection=each, keys=True)


def first_category(stage: Stage) -> int:
    with stage.owner() as connection:
        row = connection.execute("select min(id) from cases_category where path like 'B%'").fetchone()
    assert row is not None
    return int(row[0])


MOVES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("seat", "accept", {}),
    ("seat", "dispatch", {}),
    ("clerk", "sign", {}),
    ("clerk", "finish", {"text": "已经派人到场处置完毕"}),
    ("seat", "pass", {}),
    ("seat", "close", {"outcome": "solved"}),
    ("seat", "rate", {"score": 5, "solved": True}),
)


def lifecycles(
    stage: Stage, served: Served, city: City, *, connections: int, each: int
) -> tuple[float, Counter[int], list[float]]:
    """Report, accept, dispatch, sign, handle, review, close, rate. Lifecycles a second; statuses; seconds of each."""
    root = city.grid_codes[0][:4]
    tokens = {
        "seat": sign_in(stage, "seat", "district_seat", root, [root]),
        "clerk": sign_in(stage, "clerk", "department_clerk", "BD00-00", []),
    }
    category = first_category(stage)
    with stage.owner() as connection:
        unit = connection.execute("select id from accounts_unit where code = 'BD00-00'").fetchone()
    assert unit is not None
    return asyncio.run(_lifecycles(served, city, tokens, category, int(unit[0]), connections, each))


async def _lifecycles(
    served: Served, city: City, tokens: dict[str, str], category: int, unit: int, connections: int, each: int
) -> tuple[float, Counter[int], list[float]]:
    statuses: Counter[int] = Counter()
    took: list[float] = []

    async def work(number: int) -> None:
        people = {name: Connection(served.port, token) for name, token in tokens.items()}
        for person in people.values():
            await person.open()
        for turn in range(each):
            began = time.perf_counter()
            body = report_body(city, number, turn, category)
            status, answer = await people["seat"].send("POST", "/api/cases", body, str(new_id()))
            statuses[status] += 1
            case = json.loads(answer)["id"]
            for who, move, values in MOVES:
                content = {**values, "lead_id": unit} if move == "dispatch" else values
                status, answer = await people[who].send("POST", f"/api/cases/{case}/{move}", content, str(new_id()))
                statuses[status] += 1
            took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(work(number) for number in range(connections)))
    return len(took) / (time.perf_counter() - began), statuses, took
