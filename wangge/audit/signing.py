"""The house's signature under what leaves it for others to check: Ed25519 (RFC 8032), without Django's database.

The key is derived from the key ring's hash secret, which stays when keys are rotated and goes with every backup: there
is no second secret to keep, and none to lose. Whoever is to check a file later keeps the public key.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wangge.core import crypto

FORMAT = "wangge-journal-export-1"
PURPOSE = "signature of journal exports"


class NotGenuine(Exception):
    """`zh` and `en` say what does not fit."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def signed(statement: dict[str, Any]) -> dict[str, Any]:
    """The statement with the house's key and signature, as it is kept beside the file."""
    key = _private_key()
    whole = {"format": FORMAT, **statement, "public_key": base64.b64encode(_raw(key.public_key())).decode()}
    return {**whole, "signature": base64.b64encode(key.sign(_canonical(whole))).decode()}


def check(path: Path, statement: dict[str, Any], trusted: Ed25519PublicKey) -> None:
    """Raises NotGenuine: another file, another key, or a changed statement."""
    if statement.get("format") != FORMAT:
        raise NotGenuine("签名文件的格式不对。", "The signature file has another format.")
    if path.stat().st_size != statement.get("size") or sha256_of(path) != statement.get("sha256"):
        raise NotGenuine("文件内容与签名时不同。", "The file is not what was signed.")
    try:
        given = base64.b64decode(str(statement.get("public_key")), validate=True)
        signature = base64.b64decode(str(statement.get("signature")), validate=True)
    except ValueError:
        raise NotGenuine("签名文件的格式不对。", "The signature file has another format.") from None
    if given != _raw(trusted):
        raise NotGenuine("签名用的不是这把公钥。", "It was signed with another key than the one trusted here.")
    said = {name: value for name, value in statement.items() if name != "signature"}
    try:
        trusted.verify(signature, _canonical(said))
    except InvalidSignature:
        raise NotGenuine("签名无效，说明被改过。", "The signature does not hold: the statement was changed.") from None


def public_key() -> Ed25519PublicKey:
    return _private_key().public_key()


def public_pem() -> bytes:
    return public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def read_public_pem(content: bytes) -> Ed25519PublicKey:
    """Raises NotGenuine."""
    try:
        key = serialization.load_pem_public_key(content)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise NotGenuine("这不是 Ed25519 公钥。", "This is no Ed25519 public key.")
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """What two people read to each other: the first 16 bytes of the key's SHA-256."""
    digest = hashlib.sha256(_raw(key)).hexdigest()[:32]
    return ":".join(digest[at : at + 4] for at in range(0, 32, 4))


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _private_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(crypto.keyed_hash("ed25519", purpose=PURPOSE))


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _canonical(statement: dict[str, Any]) -> bytes:
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
