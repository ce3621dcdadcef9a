"""The NinjaAPI, its routers, and the one place where a failure becomes JSON."""

from functools import cache
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError, transaction
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, AuthorizationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from wangge.accounts.api import router as accounts
from wangge.accounts.auth import SessionAuth, language
from wangge.audit.api import router as audit
from wangge.cases.api import router as cases
from wangge.command.api import router as command
from wangge.config.failures import AGAIN_AFTER_S, Bug, DatabaseAway, of_database, of_disk
from wangge.config.history import router as history
from wangge.config.start import router as start
from wangge.config.words import field_message
from wangge.core.about import version
from wangge.core.errors import DomainError, Invalid, Message, NotAllowed, NotFound, NotSignedIn
from wangge.core.requests import Malformed, SafeParser
from wangge.core.schemas import ErrorOut
from wangge.desk.api import router as desk
from wangge.field.api import router as field
from wangge.grids.api import router as grids
from wangge.imports.api import router as imports
from wangge.insight.api import router as insight
from wangge.registry.api import router as registry
from wangge.wall.api import router as wall

log = structlog.get_logger()

WITHOUT_BODY = {HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE}


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Room and function, where a router names none: `imports_apply`."""
        function = operation.view_func
        return f"{function.__module__.split('.')[1]}_{function.__name__}"

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """With the one shape of every failure (core/schemas.py: refusals). What cannot be a name of anything is not
        found by its address, before any operation is asked."""
        document = super().get_openapi_schema(**options)
        document["components"]["schemas"].setdefault("ErrorOut", ErrorOut.model_json_schema())
        shape = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorOut"}}}
        for path, methods in document["paths"].items():
            for operation in methods.values():
                if "{" in path:
                    operation["responses"].setdefault(404, {"description": HTTPStatus.NOT_FOUND.phrase})
                for status, told in operation["responses"].items():
                    if int(status) >= HTTPStatus.BAD_REQUEST and int(status) not in WITHOUT_BODY:
                        told.setdefault("content", shape)
        return document


api = Api(
    title="wangge",
    version=version(),
    auth=SessionAuth(),
    parser=SafeParser(),
    docs_url=None,
    openapi_url=None,
)
api.add_router("", start)
api.add_router("", accounts)
api.add_router("", grids)
api.add_router("", cases)
api.add_router("", registry)
api.add_router("", field)
api.add_router("", command)
api.add_router("", insight)
api.add_router("", imports)
api.add_router("", audit)
api.add_router("", history)
api.add_router("", desk)
api.add_router("", wall)


class TooLarge(DomainError):
    code = "too_large"
    status = 413
    zh = "提交的内容太大。"
    en = "What was sent is too large."


def answer(request: HttpRequest, failure: DomainError) -> HttpResponse:
    """One JSON shape for every failure. What the request wrote is taken back, unless the failure keeps it."""
    if not failure.keeps and transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
    return api.create_response(request, failure.as_json(language(request)), status=failure.status)


@api.exception_handler(DomainError)
def _domain(request: HttpRequest, failure: DomainError) -> HttpResponse:
    return answer(request, failure)


@api.exception_handler(ValidationError)
def _validation(request: HttpRequest, failure: ValidationError) -> HttpResponse:
    fields: dict[str, Message] = {}
    for error in failure.errors:
        path = [str(part) for part in error["loc"][1:]] or [str(error["loc"][0])]
        if len(path) > 1 and path[0] in {"body", "data", "payload", "filters"}:
            path = path[1:]
        fields[".".join(path)] = field_message(error)
    return answer(request, Invalid(fields=fields))


@api.exception_handler(AuthenticationError)
def _unknown(request: HttpRequest, failure: AuthenticationError) -> HttpResponse:
    return answer(request, NotSignedIn())


@api.exception_handler(AuthorizationError)
def _refused(request: HttpRequest, failure: AuthorizationError) -> HttpResponse:
    return answer(request, NotAllowed())


@api.exception_handler(Http404)
def _absent(request: HttpRequest, failure: Http404) -> HttpResponse:
    return answer(request, NotFound())


@api.exception_handler(HttpError)
def _http(request: HttpRequest, failure: HttpError) -> HttpResponse:
    if failure.status_code == 403:
        from wangge.config.http import CsrfRefused

        return answer(request, CsrfRefused())
    why = failure.__cause__  # ninja wraps what the parser raises
    return answer(request, why if isinstance(why, DomainError) else Malformed())


@api.exception_handler(DataError)
def _data(request: HttpRequest, failure: DataError) -> HttpResponse:
    """A value the database cannot hold passed our checks: the caller's fault, and a gap of ours to close."""
    log.warning("request.data_error", path=request.path, why=type(failure.__cause__).__name__)
    return answer(request, Invalid())


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def _database(request: HttpRequest, problem: OperationalError | InterfaceError) -> HttpResponse:
    failure = of_database(problem)
    told = answer(request, failure)
    if isinstance(failure, DatabaseAway):
        told.headers["Retry-After"] = str(AGAIN_AFTER_S)
    return told


@api.exception_handler(UnreadablePostError)
def _gone(request: HttpRequest, failure: UnreadablePostError) -> HttpResponse:
    return answer(request, Malformed())  # the caller hung up in the middle; nobody is there to read this


@api.exception_handler(OSError)
def _disk(request: HttpRequest, problem: OSError) -> HttpResponse:
    failure = of_disk(problem)
    return answer(request, failure) if failure is not None else _bug(request, problem)


@api.exception_handler(RequestDataTooBig)
def _big(request: HttpRequest, failure: Exception) -> HttpResponse:
    return answer(request, TooLarge())


@api.exception_handler(SuspiciousOperation)
def _suspicious(request: HttpRequest, failure: Exception) -> HttpResponse:
    return answer(request, Malformed())


@api.exception_handler(Exception)
def _bug(request: HttpRequest, failure: Exception) -> HttpResponse:
    from django.conf import settings

    if settings.TESTING:
        raise failure
    log.error("request.failed", path=request.path, method=request.method, exc_info=failure)
    return answer(request, Bug())


@cache
def documented() -> dict[str, Any]:
    """The OpenAPI document, as committed in web/openapi.json. To be read only."""
    return dict(api.get_openapi_schema())
