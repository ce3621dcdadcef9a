"""Web Push (RFC 8291) with our own VAPID key (RFC 8292), to the push services of browsers and nobody else's."""

import base64
import json
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog
from cryptography.hazmat.primitives import serialization
from django.conf import settings
from pywebpush import WebPushException, webpush

from wangge.accounts.models import Session
from wangge.core.actor import Actor, acting
from wangge.core.errors import invalid
from wangge.field.actions.house_keys import Purpose, house_key, private_of
from wangge.field.models import PushSubscription

log = structlog.get_logger()
TIMEOUT_S, KEPT_S = 10, 3600
GONE = (404, 410)
KEY_BYTES, SECRET_BYTES = 65, 16
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
    if _length(p256dh) != KEY_BYTES or _length(auth) != SECRET_BYTES:
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
        rows, over = _of_post(post_id)
        private = _private_key(at) if rows else ""
    data = json.dumps({"text": text, "kind": kind, "id": subject_id}, ensure_ascii=False)
    gone = [row.pk for row in rows if not _sent(row, data, private)]
    if gone or over:
        with acting(Actor.system("push")):
            PushSubscription.objects.filter(pk__in=[*gone, *over]).delete()
    return len(rows) - len(gone)


def _of_post(post_id: int) -> tuple[list[PushSubscription], list[int]]:
    """Those to be rung, and the ids of those whose sign-in has ended."""
    rows = list(PushSubscription.objects.filter(post_id=post_id))
    sessions = Session.objects.filter(pk__in=[row.session_id for row in rows], ended_at=None)
    open_ones = set(sessions.values_list("pk", flat=True)) if rows else set()
    over = [row.pk for row in rows if row.session_id not in open_ones]
    return [row for row in rows if row.session_id in open_ones], over


def _private_key(at: datetime) -> str:
    number = private_of(house_key(Purpose.VAPID, at=at)).private_numbers().private_value
    return _base64url(number.to_bytes(32, "big"))


def _sent(row: PushSubscription, data: str, private: str) -> bool:
    """False where the browser is gone. A service that is away loses this one: the other channel has it too."""
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


def _length(text: str) -> int:
    try:
        return len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        return -1


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
