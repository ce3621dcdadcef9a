"""What a phone seals for the centre (ADR 18): ECDH P-256 with a one-time key, HKDF-SHA-256, AES-256-GCM."""

import base64
import binascii
import json
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

INFO = b"wangge handed-in 1"
VERSION = 1
_COORDINATE = 32


class NotAnEnvelope(Exception):
    """Not one of ours, changed on its way, or sealed for another house."""


def open_envelope(envelope: dict[str, Any], private: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    """What was sealed, as JSON. Raises NotAnEnvelope."""
    try:
        if envelope["v"] != VERSION:
            raise NotAnEnvelope
        shared = private.exchange(ec.ECDH(), public_of(envelope["epk"]))
        key = _derive(shared)
        plain = AESGCM(key).decrypt(_bytes(envelope["iv"]), _bytes(envelope["data"]), None)
        opened = json.loads(plain)
    except (KeyError, TypeError, ValueError, InvalidTag, RecursionError) as wrong:
        raise NotAnEnvelope from wrong
    if not isinstance(opened, dict):
        raise NotAnEnvelope
    return opened


def seal_envelope(content: dict[str, Any], public: dict[str, Any], iv: bytes) -> dict[str, Any]:
    """As the phone does it; here for tests and for the demonstration. `iv`: 12 bytes, never used again."""
    private = ec.generate_private_key(ec.SECP256R1())
    key = _derive(private.exchange(ec.ECDH(), public_of(public)))
    data = AESGCM(key).encrypt(iv, json.dumps(content).encode(), None)
    text = {"iv": base64.b64encode(iv).decode(), "data": base64.b64encode(data).decode()}
    return {"v": VERSION, "epk": jwk_of(private.public_key()), **text}


def jwk_of(public: ec.EllipticCurvePublicKey) -> dict[str, str]:
    numbers = public.public_numbers()
    x, y = (_base64url(value.to_bytes(_COORDINATE, "big")) for value in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}


def public_of(jwk: dict[str, Any]) -> ec.EllipticCurvePublicKey:
    """Raises KeyError, TypeError, ValueError (also for a point that is not on the curve)."""
    if jwk["crv"] != "P-256":
        raise ValueError(jwk["crv"])
    x, y = (int.from_bytes(_bytes(jwk[name]), "big") for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def _derive(shared: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=None, info=INFO).derive(shared)


def _bytes(text: str) -> bytes:
    """Base64, either alphabet, padded or not. Raises ValueError."""
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error as wrong:
        raise ValueError("not base64") from wrong


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
