"""What is promised within five seconds: a revoked post loses its stream, a case that runs out of time is shown as late."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time

from bench.city import City
from bench.client import Connection
from bench.loop import first_category, report_body
from bench.stage import Served, Stage, sign_in
from wangge.core.ids import new_id

APART_S = 0.37  # no multiple of how often anybody looks
LEFT_S = 1.0  # of the time of a case, when the measuring begins
WAIT_S = 15.0
OVERDUE = re.compile(rb'"kind": "case\.overdue", [^\n]*?"subject": {"type": "case", "id": "([0-9a-f-]{36})"')
REVOKE = """
update accounts_post p set revoked_at = now() from accounts_session s where s.post_id = p.id and s.token_hash = %s
"""
RUN_OUT = "update cases_deadline set due_at = now() + make_interval(secs => %s) where case_id = %s and met_at is null"


def streams_ended(stage: Stage, served: Served, city: City, *, posts: int) -> tuple[list[float], int]:
    """Seconds from the commit that revoked a post until its stream was closed; how many stayed open."""
    root = city.grid_codes[0][:4]
    tokens = [sign_in(stage, f"revoked{index}", "district_seat", root, [root]) for index in range(posts)]
    return asyncio.run(_streams_ended(stage, served, tokens))


def shown_late(stage: Stage, served: Served, city: City, *, cases: int) -> tuple[list[float], int]:
    """Seconds from the instant a case was due until a seat that listens was told that it is late; how many never."""
    root = city.grid_codes[0][:4]
    token = sign_in(stage, "late", "district_seat", root, [root])
    return asyncio.run(_shown_late(stage, served, city, token, cases))


async def _streams_ended(stage: Stage, served: Served, tokens: list[str]) -> tuple[list[float], int]:
    ears = [await _listen(served, token) for token in tokens]
    await asyncio.sleep(1)
    revoked = []
    with stage.owner() as connection:
        for token in tokens:
            connection.execute(REVOKE, [hashlib.sha256(token.encode()).digest()])
            revoked.append(time.perf_counter())
            await asyncio.sleep(APART_S)
    await asyncio.sleep(WAIT_S)
    found = [ear.ended_at - at for ear, at in zip(ears, revoked, strict=True) if ear.ended_at]
    for ear in ears:
        ear.close()
    return found, len(ears) - len(found)


async def _shown_late(stage: Stage, served: Served, city: City, token: str, cases: int) -> tuple[list[float], int]:
    category, ear = first_category(stage), await _listen(served, token)
    desk, due = Connection(served.port, token), dict[str, float]()
    await desk.open()
    with stage.owner() as connection:
        for number in range(cases):
            body = report_body(city, number, 2, category)
            status, answer = await desk.send("POST", "/api/cases", body, str(new_id()))
            assert status == 201, answer
            case = str(json.loads(answer)["id"])
            connection.execute(RUN_OUT, [LEFT_S, case])
            due[case] = time.perf_counter() + LEFT_S
            await asyncio.sleep(APART_S)
    await asyncio.sleep(WAIT_S)
    ear.close()
    found = [max(0.0, ear.late[case] - at) for case, at in due.items() if case in ear.late]
    return found, len(due) - len(found)


class Ear(asyncio.Protocol):
    """One listener: when its stream ended, and when it was told that a case is late."""

    def __init__(self, request: bytes) -> None:
        self.request, self.said = request, b""
        self.late: dict[str, float] = {}
        self.ended_at = 0.0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data: bytes) -> None:
        now = time.perf_counter()
        if data.endswith(b"0\r\n\r\n"):  # the last chunk: the stream is over, though the line may stay for another
            self.ended_at = self.ended_at or now
        whole, _, self.said = (self.said + data).rpartition(b"\n\n")
        for case in OVERDUE.findall(whole):
            self.late.setdefault(case.decode(), now)

    def connection_lost(self, why: Exception | None) -> None:
        self.ended_at = self.ended_at or time.perf_counter()

    def close(self) -> None:
        if self.transport is not None:
            self.transport.close()


async def _listen(served: Served, token: str) -> Ear:
    request = (
        f"GET /live/feed HTTP/1.1\r\nHost: 127.0.0.1:{served.live_port}\r\nOrigin: http://127.0.0.1:{served.port}\r\n"
        f"Cookie: wangge_session={token}\r\nAccept: text/event-stream\r\n\r\n"
    ).encode()
    loop = asyncio.get_running_loop()
    _, ear = await loop.create_connection(lambda: Ear(request), "127.0.0.1", served.live_port)
    return ear
