"""Web Push (RFC 8291) with our own VAPID key (RFC 8292), to the push services of browsers and nobody else's."""

import base64
import json
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlsplit

import structlog
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.db.models import Q

from wangge.accounts.models import Session
from wangge.core.actor import Actor, acting
from wangge.core.errors import invalid
from wangge.field.actions.house_keys import Purpose, house_key, private_of
from wangge.field.models import PushSubscription

log = structlog.get_logger()
TIMEOUT_S, KEPT_S = 10, 3600
GONE = (404, 410)
POINT_BYTES, SECRET_BYTES = 65, 16  # the point uncompressed (RFC 8291 §2.1, §3.2)
# A subscription is an address that this house will call: only those of browsers, or others could have it call anybody.
SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    ".push.apple.com",
    ".notify.windows.com",
)


def public_key(*, at: datetime) -> str:
    """What a page subscribes with: the uncompressed point, base64url."""
    point = private_of(house_key(Purpose.VAPID, at=at)).public_key()
    raw = point.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return _base64url(raw)


def subscribe(*, endpoint: str, p256dh: str, auth: str, device: str, by: Actor, at: datetime) -> None:
    """Again is harmless; a browser that signs in for another post rings for that one. Raises Invalid."""
    if not _is_service(endpoint):
        raise invalid("endpoint", "不是可用的推送服务地址。", "This is not a push service that we use.")
    if not _are_keys(p256dh, auth):
        raise invalid("keys", "订阅的密钥不完整。", "The keys of the subscription are not whole.")
    with acting(Actor.system("push")):  # it may have rung for somebody else before
        PushSubscription.objects.update_or_create(
            endpoint=endpoint,
            defaults={
                "p256dh": p256dh,
                "auth": auth,
                "post_id": by.post_id or 0,
                "session_id": by.session_id or 0,
                "device": device,
                "made_at": at,
            },
        )


def unsubscribe(*, endpoint: str, by: Actor) -> None:
    PushSubscription.objects.filter(endpoint=endpoint, post_id=by.post_id or 0).delete()


def ring(post_id: int, *, text: str, kind: str, subject_id: str, at: datetime) -> int:
    """How many browsers are still there; those gone or signed out are forgotten. No transaction is
    open while a service is spoken to, unless the caller has one."""
    with acting(Actor.system("push")):
        rows = _of_post(post_id)
        private = _private_key(at) if rows else ""
    data = json.dumps({"text": text, "kind": kind, "id": subject_id}, ensure_ascii=False)
    gone = [row for row in rows if not _sent(row, data, private)]
    if gone:
        with acting(Actor.system("push")):
            _forget(gone)
    return len(rows) - len(gone)


def _of_post(post_id: int) -> list[PushSubscription]:
    """Those to be rung; those whose sign-in has ended are deleted under the same lock, so that one that is being
    renewed by a new sign-in is either renewed before or made anew after."""
    rows = list(PushSubscription.objects.select_for_update().filter(post_id=post_id).order_by("pk"))
    sessions = Session.objects.filter(pk__in=[row.session_id for row in rows], ended_at=None)
    open_ones = set(sessions.values_list("pk", flat=True)) if rows else set()
    over = [row.pk for row in rows if row.session_id not in open_ones]
    if over:
        PushSubscription.objects.filter(pk__in=over).delete()
    return [row for row in rows if row.session_id in open_ones]


def _forget(gone: list[PushSubscription]) -> None:
    """Only as they were rung: services take their time, and a browser may have subscribed again meanwhile."""
    as_rung = [Q(pk=row.pk, session_id=row.session_id, made_at=row.made_at) for row in gone]
    PushSubscription.objects.filter(reduce(or_, as_rung)).delete()


def _private_key(at: datetime) -> str:
    number = private_of(house_key(Purpose.VAPID, at=at)).private_numbers().private_value
    return _base64url(number.to_bytes(32, "big"))


def _sent(row: PushSubscription, data: str, private: str) -> bool:
    """False where the browser is gone, or can never be written to. A service that is away loses this one: the other
    channel has it too."""
    from pywebpush import WebPushException, webpush  # its HTTP client is a quarter of a second of every start

    where: Any = {"endpoint": row.endpoint, "keys": {"p256dh": row.p256dh, "auth": row.auth}}
    claims: dict[str, str | int] = {"sub": settings.PUSH_CONTACT}
    try:
        webpush(where, data, vapid_private_key=private, vapid_claims=claims, ttl=KEPT_S, timeout=TIMEOUT_S)
    except WebPushException as problem:
        status = getattr(problem.response, "status_code", None)
        log.warning("push.web_refused", status=status)
        return status not in GONE
    except OSError as problem:
        log.warning("push.web_away", why=type(problem).__name__)
    except ValueError:
        if _are_keys(row.p256dh, row.auth):
            raise
        log.warning("push.web_keys")
        return False
    return True


def _is_service(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or port not in (None, 443) or parts.username or parts.password:
        return False
    allowed = (*SERVICES, *settings.PUSH_HOSTS)
    return any(host == one or (one.startswith(".") and host.endswith(one)) for one in allowed)


def _are_keys(p256dh: str, auth: str) -> bool:
    """Sixty-five bytes are not yet a point of the curve, and nothing can be sealed for one that is none."""
    point = _bytes(p256dh)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        return False
    return len(point) == POINT_BYTES and len(_bytes(auth)) == SECRET_BYTES


def _bytes(text: str) -> bytes:
    """Empty where it is no base64url."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
