"""Personal values sealed and found again: what the rest of the house calls.

The ring comes from `WANGGE_KEYS_COMMAND` (key management), else `WANGGE_KEYS` (the ring as JSON), else the file
`WANGGE_KEYS_FILE`, which `ensure_keys()` makes once at the first start. Nothing here logs or shows a value.
"""

import threading
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

    Raises BadRing: no file is made beside a database that was written with other keys.
    """
    from django.conf import settings

    from wangge.core.key_check import is_witnessed

    if not _setting("WANGGE_KEYS_COMMAND") and not _setting("WANGGE_KEYS"):
        path = settings.WANGGE_KEYS_FILE
        if path.exists() or not is_witnessed():
            key_source.create_ring_file(path, algorithm=Algorithm(_setting("WANGGE_CIPHER") or Algorithm.AES_256_GCM))
    reload_keys()


def reload_keys() -> KeyRing:
    global _ring
    ring = _read()
    with _lock:
        _ring = ring
    return ring


def _current() -> KeyRing:
    return _ring or reload_keys()


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
