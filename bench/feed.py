"""How long after the commit a case is on another seat's screen, with many listeners at once."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

from bench.city import City
from bench.client import Connection
from bench.loop import first_category, report_body
from bench.stage import Served, Stage, sign_in
from wangge.core.ids import new_id


def delays(
    stage: Stage, served: Served, city: City, *, listeners: int, per_second: int, seconds: int
) -> tuple[list[float], int]:
    """Seconds from the answer to the reporting seat until each listener has the event; how many never came.

    The answer follows the commit, so a delay is counted from a little after it; below zero it is taken as zero.
    """
    root = city.grid_codes[0][:4]
    tokens = [sign_in(stage, f"listener{index}", "district_seat", root, [root]) for index in range(20)]
    return asyncio.run(_delays(stage, served, city, tokens, listeners, per_second, seconds))


async def _delays(
    stage: Stage, served: Served, city: City, tokens: list[str], listeners: int, per_second: int, seconds: int
) -> tuple[list[float], int]:
    arrived: dict[str, list[float]] = {}
    category = first_category(stage)
    ready = asyncio.Semaphore(0)
    tasks = [
        asyncio.create_task(_listen(served, tokens[index % len(tokens)], arrived, ready)) for index in range(listeners)
    ]
    for _ in range(listeners):
        await ready.acquire()
    await asyncio.sleep(1)
    answered: dict[str, float] = {}

    async def report(number: int) -> None:
        connection = pool[number % len(pool)]
        async with locks[number % len(pool)]:
            status, answer = await connection.send(
                "POST", "/api/cases", report_body(city, number, 1, category), str(new_id())
            )
        if status == 201:
            answered[json.loads(answer)["id"]] = time.perf_counter()

    pool = [Connection(served.port, tokens[0]) for _ in range(8)]
    locks = [asyncio.Lock() for _ in pool]
    for connection in pool:
        await connection.open()
    began, sent = time.perf_counter(), []
    for number in range(per_second * seconds):
        await asyncio.sleep(max(0.0, began + number / per_second - time.perf_counter()))
        sent.append(asyncio.create_task(report(number)))
    await asyncio.gather(*sent)
    await asyncio.sleep(3)
    for task in tasks:
        task.cancel()
    found = [max(0.0, at - answered[case]) for case in answered for at in arrived.get(case, [])]
    return found, len(answered) * listeners - len(found)


async def _listen(served: Served, token: str, arrived: dict[str, list[float]], ready: asyncio.Semaphore) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.live_port)
    writer.write(
        f"GET /live/feed HTTP/1.1\r\nHost: 127.0.0.1:{served.live_port}\r\nOrigin: http://127.0.0.1:{served.port}\r\n"
        f"Cookie: wangge_session={token}\r\nAccept: text/event-stream\r\n\r\n".encode()
    )
    await reader.readuntil(b"\r\n\r\n")
    ready.release()
    while True:
        line = await reader.readline()
        if not line:
            return
        if line.startswith(b"data:") and b'"case.report"' in line:
            now = time.perf_counter()
            event: dict[str, Any] = json.loads(line[5:])
            subject = event.get("subject")
            case = (
                subject.get("id")
                if isinstance(subject, dict)
                else subject[1]
                if isinstance(subject, list)
                else str(subject)
            )
            arrived.setdefault(str(case), []).append(now)
