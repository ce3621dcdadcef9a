"""Who acts: which person, in which post, with which permissions, where.

Set once for each request or task, in the transaction that every request and task is. The same values go to PostgreSQL
(`wangge.*`, transaction-local), where row-level security reads them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connection, transaction

from wangge.core import codes
from wangge.core.errors import NotAllowed

SYSTEM = "system"
PERSON = "person"
PUBLIC = "public"
PARTNER = "partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    kind: str = PERSON
    name: str = ""
    user_id: int | None = None
    post_id: int | None = None
    session_id: int | None = None
    unit_id: int | None = None
    unit_name: str = ""
    unit_kind: str = ""  # centre, department, branch
    unit_path: str = ""  # "320104/D03/B1/": the unit and its branches are the range [path, path + "~")
    division: str = ""  # the division of the unit
    role: str = ""
    permissions: frozenset[str] = frozenset()
    ranges: tuple[str, ...] = ()  # code prefixes the post looks after; "" is everywhere
    language: str = "zh"

    @classmethod
    def system(cls, name: str) -> "Actor":
        """A task of the house itself: sees everything, signs with its name."""
        return cls(kind=SYSTEM, name=name, permissions=frozenset({"*"}), ranges=("",))

    @classmethod
    def public(cls, language: str = "zh") -> "Actor":
        """A resident without an account."""
        return cls(kind=PUBLIC, name="居民", language=language)

    @property
    def is_system(self) -> bool:
        return self.kind == SYSTEM

    def may(self, permission: str) -> bool:
        return permission in self.permissions or "*" in self.permissions

    def covers(self, code: str) -> bool:
        return codes.covers(self.ranges, code)

    def require(self, permission: str) -> None:
        if not self.may(permission):
            raise NotAllowed(permission=permission)


_actor: ContextVar[Actor | None] = ContextVar("actor", default=None)

SETTINGS_SQL = """
    set_config('wangge.kind', %s, true), set_config('wangge.user', %s, true), set_config('wangge.post', %s, true),
    set_config('wangge.unit', %s, true), set_config('wangge.ranges', %s, true),
    set_config('wangge.permissions', %s, true)
"""


def current() -> Actor:
    """The actor of this request or task. Raises LookupError outside one: a write without an actor is a bug."""
    actor = _actor.get()
    if actor is None:
        raise LookupError("no actor is set")
    return actor


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """One transaction in which `actor` acts. Nested, it is a savepoint, and the outer actor is set again after it."""
    outer = _actor.get()
    with transaction.atomic():
        set_in_database(actor)
        token = _actor.set(actor)
        try:
            yield actor
        finally:
            _actor.reset(token)
        if outer is not None or connection.savepoint_ids:
            set_in_database(outer or Actor(kind="nobody"))


def begin(actor: Actor | None) -> None:
    """For a request: its sign-in statement has set the actor in the database; None forgets the request before."""
    _actor.set(actor)


def set_in_database(actor: Actor) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select " + SETTINGS_SQL, settings_values(actor))


def settings_values(actor: Actor) -> list[str]:
    return [
        actor.kind,
        str(actor.user_id or ""),
        str(actor.post_id or ""),
        actor.unit_path,
        ",".join(actor.ranges) if actor.ranges else "-",  # "" alone would be everywhere
        "," + ",".join(sorted(actor.permissions)) + ",",
    ]
