"""Group commit: what arrives within a few milliseconds is one transaction; each sender waits for it.

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

Waiting = tuple[Parcel, "asyncio.Future[Taken]"]


class Group:
    def __init__(self) -> None:
        self._waiting: list[Waiting] = []
        self._wake = asyncio.Event()
        self._connection: Connection | None = None
        self._failed_at = 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """What waits is written first."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        while self._waiting:
            await self._next()
        await self._disconnect()

    async def hand_in(self, parcel: Parcel) -> Taken:
        """After the commit. Raises NotSignedIn, Unavailable."""
        if len(self._waiting) >= MOST_WAITING:
            raise Unavailable()
        told: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()
        self._waiting.append((parcel, told))
        self._wake.set()
        return await told

    def is_well(self) -> bool:
        return self._connection is not None and not self._connection.closed

    async def _run(self) -> None:
        with contextlib.suppress(psycopg.Error):
            self._connection = await _connect()
        while True:
            await self._wake.wait()
            await asyncio.sleep(GROUP_S)
            await asyncio.shield(self._next())

    async def _next(self) -> None:
        group, self._waiting = self._waiting[:MOST_PARCELS], self._waiting[MOST_PARCELS:]
        if not self._waiting:
            self._wake.clear()
        for (_, told), outcome in zip(group, await self._outcomes([parcel for parcel, _ in group]), strict=True):
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
        if self._connection is None or self._connection.closed:
            self._connection = await self._reconnected()
        return await take(self._connection, parcels, at=clock.now())

    async def _reconnected(self) -> Connection:
        """At most once in RETRY_S: a thousand senders who are told so at once are better than a thousand who wait."""
        now = asyncio.get_running_loop().time()
        if now - self._failed_at < RETRY_S:
            raise psycopg.OperationalError("the database is away")
        try:
            return await _connect()
        except psycopg.OperationalError:
            self._failed_at = now
            raise

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
