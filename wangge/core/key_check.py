"""Whether the keys at hand are those this database was written with: asked by each process that seals, at its start.

The witness is one value, sealed, and one hash. Other keys neither open the one nor find the other.
"""

from datetime import datetime

from django.db import Error as DatabaseFailure
from django.db import connection, transaction

from wangge.core import crypto
from wangge.core.keyring import CryptoError
from wangge.core.models import KeyWitness
from wangge.either import either

CONTEXT, PURPOSE, WORD = "core_keywitness.sealed", "key-witness", "网格"


class WrongKeys(CryptoError):
    """The keys are not those of this database."""


class CannotAsk(CryptoError):
    """Whether the database was written with keys is not to be found out now."""


def verify(*, at: datetime) -> None:
    """The first start leaves the witness; each later one has to know it. Raises WrongKeys, BadRing."""
    with transaction.atomic():
        if not KeyWitness.objects.exists():
            # Two nodes may start on one new database: the second waits here for the first, and compares like any other.
            KeyWitness.objects.bulk_create([_made(at)], ignore_conflicts=True)
        witness = KeyWitness.objects.select_for_update().get(pk=1)
        if not _is_known(witness):
            raise WrongKeys(
                either(
                    "密钥不是这个数据库的密钥，没有启动，也没有改动任何数据。请从备份中找回原来的密钥（不要新建）。",
                    "The keys are not those of this database; nothing was started or changed. Take the keys from the "
                    "backup; do not make new ones.",
                )
            )
        if crypto.needs_resealing(bytes(witness.sealed)):  # a key that was rotated out may go one day
            KeyWitness.objects.filter(pk=1).update(sealed=_made(at).sealed)


def is_witnessed() -> bool:
    """Whether the database was written with keys; one without tables was not. Raises CannotAsk: a database that is
    away may hold anything."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select to_regclass('core_keywitness') is not null")
            return bool(cursor.fetchone()[0]) and KeyWitness.objects.exists()
    except DatabaseFailure as failure:
        raise CannotAsk(
            either(
                "没有密钥文件，数据库现在也无法查询，不知道它是否已有密钥：没有新建。请先启动数据库，或找回密钥文件。",
                "There is no key file, and the database cannot be asked whether it was written with keys: none was "
                "made. Start the database first, or take the key file from the backup.",
            )
        ) from failure


def _made(at: datetime) -> KeyWitness:
    sealed = crypto.seal(WORD, context=CONTEXT, row="1")
    return KeyWitness(pk=1, sealed=sealed, hashed=crypto.keyed_hash(WORD, purpose=PURPOSE), at=at)


def _is_known(witness: KeyWitness) -> bool:
    try:
        opened = crypto.unseal_text(bytes(witness.sealed), context=CONTEXT, row="1")
    except CryptoError:
        return False
    return opened == WORD and crypto.keyed_hash(WORD, purpose=PURPOSE) == bytes(witness.hashed)
