"""How long after the commit a case is on another seat's screen, with many listeners at once."""

from __future__ import annotations

import asyncio
import json
import re
import time

from bench.city import City
from bench.client import Connection
from bench.loop import first_category, report_body
from bench.stage import Served, Stage, sign_in
from wangge.core.ids import new_id

REPORTED = re.compile(rb'"kind": "case\.report", [^\n]*?"subject": {"type": "case", "id": "([0-9a-f-]{36})"')


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
    ears = [await _listen(served, tokens[index % len(tokens)], arrived, ready) for index in range(listeners)]
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
    for ear in ears:
        ear.close()
    await asyncio.sleep(0.1)
    found = [max(0.0, at - answered[case]) for case in answered for at in arrived.get(case, [])]
    return found, len(answered) * listeners - len(found)


class Ear(asyncio.Protocol):
    """One listener. As little as can be is done on the way, for the machine that serves is this one."""

    def __init__(self, request: bytes, arrived: dict[str, list[float]], ready: asyncio.Semaphore) -> None:
        self.request, self.arrived, self.ready = request, arrived, ready
        self.said, self.listens = b"", False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if not self.listens:
            self.listens = True
            self.ready.release()
        whole, _, self.said = (self.said + data).rpartition(b"\n\n")
        for case in REPORTED.findall(whole):
            self.arrived.setdefault(case.decode(), []).append(now)


async def _listen(
    served: Served, token: str, arrived: dict[str, list[float]], ready: asyncio.Semaphore
) -> asyncio.Transport:
    request = (
        f"GET /live/feed HTTP/1.1\r\nHost: 127.0.0.1:{served.live_port}\r\nOrigin: http://127.0.0.1:{served.port}\r\n"
        f"Cookie: wangge_session={token}\r\nAccept: text/event-stream\r\n\r\n"
    ).encode()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(lambda: Ear(request, arrived, ready), "127.0.0.1", served.live_port)
    return transport
