"""Who is let in, and with what in hand."""

import errno
import io
import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import HttpResponse, StreamingHttpResponse

from wangge.config import admission
from wangge.config.admission import admitting

PLAIN = 1_000
FORM = "multipart/form-data; boundary=x"


@pytest.fixture(autouse=True)
def no_database() -> Iterator[None]:
    """An answer that is closed gives the connection back: there is none here, only one of another test."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


class Line(io.BytesIO):
    """A body that comes when it is allowed to; `asked`: bytes that were wanted of it."""

    def __init__(self, content: bytes, *, comes: bool = True) -> None:
        super().__init__(content)
        self.may_come = threading.Event()
        self.wanted = threading.Event()
        self.asked = 0
        if comes:
            self.may_come.set()

    def read(self, size: int | None = -1) -> bytes:
        self.wanted.set()
        assert self.may_come.wait(30)
        self.asked += size or 0
        return super().read(size)


def environ(line: io.BytesIO, length: int | str, kind: str = "application/json") -> dict[str, Any]:
    return {"wsgi.input": line, "CONTENT_LENGTH": str(length), "CONTENT_TYPE": kind}


def echo(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
    return HttpResponse(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))


def sent_by(line: Line, *, longest: int = PLAIN) -> bytes:
    asked = admitting(echo, at_once=1, longest_plain=longest)
    return b"".join(asked(environ(line, len(line.getvalue())), None))


@pytest.mark.parametrize("size", [1, admission.PIECE, admission.PIECE + 1, admission.IN_MEMORY * 2])
def test_a_body_arrives_as_it_was_sent(size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    assert sent_by(Line(content[:size]), longest=2**30) == content[:size]


def test_of_a_long_one_the_beginning_is_here_and_the_rest_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "READ_AHEAD", 10)
    content = b"line one\nline two\nthe rest"

    def by_lines(environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"]
        return HttpResponse([body.readline(), b"|", body.read(4), b"|", body.readline(), b"|", body.read()])

    asked = admitting(by_lines, at_once=1, longest_plain=PLAIN)
    said = b"".join(asked(environ(Line(content), len(content), FORM), None))
    assert said == b"line one\n|line| two\n|the rest"


def test_while_bodies_come_slowly_others_are_let_in() -> None:
    asked = admitting(echo, at_once=1, longest_plain=PLAIN)
    slow = [Line(b"slow", comes=False) for _ in range(5)]
    answers: list[bytes] = []
    threads = [
        threading.Thread(target=lambda line=line: answers.append(b"".join(asked(environ(line, 4), None))))
        for line in slow
    ]
    for thread, line in zip(threads, slow, strict=True):
        thread.start()
        assert line.wanted.wait(30)
    assert b"".join(asked(environ(Line(b"fast"), 4), None)) == b"fast"
    assert answers == []
    for line in slow:
        line.may_come.set()
    for thread in threads:
        thread.join(30)
    assert answers == [b"slow"] * 5


def test_no_more_are_in_work_together_than_were_said() -> None:
    inside, most, lock = 0, 0, threading.Lock()
    together = threading.Barrier(2)

    def counting(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        together.wait(30)  # two are needed to go on, so two are let in
        with lock:
            inside -= 1
        return HttpResponse(b"done")

    asked = admitting(counting, at_once=2, longest_plain=PLAIN)
    threads = [threading.Thread(target=asked, args=({"CONTENT_LENGTH": ""}, None)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert most == 2


@pytest.mark.parametrize(
    ("length", "kind", "read"),
    [
        (PLAIN, "application/json", True),
        (PLAIN + 1, "application/json", False),
        (PLAIN + 1, FORM, True),
        ("x", "text/plain", False),
        (-1, "text/plain", False),
        (0, FORM, False),
    ],
)
def test_what_will_be_refused_by_its_length_is_not_read(length: int | str, kind: str, read: bool) -> None:
    line = Line(b"a" * (PLAIN + 1))
    admitting(lambda *_: HttpResponse(), at_once=1, longest_plain=PLAIN)(environ(line, length, kind), None)
    assert (line.asked > 0) is read


def test_whoever_hangs_up_leaves_a_short_body() -> None:
    asked = admitting(echo, at_once=1, longest_plain=PLAIN)
    assert b"".join(asked(environ(Line(b"half"), 8), None)) == b"half"


@pytest.mark.parametrize("made", [HttpResponse, StreamingHttpResponse])
def test_an_answer_is_finished_inside_and_a_stream_is_left_to_its_line(
    made: type[HttpResponse | StreamingHttpResponse],
) -> None:
    answer = made([b"a", b"b"])
    asked = admitting(lambda *_: answer, at_once=1, longest_plain=PLAIN)
    assert list(asked({}, None)) == [b"ab"] if made is HttpResponse else [b"a", b"b"]
    assert answer.closed is (made is HttpResponse)


def test_a_body_that_found_no_room_is_said_and_none_is_there() -> None:
    class Full(Line):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(errno.ENOSPC, "no room")

    seen = environ(Full(b"some"), 4)
    assert b"".join(admitting(echo, at_once=1, longest_plain=PLAIN)(seen, None)) == b""
    assert seen[admission.UNREAD].errno == errno.ENOSPC


def test_a_fault_inside_makes_room_for_the_next() -> None:
    def failing(_environ: dict[str, Any], _start: Any) -> Iterable[bytes]:
        raise ZeroDivisionError

    asked = admitting(failing, at_once=1, longest_plain=PLAIN)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            asked({}, None)
