"""Typed readers of the environment: a missing or odd value stops the start with one clear sentence."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from wangge.either import either


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None or (value == "" and default is None):
        raise _odd(
            f"没有设置 {name}；由 wangge up 设置，或在启动前 export。",
            f"{name} is not set; `wangge up` sets it, or export it before the start.",
        )
    return value


def integer(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    if value == "":
        return default
    try:
        return int(value)
    except ValueError:
        raise _odd(f"{name} 应为整数，而不是 {value!r}。", f"{name} must be a whole number, not {value!r}.") from None


def switch(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value == "":
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise _odd(f"{name} 应为 on 或 off，而不是 {value!r}。", f"{name} must be on or off, not {value!r}.")


def one_of(name: str, choices: tuple[str, ...]) -> str:
    """The first where none is given."""
    value = os.environ.get(name, "").strip() or choices[0]
    if value not in choices:
        raise _odd(
            f"{name} 应为 {'、'.join(choices)} 之一，而不是 {value!r}。",
            f"{name} must be one of {', '.join(choices)}, not {value!r}.",
        )
    return value


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    return Path(os.environ.get(name) or default).expanduser().resolve()


def broker(name: str) -> str:
    """The URL of an MQTT broker, or empty. Any other scheme would be taken for one without TLS, password and all."""
    url = text(name, "")
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in {"mqtt", "mqtts"} and parts.hostname is not None and parts.port != 0
    except ValueError:
        is_one = False
    if url and not is_one:
        raise _odd(
            f"{name} 应以 mqtt:// 或 mqtts:// 开头，后接主机（和 :端口）。",
            f"{name} must begin with mqtt:// or mqtts://, then the host (and :port).",
        )
    return url


def origin(name: str) -> str:
    """`https://host` (and :port) that people type or scan, or empty. A path would be printed and lead nowhere."""
    url = text(name, "").rstrip("/")
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        is_one = is_one and url == f"{parts.scheme}://{parts.netloc}" and "@" not in parts.netloc
    except ValueError:
        is_one = False
    if url and not is_one:
        raise _odd(
            f"{name} 应为 http:// 或 https:// 加主机（和 :端口），后面不带别的。",
            f"{name} must be http:// or https:// and a host (and :port), nothing after it.",
        )
    return url


def database(url: str) -> dict[str, object]:
    """Django's settings of one PostgreSQL URL (`postgresql://user:password@host:port/name?host=/socket/dir`)."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise _odd(
            "DATABASE_URL 应以 postgresql:// 开头；不支持别的数据库。",
            "DATABASE_URL must begin with postgresql://; no other database is supported.",
        )
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or (unquote(parts.hostname) if parts.hostname else "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", "")),
        # Django turns preparing off. It prepares nothing itself; wangge.core.pipeline.prepared does (PgBouncer: 1.21+).
        "OPTIONS": {"prepare_threshold": 5, **query},
    }


def _odd(zh: str, en: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(either(zh, en))
