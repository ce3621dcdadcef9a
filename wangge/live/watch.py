"""Reads the journal for everybody who listens: one thread, one connection, ten times a second while anybody does."""

import asyncio
import json
import threading
import time
from collections.abc import Callable

import structlog
from django.db import InterfaceError, OperationalError, connection

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor, acting
from wangge.core.journal import Follower
from wangge.core.models import ReaderState
from wangge.live.exports import exports
from wangge.live.hub import Hub, News
from wangge.live.news import Newsroom
from wangge.live.notices import Bells

log = structlog.get_logger()

POLL_S = 0.1
POLL_ALONE_S = 1.0  # nobody listens; only what may be asked again after a break is kept
FIGURES_S = 0.25  # what a wall shows is on it within a second of the commit
BREATH_S = 0.02  # the event loop of this process has listeners to serve
RETRY_S = 1.0
FIGURES_READER = "rollups"
GROUND = ("grid.", "division.")  # kinds after which borders or names on a map may be others
MOST_NEWS = 2000  # entries between two looks; past it (a boundary redrawn) loading again costs less than telling each


class Watch(threading.Thread):
    def __init__(self, hub: Hub, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(name="live-watch", daemon=True)
        self._hub = hub
        self._loop = loop
        self._over = threading.Event()
        self._follower = Follower()
        self._newsroom = Newsroom()
        self._bells = Bells()
        self._position = -1
        self._figures_at = self._well_at = 0.0

    def stop(self) -> None:
        self._over.set()

    def is_well(self) -> bool:
        return time.monotonic() - self._well_at < 10 * RETRY_S

    def run(self) -> None:
        while not self._over.is_set():
            began = time.monotonic()
            try:
                self._round()
            except Exception as problem:
                self._lost(problem)
                wait = RETRY_S
            else:
                self._well_at = time.monotonic()
                wait = POLL_S if self._hub.sessions else POLL_ALONE_S
                wait = max(wait - (self._well_at - began), BREATH_S)  # the next look is due then, not then and later
            self._over.wait(wait)
        connection.close()

    def _round(self) -> None:
        now = time.monotonic()
        with acting(Actor.system("live")):
            self._pass_news_on()
            self._ring()
            if now - self._figures_at >= FIGURES_S:
                self._figures_at = now
                self._tell_figures()

    def _pass_news_on(self) -> None:
        entries = self._follower.poll(most=MOST_NEWS)
        if entries is None:
            self._say(self._hub.resync)
            return
        if not entries:
            return
        if any(entry.kind.startswith(GROUND) for entry in entries):
            self._say(self._hub.tell, b"event: ground\ndata: {}\n\n", str(Permission.WALL_READ))
        try:
            news: list[News] = [*self._newsroom.news(entries, languages=self._hub.languages), *exports(entries)]
        except Exception:
            self._say(self._hub.resync)  # the follower has moved on; what it brought is lost to those who listen
            raise
        if news:
            self._say(self._hub.deliver, news)

    def _ring(self) -> None:
        """Not from the journal but from what its reader made of it: a bell rings when the list behind it is there."""
        rung = self._bells.rung()
        if rung is None:
            self._say(self._hub.resync)
        elif rung:
            self._say(self._hub.deliver, rung)

    def _tell_figures(self) -> None:
        state = ReaderState.objects.filter(name=FIGURES_READER).values_list("position", "as_of").first()
        if state is None or state[0] == self._position:
            return
        first, self._position = self._position < 0, state[0]
        if not first:
            data = json.dumps({"position": state[0], "as_of": state[1].isoformat() if state[1] else None})
            self._say(self._hub.tell, f"event: figures\ndata: {data}\n\n".encode(), str(Permission.DASHBOARD_READ))

    def _lost(self, problem: Exception) -> None:
        if not isinstance(problem, OperationalError | InterfaceError):
            log.error("live.failed", exc_info=problem)
        log.warning("live.lost", why=str(problem).strip(), kind=type(problem).__name__)
        connection.close()

    def _say(self, what: Callable[..., None], *arguments: object) -> None:
        self._loop.call_soon_threadsafe(what, *arguments)
