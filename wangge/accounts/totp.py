"""The second factor (RFC 6238, 30 s steps): enrolment, and codes that are good once."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp

from wangge.accounts.models import User
from wangge.core import crypto, qr

STEP_S = 30
DRIFT = 1  # steps a telephone's clock may be off, either way
SECRET_BYTES = 20  # RFC 4226 R6
ISSUER = "wangge"
CONTEXT = "accounts_user.totp"


@dataclass(frozen=True, kw_only=True)
class Enrolment:
    secret: str  # base32, for typing
    uri: str  # otpauth://
    qr_svg: str


def enrolment(user: User, session_token: bytes) -> Enrolment:
    """Made from this one session, never stored: another session, whoever opened it, is shown another secret."""
    secret = pending_secret(session_token)
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.username, issuer_name=ISSUER)
    return Enrolment(secret=secret, uri=uri, qr_svg=qr.drawn(uri))


def pending_secret(session_token: bytes) -> str:
    """`session_token` is the session's stored hash."""
    return base64.b32encode(crypto.keyed_hash(session_token, purpose="totp enrolment")[:SECRET_BYTES]).decode()


def seal_secret(user: User, secret: str) -> bytes:
    return crypto.seal(secret, context=CONTEXT, row=str(user.pk))


def secret_of(user: User) -> str:
    assert user.totp_sealed is not None  # noqa: S101 - confirmed factors have a secret
    return crypto.unseal_text(bytes(user.totp_sealed), context=CONTEXT, row=str(user.pk))


def accepted_step(secret: str, code: str, *, at: datetime, newest: int) -> int | None:
    """The step this code belongs to, when it is near `at` and later than the newest accepted one."""
    totp = pyotp.TOTP(secret)
    present = int(at.timestamp()) // STEP_S
    for step in range(present - DRIFT, present + DRIFT + 1):
        if step > newest and hmac.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None
