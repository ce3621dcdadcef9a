"""A thrifty HTTP client for load on loopback: keep-alive sockets, one asyncio loop, no library on the way."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

CSRF = "t" * 32
Request = tuple[str, str, Any]


@dataclass
class Result:
    seconds: float
    latencies: list[float]
    statuses: Counter[int]
    bodies: list[bytes] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds; nan where nothing was answered."""
        return 1000 * percentile(self.latencies, share)


def percentile(values: list[float], share: float) -> float:
    """In the unit of `values`; nan of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


class Connection:
    """One keep-alive connection; signed in when it has a token."""

    def __init__(self, port: int, token: str = "") -> None:
        self.port = port
        cookies = f"csrftoken={CSRF}" + (f"; wangge_session={token}" if token else "")
        self.head = f"Host: 127.0.0.1:{port}\r\nCookie: {cookies}\r\nX-CSRFToken: {CSRF}\r\nAccept-Language: zh\r\n"

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def send(self, method: str, path: str, body: Any = None, key: str = "") -> tuple[int, bytes]:
        data = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        extra = f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n" if body is not None else ""
        extra += f"Idempotency-Key: {key}\r\n" if key else ""
        self.writer.write(f"{method} {path} HTTP/1.1\r\n{self.head}{extra}\r\n".encode() + data)
        head = await self.reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        lower = head.lower()
        if b"transfer-encoding: chunked" in lower:
            return status, await self._chunks()
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 : lower.find(b"\r\n", at)]) if at >= 0 else 0
        return status, await self.reader.readexactly(length) if length else b""

    async def _chunks(self) -> bytes:
        parts = []
        while True:
            size = int((await self.reader.readline()).strip(), 16)
            parts.append(await self.reader.readexactly(size + 2))
            if size == 0:
                return b"".join(part[:-2] for part in parts)


class Hammer:
    def __init__(self, port: int, connections: int, token: str = "") -> None:
        self.port, self.connections, self.token = port, connections, token

    def run(
        self, make: Callable[[int, int], Request], *, per_connection: int, keys: bool = False, keep: bool = False
    ) -> Result:
        """`make(connection, turn)` gives the request; every connection sends its requests one after the other."""
        return asyncio.run(self._run(make, per_connection, keys, keep))

    async def _run(self, make: Callable[[int, int], Request], turns: int, keys: bool, keep: bool) -> Result:
        from wangge.core.ids import new_id

        latencies: list[float] = []
        statuses: Counter[int] = Counter()
        bodies: list[bytes] = []

        async def work(number: int) -> None:
            connection = Connection(self.port, self.token)
            await connection.open()
            for turn in range(turns):
                method, path, body = make(number, turn)
                began = time.perf_counter()
                status, answer = await connection.send(method, path, body, str(new_id()) if keys else "")
                latencies.append(time.perf_counter() - began)
                statuses[status] += 1
                if keep:
                    bodies.append(answer)

        began = time.perf_counter()
        await asyncio.gather(*(work(number) for number in range(self.connections)))
        return Result(time.perf_counter() - began, latencies, statuses, bodies)
