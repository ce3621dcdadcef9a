"""Who listens, and what each of them gets. Lives in the event loop's thread alone.

An event becomes bytes once; listeners of one scope share the very same piece. A listener who does not keep up is told
to load again, instead of being remembered for ever.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from wangge.cases.queries.news import Audience, View
from wangge.core.actor import Actor

ANY_LANGUAGE = "zh"  # always made; others only while somebody reads them
REMEMBERED = 4000  # events that a stream which broke off can be given again
LARGEST_BACKLOG = 512 * 1024  # bytes waiting for one listener


class News(Protocol):
    """One event, ready to be sent but for its number."""

    def for_whom(self, actor: Actor) -> bytes:
        """As this listener has it; nothing where it is not theirs."""
        ...

    @property
    def is_personal(self) -> bool:
        """Two listeners of one scope may have it differently."""
        ...


@dataclass(frozen=True, slots=True)
class CaseNews:
    """A case has moved, as each view and language has it."""

    events: dict[tuple[View, str], bytes]
    audience: Audience
    gone: bytes = b""  # to those who saw it before and see it no more
    before: Audience | None = None
    is_personal: bool = False

    def for_whom(self, actor: Actor) -> bytes:
        if self.audience.has(actor):
            view = self.audience.view_of(actor)
            return self.events.get((view, actor.language)) or self.events.get((view, ANY_LANGUAGE), b"")
        return self.gone if self.before is not None and self.before.has(actor) else b""


@dataclass(eq=False, slots=True)
class Listener:
    actor: Actor
    session: bytes
    waiting: deque[bytes] = field(default_factory=deque)
    size: int = 0
    is_over: bool = False
    wake: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def scope(self) -> tuple[object, ...]:
        return self.actor.ranges, self.actor.unit_path, self.actor.permissions, self.actor.language

    def give(self, piece: bytes) -> bool:
        """False when too much is waiting already."""
        if self.size + len(piece) > LARGEST_BACKLOG:
            return False
        self.waiting.append(piece)
        self.size += len(piece)
        self.wake.set()
        return True

    def give_only(self, piece: bytes) -> None:
        self.waiting.clear()
        self.size = 0
        self.give(piece)

    def end(self) -> None:
        self.is_over = True
        self.wake.set()

    async def take(self) -> bytes | None:
        """Everything that waits, in one piece; None when the stream is to be closed."""
        await self.wake.wait()
        self.wake.clear()
        if self.is_over:
            return None
        piece = b"".join(self.waiting)
        self.waiting.clear()
        self.size = 0
        return piece


class Hub:
    def __init__(self) -> None:
        self._boot = secrets.token_hex(4)
        self._number = 0
        self._past: deque[tuple[int, News]] = deque(maxlen=REMEMBERED)
        self._listeners: set[Listener] = set()
        # Replaced whole: another thread reads them.
        self.sessions: frozenset[bytes] = frozenset()
        self.languages: frozenset[str] = frozenset({ANY_LANGUAGE})

    def join(self, actor: Actor, session: bytes, latest_id: str) -> Listener:
        listener = Listener(actor, session)
        missed = self._missed(latest_id, actor) if latest_id else b""
        if missed is None or not listener.give(missed + self._numbered(b"event: hello\ndata: {}\n\n")):
            listener.give(self._resync())
        self._listeners.add(listener)
        self._count()
        return listener

    def leave(self, listener: Listener) -> None:
        self._listeners.discard(listener)
        self._count()

    def deliver(self, news: Sequence[News]) -> None:
        numbered = []
        for item in news:
            self._number += 1
            self._past.append((self._number, item))
            numbered.append((self._number, item))
        personal = any(item.is_personal for item in news)
        self._to_each_scope(lambda actor: self._pieces(numbered, actor), personal=personal)

    def tell(self, piece: bytes, permission: str) -> None:
        """Something that is not kept for later, to all who hold a permission."""
        self._to_each_scope(lambda actor: piece if actor.may(permission) else b"")

    def resync(self) -> None:
        """Something was missed on the way here: everybody loads again."""
        self._number += 1
        self._past.clear()
        for listener in self._listeners:
            listener.give_only(self._resync())

    def renew(self, asked: Iterable[bytes], found: dict[bytes, Actor]) -> None:
        """What the sessions asked about are now. Whose session or post has ended hears no more."""
        looked_at = frozenset(asked)
        for listener in self._listeners:
            if listener.session not in looked_at:
                continue
            actor = found.get(listener.session)
            if actor is None:
                listener.end()
            else:
                listener.actor = replace(actor, language=listener.actor.language)

    def close(self) -> None:
        for listener in self._listeners:
            listener.end()

    def _to_each_scope(self, piece_for: Callable[[Actor], bytes], *, personal: bool = False) -> None:
        pieces: dict[tuple[object, ...], bytes] = {}
        for listener in self._listeners:
            scope = (*listener.scope, listener.actor.post_id if personal else None)
            if scope not in pieces:
                pieces[scope] = piece_for(listener.actor)
            if pieces[scope] and not listener.give(pieces[scope]):
                listener.give_only(self._resync())

    def _pieces(self, numbered: Iterable[tuple[int, News]], actor: Actor) -> bytes:
        return b"".join(self._id(number) + event for number, item in numbered if (event := item.for_whom(actor)))

    def _missed(self, latest_id: str, actor: Actor) -> bytes | None:
        """What came after an event; None when that cannot be told any more."""
        boot, _, number = latest_id[:32].partition("-")
        if boot != self._boot or not (number.isascii() and number.isdecimal()) or int(number) > self._number:
            return None
        latest = int(number)
        oldest = self._past[0][0] if self._past else self._number + 1
        if latest + 1 < oldest:
            return None
        return self._pieces(((at, item) for at, item in self._past if at > latest), actor)

    def _resync(self) -> bytes:
        return self._numbered(b"event: resync\ndata: {}\n\n")

    def _numbered(self, piece: bytes) -> bytes:
        return self._id(self._number) + piece

    def _id(self, number: int) -> bytes:
        return f"id: {self._boot}-{number}\n".encode()

    def _count(self) -> None:
        self.sessions = frozenset(listener.session for listener in self._listeners)
        self.languages = frozenset({ANY_LANGUAGE, *(listener.actor.language for listener in self._listeners)})
