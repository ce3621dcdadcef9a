"""The house's own pairs of keys, made at first use: for queues that only the centre opens, and for Web Push."""

import uuid
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connection

from wangge.accounts.permissions import Permission
from wangge.core import crypto
from wangge.core.actor import Actor, acting
from wangge.core.errors import NotAllowed
from wangge.core.ids import new_id
from wangge.field.models import HouseKey
from wangge.field.rules.envelopes import jwk_of

CONTEXT = "field_housekey.private"
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256 (FIPS 186-4, D.1.2.3)
Purpose = HouseKey.Purpose
# As web/src/mobile/queue/books.ts says.
KEEPS_BOOKS = (Permission.FIELD_WORK, Permission.CASE_HANDLE, Permission.CASE_REPORT)


def books_of(by: Actor) -> Permission:
    """By which right their phone keeps books of what is not sent yet (ADR 18): for work in the field, and for what is
    reported and handled by others. Raises NotAllowed."""
    found = next((right for right in KEEPS_BOOKS if by.may(right)), None)
    if found is None:
        raise NotAllowed(permission=Permission.FIELD_WORK)
    return found


def house_key(purpose: str, *, at: datetime) -> HouseKey:
    """The one in use."""
    found = HouseKey.objects.filter(purpose=purpose, ended_at=None).first()
    return found or _make(purpose, at)


def post_key(key: HouseKey, post_id: int) -> ec.EllipticCurvePrivateKey:
    """A pair for one post, out of the house's. Its public half is told to that post and nobody else, so whatever was
    sealed for it came from a phone of that post."""
    secret = private_of(key).private_numbers().private_value.to_bytes(32, "big")
    derived = HKDF(hashes.SHA256(), length=48, salt=None, info=f"wangge post {post_id}".encode()).derive(secret)
    return ec.derive_private_key(int.from_bytes(derived, "big") % (ORDER - 1) + 1, ec.SECP256R1())


def post_key_id(key: HouseKey, post_id: int) -> uuid.UUID:
    """Names the house's key and the post."""
    return uuid.UUID(int=(key.pk.int >> 64 << 64) | post_id)


def key_named(key_id: uuid.UUID) -> tuple[HouseKey, int] | None:
    """The house's key, also one not given out any more, and the post."""
    post_id = key_id.int & (2**64 - 1)
    for key in HouseKey.objects.filter(purpose=Purpose.HANDED_IN):
        if post_key_id(key, post_id) == key_id:
            return key, post_id
    return None


def private_of(key: HouseKey) -> ec.EllipticCurvePrivateKey:
    opened = crypto.unseal(bytes(key.private_sealed), context=CONTEXT, row=str(key.pk))
    private: Any = serialization.load_der_private_key(opened, password=None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)  # noqa: S101 - we made it
    return private


def _make(purpose: str, at: datetime) -> HouseKey:
    with connection.cursor() as cursor:  # two first uses at once make one key
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"house_key:{purpose}"])
    if (found := HouseKey.objects.filter(purpose=purpose, ended_at=None).first()) is not None:
        return found
    private, key = ec.generate_private_key(ec.SECP256R1()), HouseKey(id=new_id(), purpose=purpose, made_at=at)
    plain = private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    key.public = jwk_of(private.public_key())
    key.private_sealed = crypto.seal(plain, context=CONTEXT, row=str(key.pk))
    with acting(Actor.system("house_keys")):
        key.save(force_insert=True)
    return key
