"""The files of the built pages, sent before Django is asked: no session, no cookie, no transaction."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from whitenoise import WhiteNoise

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

ASSETS = "assets/"  # hashed: a name never says another content
PHONE = "m/"  # the service worker's scope; its names stay while their content changes
# A worker is bound by its script's own policy. It names no address: the browser keeps it with the file for years, and
# the live feed's may be another tomorrow.
POLICY = "script-src 'self'; object-src 'none'; base-uri 'none'"
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}


def with_files(application: Application, dist: Path) -> Application:
    """The files that are in `dist` now; each is sent as Brotli or gzip where the build put that beside it."""
    files = WhiteNoise(
        application,
        max_age=0,
        allow_all_origins=False,
        immutable_file_test=lambda _path, url: url.startswith(f"/{ASSETS}"),
        mimetypes=TYPES,
        add_headers_function=_headers,
    )
    for folder, prefix in ((dist / "assets", ASSETS), (dist / "mobile", PHONE)):
        if folder.is_dir():  # without a build the pages say so
            files.add_files(folder, prefix)
    answers: Application = files
    return answers


def _headers(headers: Headers, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = POLICY
