"""A POST that is sent again: the same key with the same content answers as the first time, with other content 422."""

import hashlib
import json
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection

from wangge.core.actor import Actor
from wangge.core.errors import DomainError


class KeyUsedOtherwise(DomainError):
    code = "idempotency_key_reused"
    status = 422
    zh = "这个请求编号已用于别的内容，请用新的编号再发。"
    en = "This idempotency key was used for other content; send again with a new key."


def once(
    key: uuid.UUID | None, *, owner: Actor | str, content: Any, at: datetime, do: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """What `do()` answered the first time this owner sent this key. Without a key, `do()` runs.

    Two requests at once with one key: the second waits for the first to commit, then gets its answer.
    """
    if key is None:
        return do()
    who = owner if isinstance(owner, str) else f"{owner.kind}:{owner.user_id or owner.name}"
    print_ = hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            insert into core_idempotency (key, owner, fingerprint, status, answer, at)
            values (%s, %s, %s, 0, 'null', %s)
            on conflict (key) do nothing
            """,
            [key, who, print_, at],
        )
        if cursor.rowcount == 0:
            return _first_answer(key, who, print_)
    answer = do()
    with connection.cursor() as cursor:
        cursor.execute(
            "update core_idempotency set answer = %s, status = 200 where key = %s",
            [json.dumps(answer, ensure_ascii=False, default=str), key],
        )
    return answer


def _first_answer(key: uuid.UUID, who: str, print_: bytes) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("select owner, fingerprint, answer from core_idempotency where key = %s", [key])
        owner, fingerprint, answer = cursor.fetchone()
    if owner != who or bytes(fingerprint) != print_:
        raise KeyUsedOtherwise()
    found: dict[str, Any] = json.loads(answer)
    return found
