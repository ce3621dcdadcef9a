"""Terminals: registered by their own first call, bound to a post, released, signed out from afar."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from wangge.accounts.actions.sessions import end_sessions
from wangge.accounts.auth import token_hash
from wangge.accounts.models import Post, Session
from wangge.accounts.permissions import Permission
from wangge.core import clock, journal
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotFound, invalid
from wangge.field.actions.duty import end_by_office, place_of
from wangge.field.models import Terminal
from wangge.grids.models import Grid

KEY_BYTES = 10  # 80 bits, and short enough to be typed into another application
SESSIONS_KEPT = 8
SHORTEST_REASON = 2


class TerminalReleased(Conflict):
    code = "terminal.released"
    zh = "这台终端已解除绑定。"
    en = "This terminal has been released."


class CarriedElsewhere(Conflict):
    code = "terminal.carried_elsewhere"
    zh = "这台设备已绑定在您辖区之外的岗位，请联系对方指挥中心先解除绑定。"
    en = "This device is bound to a post outside your area; that centre must release it first."


@dataclass(frozen=True, kw_only=True)
class Registered:
    """What a phone says of itself. `device` was made by it once and stays."""

    device: str
    name: str = ""
    version: str = ""


@dataclass(frozen=True, kw_only=True)
class NewKey:
    """Shown once."""

    terminal: Terminal
    key: str


def register_terminal(*, phone: Registered, by: Actor, at: datetime) -> Terminal:
    """With each sign-in. The first phone of a post that nobody else carries is bound at once; another one waits.

    Raises NotAllowed.
    """
    by.require(Permission.FIELD_WORK)
    mine = Terminal.objects.visible_to(by).select_for_update(no_key=True)
    terminal = mine.in_use().filter(device=phone.device, post_id=by.post_id or 0).first()
    if terminal is None:
        return _first_call(phone, by, at)
    changed = [name for name in ("name", "version") if getattr(terminal, name) != getattr(phone, name)]
    terminal.name, terminal.version, terminal.seen_at = phone.name, phone.version, at
    terminal.session_ids = _with_session(terminal.session_ids, by)
    terminal.save(update_fields=["name", "version", "seen_at", "session_ids"])
    if changed:
        _record("terminal.changed", terminal, by=by, at=at, changed=changed)
    return terminal


def give_tracker_key(*, by: Actor, at: datetime, post_id: int | None = None) -> NewKey:
    """For a background tracker of one's own post, or of another by the office. The key before is worth nothing.

    Raises NotAllowed, NotFound.
    """
    by.require(Permission.FIELD_WORK if post_id in {None, by.post_id} else Permission.TERMINAL_EDIT)
    post = _post(by, post_id or by.post_id or 0, at)
    for old in Terminal.objects.in_use().filter(post=post, kind=Terminal.Kind.TRACKER):
        _release(old, by=by, at=at, why="key_replaced")
    key = secrets.token_hex(KEY_BYTES)
    terminal = _made(post, device=f"tracker-{secrets.token_hex(8)}", at=at)
    terminal.kind, terminal.name, terminal.key_hash = Terminal.Kind.TRACKER, "Traccar Client", token_hash(key)
    terminal.bound_at = at
    terminal.save(force_insert=True)
    _record("terminal.key_given", terminal, by=by, at=at)
    return NewKey(terminal=terminal, key=key)


def bind_terminal(*, terminal_id: int, by: Actor, at: datetime, post_id: int | None = None) -> Terminal:
    """To its own post, or to another; what stood in the way is released.

    Raises NotFound, NotAllowed, TerminalReleased, CarriedElsewhere.
    """
    terminal = _hold(by, terminal_id)
    if post_id is not None and post_id != terminal.post_id:
        terminal = _handed_over(terminal, _post(by, post_id, at), by=by, at=at)
    elif terminal.bound_at is not None:
        return terminal
    others = Q(post_id=terminal.post_id, kind=terminal.kind) | Q(device=terminal.device)
    for other in Terminal.objects.in_use().filter(others, bound_at__isnull=False).exclude(pk=terminal.pk):
        _release(other, by=by, at=at, why="replaced")
        _end_sessions(other, why="terminal_released", by=by, at=at)
    terminal.bound_at = at
    try:
        with transaction.atomic():
            terminal.save()
    except IntegrityError as elsewhere:
        raise CarriedElsewhere() from elsewhere
    _record("terminal.bound", terminal, by=by, at=at, changed=["post"], permission=Permission.TERMINAL_EDIT)
    return terminal


def release_terminal(*, terminal_id: int, by: Actor, at: datetime) -> Terminal:
    """解除绑定; its sessions end, a tracker's key is worth nothing. Raises as bind_terminal."""
    terminal = _hold(by, terminal_id)
    _release(terminal, by=by, at=at, why="released")
    _end_sessions(terminal, why="terminal_released", by=by, at=at)
    return terminal


