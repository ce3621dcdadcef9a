"""The four applications: a page for each, which routes by itself. Their files are not Django's (files.py)."""

from django.conf import settings
from django.db.transaction import non_atomic_requests
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import ensure_csrf_cookie

from wangge.accounts.auth import language
from wangge.core.errors import NotFound

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
def page(request: HttpRequest, name: str, rest: str = "") -> HttpResponse:
    """The application itself, whatever part of it is asked for; a file that there is was found before."""
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
