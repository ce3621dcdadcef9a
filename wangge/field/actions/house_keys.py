"""The house's own pairs of keys, made at first use: for queues that only the centre opens, and for Web Push."""

from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection

from wangge.core import crypto
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.field.models import HouseKey
from wangge.field.rules.envelopes import jwk_of

CONTEXT = "field_housekey.private"
Purpose = HouseKey.Purpose


def house_key(purpose: str, *, at: datetime) -> HouseKey:
    """The one in use."""
    found = HouseKey.objects.filter(purpose=purpose, ended_at=None).first()
    return found or _make(purpose, at)


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