def sign_out_terminal(*, terminal_id: int, reason: str, by: Actor, at: datetime) -> Terminal:
    """远程下线 of a lost phone: its sessions end, and so does duty. Raises as bind_terminal, Invalid."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise invalid("reason", "请写明远程下线的原因。", "Say why it is signed out.")
    terminal = _hold(by, terminal_id)
    terminal.signed_out_at, terminal.signed_out_why = at, reason.strip()
    _end_sessions(terminal, why="terminal_signed_out", by=by, at=at)
    if terminal.kind == Terminal.Kind.TRACKER:
        _release(terminal, by=by, at=at, why="signed_out")
    terminal.save(update_fields=["signed_out_at", "signed_out_why", "session_ids"])
    end_by_office(post_id=terminal.post_id, by=by, at=at)
    data = {"reason": reason.strip()}
    _record("terminal.signed_out", terminal, by=by, at=at, data=data, permission=Permission.TERMINAL_EDIT)
    return terminal


def _first_call(phone: Registered, by: Actor, at: datetime) -> Terminal:
    post = Post.objects.select_related("unit").get(pk=by.post_id or 0)
    terminal = _made(post, device=phone.device, at=at)
    terminal.name, terminal.version, terminal.code = phone.name, phone.version, place_of(by)
    terminal.session_ids = _with_session([], by)
    if not _binds(terminal, at):
        terminal.save(force_insert=True)
    _record("terminal.registered", terminal, by=by, at=at, data={"bound": terminal.bound_at is not None})
    return terminal


def _handed_over(terminal: Terminal, post: Post, *, by: Actor, at: datetime) -> Terminal:
    """The row of the post before stays as history; the device gets a new one."""
    _release(terminal, by=by, at=at, why="handed_over")
    _end_sessions(terminal, why="terminal_handed_over", by=by, at=at)
    waiting = Terminal.objects.in_use().filter(post=post, device=terminal.device).first()
    if waiting is not None:
        return waiting
    made = _made(post, device=terminal.device, at=at)
    made.kind, made.name, made.version, made.seen_at = terminal.kind, terminal.name, terminal.version, terminal.seen_at
    return made


def _made(post: Post, *, device: str, at: datetime) -> Terminal:
    code = next(iter(post.codes), "") or post.unit.division
    return Terminal(device=device, post=post, code=code, grid=_general_grid(post.codes), registered_at=at, seen_at=at)


def _general_grid(codes: Sequence[str]) -> str:
    if not codes:
        return ""
    general = Grid.objects.filter(code__in=list(codes), type=Grid.Type.GENERAL).order_by("code")
    return general.values_list("code", flat=True).first() or ""


def _with_session(ids: Sequence[int], by: Actor) -> list[int]:
    if by.session_id is None:
        return list(ids)
    return [*(one for one in ids if one != by.session_id), by.session_id][-SESSIONS_KEPT:]


def _end_sessions(terminal: Terminal, *, why: str, by: Actor, at: datetime) -> None:
    sessions = Session.objects.select_related("post__unit", "user").filter(pk__in=terminal.session_ids)
    end_sessions(sessions, why=why, by=by, at=at, permission=Permission.TERMINAL_EDIT)
    terminal.session_ids = []
    if terminal.pk:
        terminal.save(update_fields=["session_ids"])


def _release(terminal: Terminal, *, by: Actor, at: datetime, why: str) -> None:
    terminal.released_at, terminal.key_hash = at, None
    terminal.save(update_fields=["released_at", "key_hash"])
    _record("terminal.released", terminal, by=by, at=at, changed=["post"], data={"why": why})


def _hold(by: Actor, terminal_id: int) -> Terminal:
    by.require(Permission.TERMINAL_EDIT)
    rows = Terminal.objects.visible_to(by).select_for_update(no_key=True, of=("self",))
    terminal = rows.filter(pk=terminal_id).first()
    if terminal is None:
        raise NotFound()
    if terminal.released_at is not None:
        raise TerminalReleased()
    return terminal


def _post(by: Actor, post_id: int, at: datetime) -> Post:
    """One's own, or one in one's area that works in the field."""
    rows = Post.objects.select_related("unit", "role").filter(pk=post_id, revoked_at=None).open_on(clock.day_of(at))
    post = rows.first()
    if post is None or Permission.FIELD_WORK not in post.role.permissions:
        raise NotFound()
    code = next(iter(post.codes), "") or post.unit.division
    if post.pk != by.post_id and not by.covers(code):
        raise NotFound()
    return post


def _binds(terminal: Terminal, at: datetime) -> bool:
    """Where neither is bound already; not asked before, for whoever holds the device may lie outside our sight."""
    terminal.bound_at = at
    try:
        with transaction.atomic():
            terminal.save(force_insert=True)
    except IntegrityError:
        terminal.bound_at = None
        return False
    return True


def _record(
    kind: str,
    terminal: Terminal,
    *,
    by: Actor,
    at: datetime,
    changed: Sequence[str] = (),
    data: dict[str, Any] | None = None,
    permission: str = "",
) -> None:
    entry = journal.Entry(
        kind=kind,
        subject=("terminal", str(terminal.pk)),
        code=terminal.code,
        permission=permission or Permission.FIELD_WORK,
        changed=changed,
        data={"post": terminal.post_id, "kind": terminal.kind, "version": terminal.version, **(data or {})},
    )
    journal.record(entry, by=by, at=at)
