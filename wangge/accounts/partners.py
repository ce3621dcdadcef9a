"""Requests that another system signs with its key: who it is, that nothing was changed, and that it comes once.

The signature is HMAC-SHA256 over five lines: method, path with query, time, nonce, SHA-256 of the body; see
docs/partners.md.
"""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.http import HttpRequest
from ninja.security import APIKeyHeader

from wangge.accounts.auth import language
from wangge.accounts.models import PartnerSystem
from wangge.core import actor, clock, crypto
from wangge.core.actor import PARTNER, Actor
from wangge.core.errors import NotSignedIn

CODE_HEADER = "X-Wangge-Partner"
TIME_HEADER = "X-Wangge-Time"
NONCE_HEADER = "X-Wangge-Nonce"
SIGNATURE_HEADER = "X-Wangge-Signature"

WINDOW = timedelta(minutes=5)  # how far the partner's clock may be off, either way
NOTED_EVERY = timedelta(minutes=1)
NONCE = re.compile(r"[A-Za-z0-9_.-]{16,64}")
CONTEXT = "accounts_partnersystem.key"


class PartnerRefused(NotSignedIn):
    """Unknown, disabled and wrongly signed look alike."""

    code = "partner.refused"
    zh = "系统代号或签名不正确。"
    en = "The system code or the signature is not right."


class PartnerClock(NotSignedIn):
    code = "partner.clock"
    zh = "请求时间与本机相差超过 5 分钟，请校准时钟。"
    en = "The time of the request is more than 5 minutes off; set your clock."


class PartnerReplay(NotSignedIn):
    code = "partner.replayed"
    zh = "这个请求已经收到过。"
    en = "This request was received before."


class PartnerAuth(APIKeyHeader):
    """An Actor of kind `partner`: its code as name, its ranges, its permissions. Sets it in the database too."""

    param_name = CODE_HEADER

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor:
        found = who_signed(request, key or "", at=clock.now())
        actor.set_in_database(found)
        actor.begin(found)
        return found


def who_signed(request: HttpRequest, code: str, *, at: datetime) -> Actor:
    """Raises PartnerRefused, PartnerClock, PartnerReplay."""
    sent, nonce = request.headers.get(TIME_HEADER, ""), request.headers.get(NONCE_HEADER, "")
    partner = PartnerSystem.objects.filter(code=code, is_active=True).first() if "\0" not in code else None
    if partner is None or not NONCE.fullmatch(nonce):
        raise PartnerRefused()
    text = text_to_sign(request.method or "", _path_as_sent(request), sent, nonce, request.body)
    given = request.headers.get(SIGNATURE_HEADER, "").encode()
    fits = [hmac.compare_digest(signature(key, text), given) for key in _keys_of(partner, at)]
    if not any(fits):
        raise PartnerRefused()
    if not _is_near(sent, at):
        raise PartnerClock(server_time=at)
    if not _is_first(partner, nonce, at):
        raise PartnerReplay()
    if not fits[0]:
        _note_old_key(partner, at)
    return Actor(
        kind=PARTNER,
        name=partner.code,
        permissions=frozenset(partner.permissions),
        ranges=tuple(partner.codes),
        language=language(request),
    )


def text_to_sign(method: str, path: str, sent: str, nonce: str, body: bytes) -> bytes:
    return "\n".join([method, path, sent, nonce, hashlib.sha256(body).hexdigest()]).encode()


def _path_as_sent(request: HttpRequest) -> str:
    """The server hands on the path decoded, so what was quoted in it cannot be told again; the query it leaves as it
    came. Hence no path of a partner's holds words of theirs."""
    path, query = request.get_full_path().partition("?")[0], request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def signature(key: str, text: bytes) -> bytes:
    return hmac.new(key.encode(), text, hashlib.sha256).hexdigest().encode()


def seal_key(code: str, key: str) -> bytes:
    return crypto.seal(key, context=CONTEXT, row=code)


def _keys_of(partner: PartnerSystem, at: datetime) -> list[str]:
    """The key, and the one before while it is still good."""
    sealed = [partner.key_sealed]
    if partner.old_key_sealed is not None and partner.old_key_until is not None and at < partner.old_key_until:
        sealed.append(partner.old_key_sealed)
    return [crypto.unseal_text(bytes(one), context=CONTEXT, row=partner.code) for one in sealed]


def _note_old_key(partner: PartnerSystem, at: datetime) -> None:
    if partner.old_key_used_at is None or at - partner.old_key_used_at >= NOTED_EVERY:
        PartnerSystem.objects.filter(pk=partner.pk).update(old_key_used_at=at)


def _is_near(sent: str, at: datetime) -> bool:
    if not re.fullmatch(r"[0-9]{9,11}", sent):
        return False
    return abs(datetime.fromtimestamp(int(sent), UTC) - at) <= WINDOW


def _is_first(partner: PartnerSystem, nonce: str, at: datetime) -> bool:
    """The second of two at once waits for the first one's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into accounts_partnernonce (partner_id, nonce, at) values (%s, %s, %s) on conflict do nothing",
            [partner.pk, nonce, at],
        )
        return bool(cursor.rowcount == 1)
