"""Whose sessions are open: asked when somebody comes, and again of all who listen, whatever the news are busy with."""

import asyncio
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

import structlog
from django.db import DatabaseError, InterfaceError, connection

from wangge.accounts.auth import open_sessions
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.live.hub import Hub

log = structlog.get_logger()

LOOK_S = 2.0  # a post that is revoked loses its stream within five
# One thread, one connection: signing in to the feed takes a millisecond, and 200 at once may queue for it.
_looking = ThreadPoolExecutor(max_workers=1, thread_name_prefix="live-sessions")


async def actor_of(session: bytes) -> Actor | None:
    """Raises DatabaseError or InterfaceError when nobody can tell."""
    return (await _ask([session])).get(session)


async def keep_looking(hub: Hub) -> None:
    while True:
        await asyncio.sleep(LOOK_S)
        if asked := hub.sessions:
            try:
                hub.renew(asked, await _ask(asked))
            except (DatabaseError, InterfaceError) as problem:
                log.warning("live.sessions_unknown", why=str(problem).strip(), kind=type(problem).__name__)
            except Exception:
                log.exception("live.sessions_failed")


async def _ask(sessions: Collection[bytes]) -> dict[bytes, Actor]:
    return await asyncio.get_running_loop().run_in_executor(_looking, _found, sessions)


def _found(sessions: Collection[bytes]) -> dict[bytes, Actor]:
    try:
        with acting(Actor.system("live")):
            return open_sessions(sessions, at=clock.now())
    except (DatabaseError, InterfaceError):
        connection.close()
        raise
