"""How a request body becomes values: text that PostgreSQL cannot hold is refused at the door, not found in the log."""

import json
import uuid
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from wangge.core.errors import DomainError


class Malformed(DomainError):
    code = "malformed"
    status = 400
    zh = "请求内容无法解析。"
    en = "The request could not be read."


class TextNotStorable(DomainError):
    code = "text_not_storable"
    status = 422
    zh = "文字中有无法保存的字符（空字符或残缺字符）。"
    en = "The text holds characters that cannot be kept (NUL or half a character)."


class SafeParser(Parser):
    def parse_body(self, request: HttpRequest) -> Any:
        """One JSON object in strict UTF-8 (the module json alone would let half characters through, and NaN)."""
        body = request.body
        try:
            value = json.loads(body.decode(), object_pairs_hook=_once_each, parse_constant=_no_number)
        except (ValueError, RecursionError) as wrong:
            raise Malformed() from wrong
        if not isinstance(value, dict):
            raise Malformed()  # a schema of optional fields would take any value for an object without them
        if b"\\u" in body:
            check_text(value)
        return value

    def parse_querydict(self, data: Any, list_fields: list[str], request: HttpRequest) -> Any:
        for values in data.lists():
            check_text(values)
        return super().parse_querydict(data, list_fields, request)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a key sent twice the last one would win in silence, while somebody who looked at the first let it pass."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(name)


def check_text(value: Any) -> None:
    """Raises TextNotStorable for NUL and lone surrogates, anywhere inside."""
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if "\0" in item or any("\ud800" <= sign <= "\udfff" for sign in item):
                raise TextNotStorable()
        elif isinstance(item, dict):
            waiting.extend(item.keys())
            waiting.extend(item.values())
        elif isinstance(item, (list, tuple)):
            waiting.extend(item)


class KeyMalformed(DomainError):
    code = "idempotency_key_malformed"
    status = 422
    zh = "请求编号（Idempotency-Key）应为 UUID。"
    en = "The Idempotency-Key must be a UUID."


def idempotency_key(request: HttpRequest) -> uuid.UUID | None:
    text = request.headers.get("Idempotency-Key")
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError as wrong:
        raise KeyMalformed() from wrong
