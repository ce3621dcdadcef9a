"""Bytes as an answer: ranges for players, downloads for documents, kept by the reader's own browser at most."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from wangge.core.schemas import refusals

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_BLOCK = 256 * 1024
_BINARY = {"schema": {"type": "string", "format": "binary"}}


def gives_file(*more: int, partial: bool = False, media: str = "*/*") -> dict[str, Any]:
    """`response` and the documented content of an operation that answers bytes."""
    content = {media: _BINARY}
    responses: dict[int, Any] = {200: {"description": "OK", "content": content}}
    if partial:
        responses |= {206: {"description": "Partial Content", "content": content}, 304: {"description": "Not Modified"}}
        responses[416] = {"description": "Range Not Satisfiable"}
    return {
        "response": refusals(404, *more),
        "openapi_extra": {"responses": responses},
    }


def send(
    request: HttpRequest, file: BinaryIO, *, size: int, mime: str, name: str, tag: str, download: bool
) -> HttpResponseBase:
    """`tag`: changes with the content. The file is closed when the answer has been sent."""
    etag = f'"{tag}"'
    if request.headers.get("If-None-Match") == etag:
        file.close()
        return _dressed(HttpResponse(status=304), etag)
    wanted = _wanted(request.headers.get("Range", ""), size)
    if wanted is None:
        answer: HttpResponseBase = FileResponse(file, content_type=mime)
        answer.headers["Content-Length"] = str(size)
    elif wanted[0] >= wanted[1]:
        file.close()
        answer = HttpResponse(status=416)
        answer.headers["Content-Range"] = f"bytes */{size}"
    else:
        start, end = wanted
        answer = StreamingHttpResponse(_Part(file, start, end), status=206, content_type=mime)
        answer.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
        answer.headers["Content-Length"] = str(end - start)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Disposition"] = disposition(name, download=download)
    return _dressed(answer, etag)


def disposition(name: str, *, download: bool) -> str:
    """RFC 6266, with a plain ASCII name beside the real one."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name)
    return f"{'attachment' if download else 'inline'}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _dressed(answer: HttpResponseBase, etag: str) -> HttpResponseBase:
    answer.headers["ETag"] = etag
    # Asked again each time: a right may have ended since. The answer is then 304 and costs nothing.
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    # What people send is never a page of ours, whatever it contains.
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _wanted(header: str, size: int) -> tuple[int, int] | None:
    """`[start, end)`; start ≥ end cannot be satisfied; None: no range, or one to be ignored (RFC 9110, 14.2)."""
    found = _RANGE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        return (max(0, size - int(found[2])), size) if int(found[2]) else (size, size)
    start = int(found[1])
    end = min(int(found[2]) + 1, size) if found[2] else size
    return None if found[2] and int(found[2]) < start else (start, end)


class _Part:
    """`[start, end)` of a file. Closed with the answer, also when nobody read it."""

    def __init__(self, file: BinaryIO, start: int, end: int) -> None:
        self._file, self._left = file, end - start
        self._file.seek(start)

    def __iter__(self) -> Iterator[bytes]:
        while self._left > 0 and (block := self._file.read(min(_BLOCK, self._left))):
            self._left -= len(block)
            yield block

    def close(self) -> None:
        self._file.close()
