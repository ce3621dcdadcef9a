"""Whether the keys at hand are those this database was written with: asked at each start, before anything is sealed.

The witness is one value, sealed, and one hash. Other keys neither open the one nor find the other.
"""

from datetime import datetime

from django.db import Error as DatabaseFailure
from django.db import connection, transaction

from wangge.core import crypto
from wangge.core.keyring import CryptoError
from wangge.core.models import KeyWitness

CONTEXT, PURPOSE, WORD = "core_keywitness.sealed", "key-witness", "网格"


class WrongKeys(CryptoError):
    """The keys are not those of this database."""


def verify(*, at: datetime) -> None:
    """The first start leaves the witness; each later one has to know it. Raises WrongKeys, BadRing."""
    with transaction.atomic():
        witness = KeyWitness.objects.select_for_update().filter(pk=1).first()
        if witness is None:
            KeyWitness.objects.bulk_create([_made(at)], ignore_conflicts=True)
            return
        if not _is_known(witness):
            raise WrongKeys(
                "密钥不是这个数据库的密钥，没有启动，也没有改动任何数据。请从备份中找回原来的密钥（不要新建）。 "
                "The keys are not those of this database; nothing was started or changed. Take the keys from the "
                "backup; do not make new ones."
            )
        if crypto.needs_resealing(bytes(witness.sealed)):  # a key that was rotated out may go one day
            KeyWitness.objects.filter(pk=1).update(sealed=_made(at).sealed)


def is_witnessed() -> bool:
    """Whether there is a database that was written with keys. False where none can be asked."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select to_regclass('core_keywitness') is not null")
            return bool(cursor.fetchone()[0]) and KeyWitness.objects.exists()
    except DatabaseFailure:
        return False


def _made(at: datetime) -> KeyWitness:
    sealed = crypto.seal(WORD, context=CONTEXT, row="1")
    return KeyWitness(pk=1, sealed=sealed, hashed=crypto.keyed_hash(WORD, purpose=PURPOSE), at=at)


def _is_known(witness: KeyWitness) -> bool:
    try:
        opened = crypto.unseal_text(bytes(witness.sealed), context=CONTEXT, row="1")
    except CryptoError:
        return False
    return opened == WORD and crypto.keyed_hash(WORD, purpose=PURPOSE) == bytes(witness.hashed)
