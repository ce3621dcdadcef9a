"""The api process. With other keys than the database's, or without the database, it does not start."""

from wangge.core.loading import loading

with loading():
    from django.db import connection

    from wangge.config.application import application
    from wangge.core import clock, key_check
    from wangge.core.keyring import CryptoError

__all__ = ["application"]

try:
    key_check.verify(at=clock.now())
except CryptoError as failure:
    raise SystemExit(str(failure)) from None  # for who starts it: a sentence, and no way through our modules
finally:
    connection.close()
