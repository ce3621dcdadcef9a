"""Files that wait, after a rotation of the keys (core/resealing.py)."""

from collections import Counter

import structlog

from wangge.core import crypto
from wangge.core.actor import acting
from wangge.core.keyring import CryptoError
from wangge.core.resealing import BY, Elsewhere
from wangge.imports import files
from wangge.imports.models import Batch

log = structlog.get_logger()
SETTLED = (Batch.State.APPLIED, Batch.State.CANCELLED)


def reseal_files() -> int:
    done, current = 0, crypto.reload_keys().current
    for sha256, key in files.kept_files():
        if key == current:
            continue
        try:
            files.seal_anew(sha256)
        except CryptoError as failure:
            log.error("reseal.unreadable", file=sha256, why=str(failure))
            continue
        done += 1
        with acting(BY):
            waits = Batch.objects.filter(file_sha256=sha256).exclude(state__in=SETTLED).exists()
        if not waits:  # its import ended in the meantime
            files.forget(sha256)
    return done


def keys_of_files() -> Counter[str]:
    return Counter(key for _, key in files.kept_files() if key)


WAITING_FILES = Elsewhere("imports.files", reseal_files, keys_of_files)
