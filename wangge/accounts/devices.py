"""Devices on which somebody has signed in before: a signed cookie that says for whom, and nothing else.

Their failures are counted apart, so that a stranger who keeps typing somebody's name cannot lock them out of their own
desk. The cookie opens nothing; who steals it may guess a few more times.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

from wangge.core import crypto

COOKIE = "wangge_device"
PATH = "/api/session"
KEPT = timedelta(days=180)
SALT = "wangge.accounts.devices"
MOST_NAMES = 12  # people who share a desk
ID_BYTES = 12


@dataclass(frozen=True)
class Device:
    """`names`: hashes of the user names that signed in here, newest first."""

    id: str
    names: tuple[str, ...]


def known_device(cookie: str, username: str) -> str:
    """The id of the device if this person has signed in on it before, else ""."""
    device = _read(cookie)
    return device.id if device is not None and _hash(username) in device.names else ""


def with_name(cookie: str, username: str) -> str:
    """The cookie once this person has signed in here."""
    device = _read(cookie) or Device(secrets.token_urlsafe(ID_BYTES), ())
    mine = _hash(username)
    names = [mine, *(name for name in device.names if name != mine)][:MOST_NAMES]
    return signing.dumps([device.id, names], salt=SALT)


def _read(cookie: str) -> Device | None:
    if not cookie:
        return None
    try:
        id, names = signing.loads(cookie, salt=SALT, max_age=KEPT)
    except signing.BadSignature:
        return None
    return Device(id, tuple(names))


def _hash(username: str) -> str:
    return crypto.keyed_hash(username, purpose="device").hex()[:16]
