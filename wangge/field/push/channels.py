"""One channel for what must arrive, by configuration: a file (default), an SMS gateway over HTTP, or none.

Nothing of HTTP leaves this module but NotSent.
"""

import json
import os
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from string import Template

from django.conf import settings

from wangge.core import clock

TIMEOUT_S = 10


class NotSent(Exception):
    """The gateway is away or refuses; to be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`phone`: the duty number posted at the grid; empty where somebody has none."""

    post_id: int
    phone: str
    kind: str
    text: str
    at: datetime


def send(message: Message) -> None:
    """Raises NotSent."""
    match settings.PUSH_CHANNEL:
        case "sms":
            _sms(message)
        case "file":
            _file(message)


def forget_files(*, before: date) -> None:
    for file in outbox().glob("*.jsonl"):
        if file.stem < f"{before:%Y-%m-%d}":
            file.unlink(missing_ok=True)


def outbox() -> Path:
    return Path(settings.HOME) / "outbox"


def _file(message: Message) -> None:
    """One JSON line for each, a file for each Beijing day: for a site that has its own way of sending them on."""
    folder = outbox()
    line = json.dumps(asdict(message), ensure_ascii=False, default=str) + "\n"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = folder / f"{clock.day_of(message.at):%Y-%m-%d}.jsonl"
        descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(line)
    except OSError as problem:
        raise NotSent(type(problem).__name__) from problem


def _sms(message: Message) -> None:
    """Any 2xx is taken as accepted; `$phone` and `$text` stand in the configured JSON body."""
    if not message.phone:
        raise NotSent("no number")
    values = {name: json.dumps(value)[1:-1] for name, value in (("phone", message.phone), ("text", message.text))}
    body = Template(settings.SMS_BODY).safe_substitute(values)
    headers = {"Content-Type": "application/json"}
    if settings.SMS_AUTHORIZATION:
        headers["Authorization"] = settings.SMS_AUTHORIZATION
    request = urllib.request.Request(settings.SMS_URL, body.encode(), headers)  # noqa: S310 - the site's own address
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310
            return
    except (urllib.error.URLError, OSError, ValueError) as problem:
        raise NotSent(type(problem).__name__) from problem
