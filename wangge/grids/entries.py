"""The journal entries of this room, and the sign to every process that the map has changed."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.core import journal, revisions
from wangge.core.actor import Actor

REVISION = "grids"


def record(
    kind: str,
    subject: tuple[str, str],
    *,
    code: str,
    by: Actor,
    at: datetime,
    permission: Permission = Permission.GRID_EDIT,
    changed: Iterable[str] = (),
    data: dict[str, Any] | None = None,
) -> None:
    entry = journal.Entry(
        kind=kind, subject=subject, code=code, permission=str(permission), changed=sorted(changed), data=data or {}
    )
    journal.record(entry, by=by, at=at)


def bump() -> None:
    revisions.bump(REVISION)
