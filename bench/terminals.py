"""14,262 terminals in one process of their own: `python -m bench.terminals PORT WORKERS SECONDS POINTS CONNECTIONS EVERY`.

EVERY 0: as fast as answers come; else each worker sends POINTS points once in EVERY seconds. What was acknowledged is
printed as JSON. Keep-alive connections, as through a proxy; no library on the way, for it shares the cores with us.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections import Counter

STEP_MS = 10_000
TOKEN = "worker-{}"


class Load:
    def __init__(self, port: int, workers: int, seconds: float, points: int, every: float) -> None:
        self.port, self.workers, self.seconds, self.points, self.every = port, workers, seconds, points, every
        self.kept = 0
        self.statuses: Counter[int] = Counter()
        self.refused: Counter[str] = Counter()
        self.latencies: list[float] = []
        self.turn = 0
        self.began = 0.0
        self.late = 0.0

    async def run(self, connections: int) -> dict[str, object]:
        self.began = time.monotonic()
        cpu = time.process_time()
        await asyncio.gather(*(self._connection() for _ in range(connections)))
        ordered = sorted(self.latencies)
        return {
            "kept": self.kept,
            "seconds": time.monotonic() - self.began,
            "requests": len(ordered),
            "statuses": self.statuses,
            "refused": self.refused,
            "p50_ms": 1000 * ordered[len(ordered) // 2],
            "p99_ms": 1000 * ordered[int(len(ordered) * 0.99)],
            "late_s": self.late,
            "cpu_s": time.process_time() - cpu,
        }

    async def _connection(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        while True:
            turn, self.turn = self.turn, self.turn + 1
            now = time.monotonic() - self.began
            if self.every:
                due = turn * self.every / self.workers
                if due > self.seconds:
                    return
                if due > now:
                    await asyncio.sleep(due - now)
                else:
                    self.late = max(self.late, now - due)
            elif now > self.seconds:
                return
            sent = time.monotonic()
            writer.write(self._request(turn))
            head = await reader.readuntil(b"\r\n\r\n")
            at = head.lower().index(b"content-length:") + 15
            body = await reader.readexactly(int(head[at : head.index(b"\r\n", at)]))
            self.latencies.append(time.monotonic() - sent)
            self.statuses[int(head[9:12])] += 1
            answer = json.loads(body)
            self.kept += answer.get("kept", 0)
            self.refused.update(answer.get("refused", {}))

    def _request(self, turn: int) -> bytes:
        worker = turn % self.workers
        now = int(time.time() * 1000)
        # Flat out, one worker comes round more often than points can be taken: each time a millisecond later.
        first = now - self.points * STEP_MS
        east = 118.0 + worker * 1e-4 + (now % 10_000_000) * 1e-9
        points = ",".join(
            f"[{first + (n + 1) * STEP_MS},{east + n * 1e-4:.6f},{32 + worker * 1e-5:.6f},{5 + n % 9}.4,1.2,false]"
            for n in range(self.points)
        )
        body = f'{{"batch":"{os.urandom(16).hex()}","sent_ms":{now},"device":"w{worker}","battery":80,"points":[{points}]}}'
        return (
            f"POST /field/positions HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: wangge_session=worker-{worker}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


if __name__ == "__main__":
    port, workers, seconds, points, connections, every = (float(word) for word in sys.argv[1:7])
    load = Load(int(port), int(workers), seconds, int(points), every)
    print(json.dumps(asyncio.run(load.run(int(connections)))))
