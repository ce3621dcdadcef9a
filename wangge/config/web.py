"""The built web applications: one HTML file for each, hashed files cached for ever."""

import mimetypes
from pathlib import Path

from django.conf import settings
from django.db.transaction import non_atomic_requests
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    JsonResponse,
)
from django.views.decorators.csrf import ensure_csrf_cookie

from wangge.accounts.auth import language
from wangge.core.errors import NotFound

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("application/manifest+json", ".webmanifest")

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@non_atomic_requests
def health(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@non_atomic_requests
def no_such_operation(request: HttpRequest, rest: str) -> HttpResponse:
    return JsonResponse(NotFound().as_json(language(request)), status=404)


@non_atomic_requests
def to_phone(request: HttpRequest) -> HttpResponse:
    """The service worker's scope ends in a slash; the address that people type does not."""
    return HttpResponseRedirect("/m/")


@non_atomic_requests
@ensure_csrf_cookie
def page(request: HttpRequest, name: str, rest: str = "") -> HttpResponseBase:
    """A file of the build when there is one by that name, otherwise the application itself (it routes by itself)."""
    file = _file(rest if name == "console" else f"{name}/{rest}")
    if file is not None:
        return _send(request, file)
    if "." in rest.rsplit("/", 1)[-1]:
        raise Http404
    index = settings.WEB_DIST / name / "index.html"
    if not index.is_file():
        return HttpResponse(
            "网页程序尚未构建，请运行 script/start。The web applications are not built yet; run script/start.",
            status=503,
            content_type="text/plain; charset=utf-8",
        )
    answer = HttpResponse(index.read_bytes(), content_type="text/html; charset=utf-8")
    answer.headers["Cache-Control"] = ASK_AGAIN
    return answer


def _file(path: str) -> Path | None:
    if not path or "\0" in path:
        return None
    root: Path = settings.WEB_DIST
    try:
        file = (root / path).resolve()
        return file if file.is_relative_to(root) and file.is_file() else None
    except OSError:  # longer than a name may be, so no file's
        return None


def _send(request: HttpRequest, file: Path) -> HttpResponseBase:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    compressed = file.with_name(file.name + ".gz")
    accepts = "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
    chosen = compressed if accepts and compressed.is_file() else file
    answer = FileResponse(chosen.open("rb"), content_type=kind)
    if chosen is compressed:
        answer.headers["Content-Encoding"] = "gzip"
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Cache-Control"] = FOR_EVER if "assets" in file.parts else ASK_AGAIN
    return answer
