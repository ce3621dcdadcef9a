"""Key rings: sealing (AES-256-GCM, SM4-GCM) and keyed hashes (HMAC-SHA256, HMAC-SM3), without Django, files or clock.

Where a ring comes from and how it is kept is `key_source.py`; what the rest of the house calls is `crypto.py`.

A ring as JSON (secrets in base64):

    {"version": 1, "current": "k1",
     "keys": {"k1": {"algorithm": "AES-256-GCM", "secret": "…"}},
     "hash": {"algorithm": "HMAC-SHA256", "secret": "…"}}

A sealed value: version (1 byte), algorithm (1), length of the key id (1), key id, nonce (12), ciphertext, tag (16).
"""

import base64
import binascii
import json
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from wangge.either import either

VERSION = 1
NONCE_BYTES = 12  # NIST SP 800-38D 8.2: 96 random bits, good for 2^32 values under one key
TAG_BYTES = 16
HASH_SECRET_BYTES = 32
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


class Sealer(Protocol):
    def __call__(self, value: str | bytes, row: str = "") -> bytes: ...


class CryptoError(Exception):
    """Keys or sealed values are not as they must be. Never carries a value or a secret."""


class BadRing(CryptoError):
    """The ring cannot be read or contradicts itself."""


class UnknownKey(CryptoError):
    def __init__(self, key_id: str) -> None:
        super().__init__(f"The value was sealed with key {key_id!r}, which the key ring does not hold.")
        self.key_id = key_id


class CannotUnseal(CryptoError):
    """Not a sealed value, changed since, or sealed for another context or row."""


class Algorithm(StrEnum):
    AES_256_GCM = "AES-256-GCM"
    SM4_GCM = "SM4-GCM"  # GB/T 32907-2016

    @property
    def secret_bytes(self) -> int:
        return 32 if self is Algorithm.AES_256_GCM else 16


class HashAlgorithm(StrEnum):
    HMAC_SHA256 = "HMAC-SHA256"
    HMAC_SM3 = "HMAC-SM3"  # GB/T 32905-2016


_CODES = {Algorithm.AES_256_GCM: 1, Algorithm.SM4_GCM: 2}
_ALGORITHMS = {code: algorithm for algorithm, code in _CODES.items()}


