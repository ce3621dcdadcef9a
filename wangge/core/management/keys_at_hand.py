"""For commands that write: the keys are made at the first start, and are this database's."""

from django.core.management.base import CommandError

from wangge.core import clock, crypto, key_check
from wangge.core.keyring import CryptoError


def check_keys() -> None:
    """Before anything is sealed or hashed. Raises CommandError."""
    try:
        crypto.ensure_keys()
        key_check.verify(at=clock.now())
    except CryptoError as failure:
        raise CommandError(str(failure)) from failure
