"""Journal entries about people and units: what happened, to whom by reference, and where, for whoever may read it."""

from collections.abc import Iterable, Sequence
from typing import Any

from wangge.accounts.models import Post, Role, Session, Unit, User
from wangge.core.journal import Entry


def about_unit(kind: str, unit: Unit, *, permission: str, changed: Sequence[str] = ()) -> Entry:
    return _entry(kind, ("unit", unit.pk), [unit], permission=permission, changed=changed)


def about_account(
    kind: str, user: User, units: Iterable[Unit], *, permission: str = "", changed: Sequence[str] = ()
) -> Entry:
    return _entry(kind, ("account", user.pk), units, permission=permission, changed=changed)


def about_post(kind: str, post: Post, *, permission: str) -> Entry:
    data: dict[str, Any] = {"account": post.user_id, "unit": post.unit_id, "role": post.role.code, "codes": post.codes}
    return _entry(kind, ("post", post.pk), [post.unit], permission=permission, **data)


def about_session(kind: str, session: Session, *, permission: str = "", **data: Any) -> Entry:
    units = [session.post.unit] if session.post is not None else []
    data = {"account": session.user_id, "post": session.post_id, **data}
    return _entry(kind, ("session", session.pk), units, permission=permission, **data)


def about_role(kind: str, role: Role, *, permission: str, added: Sequence[str], removed: Sequence[str]) -> Entry:
    data = {"role": role.code, "added": list(added), "removed": list(removed)}
    return _entry(kind, ("role", role.pk), [], permission=permission, changed=["permissions"], **data)


def _entry(
    kind: str,
    subject: tuple[str, int],
    units: Iterable[Unit],
    *,
    permission: str = "",
    changed: Sequence[str] = (),
    **data: Any,
) -> Entry:
    held = sorted(units, key=lambda unit: unit.path)
    return Entry(
        kind=kind,
        subject=(subject[0], str(subject[1])),
        code=held[0].division if held else "",
        unit_paths=[unit.path for unit in held],
        permission=permission,
        changed=changed,
        data=data,
    )
