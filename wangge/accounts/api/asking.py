"""What an endpoint reads off a request before it calls an action."""

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from wangge.accounts import devices
from wangge.accounts.lockout import Caller
from wangge.core.actor import Actor
from wangge.core.addresses import client_address, storable
from wangge.core.errors import NotAllowed


class ForeignOrigin(NotAllowed):
    """Somebody else's page must not sign a browser in here, as anybody."""

    code = "session.foreign_origin"
    zh = "登录请求来自别的网站，已拒绝。"
    en = "The sign-in came from another site and was refused."


def actor(request: HttpRequest) -> Actor:
    return cast(Actor, request.auth)  # type: ignore[attr-defined]


def caller(request: HttpRequest) -> Caller:
    return Caller(
        address=storable(client_address(request)),
        agent=request.headers.get("User-Agent", ""),
        device=request.COOKIES.get(devices.COOKIE, ""),
    )


def check_origin(request: HttpRequest) -> None:
    """Raises ForeignOrigin. Without a session there is no CSRF check; but browsers say where a POST comes from."""
    origin = request.headers.get("Origin")
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    if origin is not None and origin not in ours:
        raise ForeignOrigin()


def give_cookie(answer: HttpResponse, token: str) -> None:
    """For as long as any session may last: when one is over is the server's to say (auth.py)."""
    answer.set_cookie(
        settings.SESSION_COOKIE,
        token,
        max_age=max(settings.SESSION_LONGEST, settings.STANDING_LONGEST),
        httponly=True,
        samesite="Strict",
        secure=settings.HTTPS or settings.BEHIND_PROXY,
    )


def remember_device(request: HttpRequest, answer: HttpResponse, username: str) -> None:
    """For the count of failures alone (devices.py); it stays when the session ends."""
    answer.set_cookie(
        devices.COOKIE,
        devices.with_name(request.COOKIES.get(devices.COOKIE, ""), username),
        max_age=devices.KEPT,
        path=devices.PATH,
        httponly=True,
        samesite="Strict",
        secure=settings.HTTPS or settings.BEHIND_PROXY,
    )


def take_cookie(answer: HttpResponse) -> None:
    answer.delete_cookie(settings.SESSION_COOKIE, samesite="Strict")


def keep_out_of_caches(answer: HttpResponse) -> None:
    answer.headers["Cache-Control"] = "no-store"
