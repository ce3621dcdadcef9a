"""Who is let in to Django: as many requests at once as the processor serves well, each with its body already here.

A body comes as fast as the sender's line carries it, and whoever waits for it inside waits with a transaction open and
a connection of the pool in hand: a few photographs sent from stairwells would stop the desks of a whole district.
So a body is read before one is let in, by threads that are there for waiting (docs/adr/0021).
"""

import io
import tempfile
import threading
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO, cast

from django.http import HttpResponse

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

READ_AHEAD = 4 * 1024 * 1024  # photographs and parts of films; the rest of a longer body is read inside
IN_MEMORY = 256 * 1024
UNREAD = "wangge.unread"  # in the environment: the OSError for which there is no body; `AnswerFailures` says it
PIECE = 64 * 1024


def admitting(application: Application, *, at_once: int, longest_plain: int) -> Application:
    """`application`, asked by at most `at_once` threads together.

    `longest_plain`: bytes of a body without files above which Django refuses it by its header, unread; so do we.
    """
    inside = threading.BoundedSemaphore(at_once)

    def admitted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        length = _length(environ)
        if not length or (length > longest_plain and not _has_files(environ)):
            return answered(environ, start_response)
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as kept:
            source = environ["wsgi.input"]
            try:
                ahead = _read(source, kept, min(length, READ_AHEAD))
            except OSError as problem:
                environ |= {UNREAD: problem, "wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "0"}
            else:
                environ["wsgi.input"] = _Body(cast(BinaryIO, kept), source if ahead < length else None)
            return answered(environ, start_response)

    def answered(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with inside:
            answer = application(environ, start_response)
            if not isinstance(answer, HttpResponse):
                return answer  # a stream
            try:
                return list(answer)  # nobody inside waits for the line on the way back either
            finally:
                answer.close()  # PEP 3333; it gives the connection back

    return admitted


def _length(environ: dict[str, Any]) -> int:
    try:
        return max(0, int(environ.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0  # Django says so


def _has_files(environ: dict[str, Any]) -> bool:
    return str(environ.get("CONTENT_TYPE", "")).lower().startswith("multipart/")


def _read(source: Any, kept: Any, length: int) -> int:
    """Bytes read, fewer than `length` where the sender has gone."""
    left = length
    while left and (piece := source.read(min(PIECE, left))):
        kept.write(piece)
        left -= len(piece)
    kept.seek(0)
    return length - left


class _Body:
    """What was read ahead, then what still comes."""

    def __init__(self, kept: BinaryIO, rest: Any) -> None:
        self._kept, self._rest = kept, rest

    def read(self, size: int = -1) -> bytes:
        found = self._kept.read(size)
        if self._rest is None or (0 <= size <= len(found)):
            return found
        return found + cast(bytes, self._rest.read(size - len(found) if size >= 0 else -1))

    def readline(self, size: int = -1) -> bytes:
        found = self._kept.readline(size)
        if self._rest is None or found.endswith(b"\n") or (0 <= size <= len(found)):
            return found
        return found + cast(bytes, self._rest.readline(size - len(found) if size >= 0 else -1))
