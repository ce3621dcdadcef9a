"""Files of the pages: sent as the browser may keep them, and without Django."""

import gzip
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest

from wangge.config.files import with_files

SCRIPT = b"export const words = 1\n" * 100


@pytest.fixture
def get(tmp_path: Path) -> Callable[..., tuple[str, dict[str, str], bytes]]:
    (tmp_path / "assets").mkdir()
    (tmp_path / "mobile").mkdir()
    (tmp_path / "assets" / "console-AbCd1234.js").write_bytes(SCRIPT)
    (tmp_path / "assets" / "console-AbCd1234.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "mobile" / "sw.js").write_text("// worker")
    (tmp_path / "mobile" / "manifest.webmanifest").write_text("{}")
    (tmp_path / ".built-from").write_text("nobody's business")
    application = with_files(_the_rest, tmp_path)

    def ask(path: str, **headers: str) -> tuple[str, dict[str, str], bytes]:
        environ: dict[str, Any] = {"PATH_INFO": path, **{f"HTTP_{name}": value for name, value in headers.items()}}
        setup_testing_defaults(environ)
        answer: dict[str, Any] = {}
        body: Any = application(environ, lambda status, given: answer.update(status=status, headers=dict(given)))
        with closing(body) if hasattr(body, "close") else nullcontext():
            return answer["status"], answer["headers"], b"".join(body)

    return ask


def _the_rest(environ: dict[str, Any], start: Any) -> list[bytes]:
    start("200 OK", [("Set-Cookie", "csrftoken=1")])
    return [b"a page"]


Get = Callable[..., tuple[str, dict[str, str], bytes]]


def test_a_hashed_file_is_kept_for_ever_whoever_asks(get: Get) -> None:
    status, headers, body = get("/assets/console-AbCd1234.js")
    assert (status, body) == ("200 OK", SCRIPT)
    assert headers["Content-Type"].startswith("text/javascript")
    assert "immutable" in headers["Cache-Control"]
    assert "Set-Cookie" not in headers
    assert headers.get("Vary") == "Accept-Encoding"  # with the cookie in it, each sign-in would fetch all again
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "connect-src" not in headers["Content-Security-Policy"]  # the live feed's worker finds another port


def test_who_reads_gzip_gets_what_the_build_compressed(get: Get) -> None:
    _status, headers, body = get("/assets/console-AbCd1234.js", ACCEPT_ENCODING="gzip, br")
    assert headers["Content-Encoding"] == "gzip"
    assert len(body) < len(SCRIPT)
    assert gzip.decompress(body) == SCRIPT


def test_the_phone_asks_each_time_whether_its_worker_is_another(get: Get) -> None:
    _status, headers, body = get("/m/sw.js")
    assert (body, headers["Content-Type"].split(";")[0]) == (b"// worker", "text/javascript")
    assert "max-age=0" in headers["Cache-Control"]
    assert get("/m/sw.js", IF_MODIFIED_SINCE=headers["Last-Modified"])[0] == "304 Not Modified"
    assert get("/m/manifest.webmanifest")[1]["Content-Type"].split(";")[0] == "application/manifest+json"


@pytest.mark.parametrize(
    "path", ["/", "/workbench", "/.built-from", "/assets/../.built-from", "/assets/none.js", "/m/"]
)
def test_what_is_no_file_of_the_pages_is_for_the_application(get: Get, path: str) -> None:
    assert get(path)[2] == b"a page"
