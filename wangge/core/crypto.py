"""Personal values sealed and found again: what the rest of the house calls.

The ring comes from `WANGGE_KEYS_COMMAND` (key management), else `WANGGE_KEYS` (the ring as JSON), else the file
`WANGGE_KEYS_FILE`, which `ensure_keys()` makes once at the first start. Nothing here logs or shows a value.
"""

import threading
import time
from collections.abc import Callable

from wangge.core import key_source
from wangge.core.keyring import Algorithm, CannotUnseal, CryptoError, KeyRing, Sealer, UnknownKey
from wangge.core.phone_numbers import normalise_phone

__all__ = [
    "CannotUnseal",
    "CryptoError",
    "UnknownKey",
    "ensure_keys",
    "hash_phone",
    "hasher",
    "header",
    "keyed_hash",
    "needs_resealing",
    "reload_keys",
    "seal",
    "sealer",
    "unseal",
    "unseal_text",
]

_lock = threading.Lock()
_ring: KeyRing | None = None
_stamp: tuple[int, int] | None = None
_looked_at = 0.0
LOOK_EVERY_S = 30


def seal(value: str | bytes, *, context: str, row: str = "") -> bytes:
    """`context` is `table.field`; with `row` (its id as text) the value opens in that row alone."""
    return _current().seal(value, context=context, row=row)


def sealer(context: str) -> Sealer:
    """`seal` of one context for many values: do not keep it, the ring may change."""
    return _current().sealer(context)


def unseal(blob: bytes, *, context: str, row: str = "") -> bytes:
    """Raises UnknownKey, CannotUnseal (other context or row, or changed)."""
    try:
        return _current().unseal(blob, context=context, row=row)
    except UnknownKey:
        # Another process may have rotated the ring since we read it.
        return reload_keys().unseal(blob, context=context, row=row)


def unseal_text(blob: bytes, *, context: str, row: str = "") -> str:
    return unseal(blob, context=context, row=row).decode()


def needs_resealing(blob: bytes) -> bool:
    return _current().needs_resealing(blob)


def header() -> bytes:
    """What begins every value that the current key sealed."""
    return _current().header


def keyed_hash(value: str | bytes, *, purpose: str) -> bytes:
    """32 bytes, the same for equal values; normalise first. One purpose's hashes cannot be matched with another's."""
    return _current().keyed_hash(value, purpose=purpose)


def hasher(purpose: str) -> Callable[[str | bytes], bytes]:
    """`keyed_hash` of one purpose for many values: do not keep it, the ring may change."""
    return _current().hasher(purpose)


def hash_phone(text: str) -> bytes | None:
    """The hash a telephone number is found by, however it was written; None when it is no telephone number."""
    number = normalise_phone(text)
    return None if number is None else keyed_hash(number, purpose="phone")


def ensure_keys() -> None:
    """Called at start-up: makes the key file when the ring is kept in one and there is none; then reads the ring.

    Raises BadRing, CannotAsk: no file is made beside a database that was, or may have been, written with other keys.
    """
    from django.conf import settings

    from wangge.core.key_check import is_witnessed

    if not kept_elsewhere():
        path = settings.WANGGE_KEYS_FILE
        if path.exists() or not is_witnessed():
            key_source.create_ring_file(path, algorithm=Algorithm(_setting("WANGGE_CIPHER") or Algorithm.AES_256_GCM))
    reload_keys()


def kept_elsewhere() -> bool:
    """The ring comes from the environment or a command, not from a file of ours."""
    return bool(_setting("WANGGE_KEYS_COMMAND") or _setting("WANGGE_KEYS"))


def reload_keys() -> KeyRing:
    global _ring, _stamp, _looked_at
    stamp, looked_at = _stamp_of_file(), time.monotonic()
    ring = _read()
    with _lock:
        _ring, _stamp, _looked_at = ring, stamp, looked_at
    return ring


def _current() -> KeyRing:
    """Who only seals meets no value of a newer key: that the file was changed is noticed within LOOK_EVERY_S."""
    global _looked_at
    ring = _ring
    if ring is None:
        return reload_keys()
    if time.monotonic() - _looked_at < LOOK_EVERY_S:
        return ring
    _looked_at = time.monotonic()
    return ring if _stamp_of_file() in (_stamp, None) else _rotated(ring)


def _rotated(ring: KeyRing) -> KeyRing:
    """The file's ring, where it is ours after a rotation; a running process takes no other keys (key_check.py)."""
    try:
        fresh = _read()
    except CryptoError:
        return ring
    same = (fresh.hash_secret, fresh.hash_algorithm) == (ring.hash_secret, ring.hash_algorithm)
    return reload_keys() if same else ring


def _stamp_of_file() -> tuple[int, int] | None:
    """None where there is no file to look at; the ring that was read stays good."""
    from django.conf import settings

    try:
        status = None if kept_elsewhere() else settings.WANGGE_KEYS_FILE.stat()
    except OSError:
        return None
    return status and (status.st_ino, status.st_mtime_ns)


def _read() -> KeyRing:
    # Settings are read here, not at import, so that key work needs no Django.
    from django.conf import settings

    if command := _setting("WANGGE_KEYS_COMMAND"):
        return key_source.ring_from_command(command)
    if text := _setting("WANGGE_KEYS"):
        return KeyRing.from_json(text)
    return key_source.read_ring_file(settings.WANGGE_KEYS_FILE)


def _setting(name: str) -> str:
    from django.conf import settings

    return str(getattr(settings, name, ""))