@dataclass(frozen=True, kw_only=True)
class Key:
    algorithm: Algorithm
    secret: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class KeyRing:
    current: str
    keys: Mapping[str, Key]
    hash_algorithm: HashAlgorithm
    hash_secret: bytes = field(repr=False)
    _hashers: dict[str, Callable[[str | bytes], bytes]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def generate(
        cls,
        *,
        algorithm: Algorithm = Algorithm.AES_256_GCM,
        hash_algorithm: HashAlgorithm = HashAlgorithm.HMAC_SHA256,
    ) -> "KeyRing":
        return cls(
            current="k1",
            keys={"k1": _new_key(algorithm)},
            hash_algorithm=hash_algorithm,
            hash_secret=os.urandom(HASH_SECRET_BYTES),
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> "KeyRing":
        """Raises BadRing; its message names the place, never the content."""
        try:
            return _checked(_parsed(json.loads(text)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            # `from None`: the cause of a JSON error carries the whole document, secrets included.
            raise BadRing(
                either(
                    f"密钥的内容无法读取（{type(error).__name__}）。",
                    f"The key ring cannot be read ({type(error).__name__}).",
                )
            ) from None

    def to_json(self) -> str:
        document = {
            "version": VERSION,
            "current": self.current,
            "keys": {
                name: {"algorithm": key.algorithm, "secret": _text(key.secret)} for name, key in self.keys.items()
            },
            "hash": {"algorithm": self.hash_algorithm, "secret": _text(self.hash_secret)},
        }
        return json.dumps(document, indent=1)

    def rotated(self, *, algorithm: Algorithm | None = None) -> "KeyRing":
        """A ring with a new current key; the old ones still open what they sealed.

        The hash secret stays: what is found by hash would otherwise be lost until every row is hashed anew.
        """
        number = 1 + max((int(name[1:]) for name in self.keys if re.fullmatch(r"k[0-9]{1,9}", name)), default=0)
        name = f"k{number}"
        key = _new_key(algorithm or self.keys[self.current].algorithm)
        return replace(self, current=name, keys={**self.keys, name: key})

    def seal(self, value: str | bytes, *, context: str, row: str = "") -> bytes:
        """`context` is `table.field`. With `row`, the value opens in that row only (copied elsewhere it does not)."""
        return self.sealer(context)(value, row)

    def sealer(self, context: str) -> "Sealer":
        """`seal` of one context for many values and rows: key and header are made ready once."""
        key, header = self.keys[self.current], self.header
        start, encrypt = _associated_start(header, context), _encrypting(key)

        def seal(value: str | bytes, row: str = "") -> bytes:
            nonce = os.urandom(NONCE_BYTES)
            return header + nonce + encrypt(nonce, _as_bytes(value), start + _measured(row.encode()))

        return seal

    def unseal(self, blob: bytes, *, context: str, row: str = "") -> bytes:
        """Raises UnknownKey, CannotUnseal."""
        blob = bytes(blob)
        code, name, header = _read_header(blob)
        key = self.keys.get(name)
        if key is None:
            raise UnknownKey(name)
        if _CODES[key.algorithm] != code:
            raise CannotUnseal("The sealed value names another algorithm than its key has.")
        nonce, sealed = blob[len(header) : len(header) + NONCE_BYTES], blob[len(header) + NONCE_BYTES :]
        if len(sealed) < TAG_BYTES:
            raise CannotUnseal("The sealed value is cut short.")
        try:
            return _decrypt(key, nonce, sealed, _associated(header, context, row))
        except InvalidTag:
            raise CannotUnseal(f"The value was not sealed for {context}, or was changed.") from None

    def needs_resealing(self, blob: bytes) -> bool:
        """True when another than the current key sealed it. Raises CannotUnseal for what is no sealed value."""
        return _read_header(bytes(blob))[1] != self.current

    @property
    def header(self) -> bytes:
        """What begins every value that the current key sealed, and none that another did."""
        return _header(self.current, self.keys[self.current])

    def without(self, name: str) -> "KeyRing":
        """Values it sealed do not open any more. Raises BadRing for the current key, and for one that is not there."""
        if name == self.current or name not in self.keys:
            raise BadRing(
                either(
                    f"密钥 {name!r} 是当前密钥，或不存在。", f"Key {name!r} is the current key, or is not in the ring."
                )
            )
        return replace(self, keys={other: key for other, key in self.keys.items() if other != name})

    def keyed_hash(self, value: str | bytes, *, purpose: str) -> bytes:
        """32 bytes. Each purpose has its own key, so hashes of one value for two purposes cannot be matched."""
        return self.hasher(purpose)(value)

    def hasher(self, purpose: str) -> Callable[[str | bytes], bytes]:
        """`keyed_hash` of one purpose, whose key is derived once."""
        found = self._hashers.get(purpose)
        if found is None:
            found = self._hashers[purpose] = self._hasher(purpose)
        return found

    def _hasher(self, purpose: str) -> Callable[[str | bytes], bytes]:
        digest = _digest(self.hash_algorithm)
        key = HKDFExpand(algorithm=digest, length=32, info=b"wangge hash " + purpose.encode()).derive(self.hash_secret)
        ready = hmac.HMAC(key, digest)  # its copies share the work on the key, which is more than half of a short hash

        def of(value: str | bytes) -> bytes:
            mac = ready.copy()
            mac.update(_as_bytes(value))
            return mac.finalize()

        return of


def _new_key(algorithm: Algorithm) -> Key:
    return Key(algorithm=algorithm, secret=os.urandom(algorithm.secret_bytes))


def _digest(algorithm: HashAlgorithm) -> hashes.HashAlgorithm:
    return hashes.SHA256() if algorithm is HashAlgorithm.HMAC_SHA256 else hashes.SM3()


def _header(name: str, key: Key) -> bytes:
    return bytes((VERSION, _CODES[key.algorithm], len(name))) + name.encode()


def key_of(blob: bytes) -> str:
    """The id of the key that sealed it. Raises CannotUnseal for what is no sealed value."""
    return _read_header(bytes(blob))[1]


def _associated(header: bytes, context: str, row: str) -> bytes:
    return _associated_start(header, context) + _measured(row.encode())


def _associated_start(header: bytes, context: str) -> bytes:
    return _measured(header) + _measured(context.encode())


def _measured(part: bytes) -> bytes:
    # Lengths first: ("a.b", "c") and ("a.", "bc") must not be the same bytes.
    return len(part).to_bytes(4, "big") + part


def _encrypting(key: Key) -> Callable[[bytes, bytes, bytes], bytes]:
    """Of nonce, plain and associated bytes."""
    if key.algorithm is Algorithm.AES_256_GCM:
        return AESGCM(key.secret).encrypt

    def of_sm4(nonce: bytes, plain: bytes, associated: bytes) -> bytes:
        encryptor = Cipher(SM4(key.secret), GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated)
        return encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    return of_sm4


def _decrypt(key: Key, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
    if key.algorithm is Algorithm.AES_256_GCM:
        return AESGCM(key.secret).decrypt(nonce, sealed, associated)
    decryptor = Cipher(SM4(key.secret), GCM(nonce, sealed[-TAG_BYTES:])).decryptor()
    decryptor.authenticate_additional_data(associated)
    return decryptor.update(sealed[:-TAG_BYTES]) + decryptor.finalize()


def _read_header(blob: bytes) -> tuple[int, str, bytes]:
    """Algorithm code, key id, the header itself."""
    if len(blob) < 3 or blob[0] != VERSION or blob[1] not in _ALGORITHMS:
        raise CannotUnseal("This is not a sealed value.")
    end = 3 + blob[2]
    name = blob[3:end].decode("ascii", errors="replace")
    if not _KEY_ID.fullmatch(name):
        raise CannotUnseal("This is not a sealed value.")
    return blob[1], name, blob[:end]


def _parsed(document: object) -> KeyRing:
    if not isinstance(document, dict) or document["version"] != VERSION:
        raise ValueError("version")
    keys = {
        str(name): Key(algorithm=Algorithm(entry["algorithm"]), secret=_bytes(entry["secret"]))
        for name, entry in document["keys"].items()
    }
    return KeyRing(
        current=document["current"],
        keys=keys,
        hash_algorithm=HashAlgorithm(document["hash"]["algorithm"]),
        hash_secret=_bytes(document["hash"]["secret"]),
    )


def _checked(ring: KeyRing) -> KeyRing:
    if ring.current not in ring.keys:
        raise BadRing(f"The key ring's current key {ring.current!r} is not in it.")
    for name, key in ring.keys.items():
        if not _KEY_ID.fullmatch(name):
            raise BadRing(f"Key id {name!r} must be 1 to 64 letters, digits, dots, dashes or underscores.")
        if len(key.secret) != key.algorithm.secret_bytes:
            raise BadRing(f"Key {name!r} must have {key.algorithm.secret_bytes} bytes for {key.algorithm}.")
    if len(ring.hash_secret) < HASH_SECRET_BYTES:
        raise BadRing(f"The hash secret must have at least {HASH_SECRET_BYTES} bytes.")
    return ring


def _as_bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _text(secret: bytes) -> str:
    return base64.b64encode(secret).decode()


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("base64") from error
