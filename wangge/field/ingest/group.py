"""Group commit: what arrives within a few milliseconds is one transaction; each sender waits for it.

Two lanes, each with a connection of its own: while one waits for its commit the other writes the next group.
Lives in the event loop alone. Nothing is told to have been taken before its commit; what cannot be written now is told
so at once, and the sender keeps it.
"""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import psycopg
import structlog
from django.db import connection as django_connection

from wangge.core import clock
from wangge.core.asgi import Unavailable
from wangge.field.ingest.parcels import Parcel, Taken
from wangge.field.ingest.store import Connection, Outcome, take

log = structlog.get_logger()

GROUP_S = 0.01
MOST_PARCELS = 400  # in one transaction
MOST_WAITING = 20_000  # more, and whoever comes is asked to come again
CONNECT_S = 5
RETRY_S = 1.0

LANES = 2

Waiting = tuple[Parcel, "asyncio.Future[Taken]"]


class Group:
    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._wake = asyncio.Event()
        self._gathering = asyncio.Lock()
        self._lanes = [Lane() for _ in range(LANES)]
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [asyncio.create_task(self._run(lane)) for lane in self._lanes]

    async def stop(self) -> None:
        """What waits is written first."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        while self._waiting:
            await self._lanes[0].write(self._gathered())
        for lane in self._lanes:
            await lane.close()

    async def hand_in(self, parcel: Parcel) -> Taken:
        """After the commit. Raises NotSignedIn, Unavailable."""
        if len(self._waiting) >= MOST_WAITING:
            raise Unavailable()
        told: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._waiting.append((parcel, told))
        self._wake.set()
        return await told

    async def is_well(self) -> bool:
        """Asks for a connection where there is none: nobody sends to a process that is said to be unwell."""
        return any([await lane.is_well() for lane in self._lanes])

    async def _run(self, lane: "Lane") -> None:
        await lane.is_well()
        while True:
            async with self._gathering:
                await self._wake.wait()
                await asyncio.sleep(GROUP_S)
                group = self._gathered()
            await asyncio.shield(lane.write(group))

    def _gathered(self) -> list[Waiting]:
        group, self._waiting = self._waiting[:MOST_PARCELS], self._waiting[MOST_PARCELS:]
        if not self._waiting:
            self._wake.clear()
        return group


class Lane:
    """One connection, one group at a time."""

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._failed_at = 0.0
        self._free = asyncio.Lock()

    async def is_well(self) -> bool:
        if self._free.locked():  # writing
            return self._connection is not None
        async with self._free:
            with contextlib.suppress(psycopg.Error):
                await self._connected()
        return self._connection is not None and not self._connection.closed

    async def write(self, group: Sequence[Waiting]) -> None:
        async with self._free:
            outcomes = await self._outcomes([parcel for parcel, _ in group])
        for (_, told), outcome in zip(group, outcomes, strict=True):
            if told.cancelled():
                continue  # the sender has hung up; it will send the same again
            if isinstance(outcome, Taken):
                told.set_result(outcome)
            else:
                told.set_exception(outcome)

    async def _outcomes(self, parcels: Sequence[Parcel]) -> Sequence[Outcome]:
        try:
            return await self._written(parcels)
        except (psycopg.OperationalError, psycopg.InterfaceError) as problem:
            log.warning("positions.database_lost", why=str(problem).strip(), parcels=len(parcels))
            await self._disconnect()
            return [Unavailable()] * len(parcels)
        except Exception as problem:
            if len(parcels) > 1:  # one of them is at fault; the others shall not pay for it
                return [(await self._outcomes([parcel]))[0] for parcel in parcels]
            log.error("positions.failed", exc_info=problem)
            return [Unavailable()]

    async def _written(self, parcels: Sequence[Parcel]) -> list[Outcome]:
        return await take(await self._connected(), parcels, at=clock.now())

    async def _connected(self) -> Connection:
        """At most once in RETRY_S: a thousand senders who are told so at once are better than a thousand who wait."""
        if self._connection is not None and not self._connection.closed:
            return self._connection
        now = asyncio.get_running_loop().time()
        if now - self._failed_at < RETRY_S:
            raise psycopg.OperationalError("the database is away")
        try:
            self._connection = await _connect()
        except psycopg.OperationalError:
            self._failed_at = now
            raise
        return self._connection

    async def close(self) -> None:
        """After the group it is at."""
        async with self._free:
            await self._disconnect()

    async def _disconnect(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(psycopg.Error):
                await self._connection.close()
            self._connection = None


async def _connect() -> Connection:
    """As Django would, from the same settings."""
    wanted: dict[str, Any] = django_connection.get_connection_params()
    ours = {name: value for name, value in wanted.items() if name not in {"context", "cursor_factory", "pool"}}
    connected = await psycopg.AsyncConnection.connect(
        **ours | {"autocommit": True, "connect_timeout": CONNECT_S, "application_name": "wangge positions"}
    )
    await connected.execute("set timezone to 'UTC'")
    return connected
