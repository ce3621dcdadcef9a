"""Failures that no endpoint raises: the database away or full, and what Django refuses before an endpoint is found.

They are answered in the one shape all the same.
"""

import errno
from collections.abc import Callable

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse

from wangge.accounts.auth import language
from wangge.config.admission import UNREAD
from wangge.core.errors import DomainError, NotFound
from wangge.core.requests import Malformed

log = structlog.get_logger()

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
AGAIN_AFTER_S = 2  # the supervisor brings a killed database back in about a second
DISK_FULL = "53100"  # SQLSTATE disk_full


class DatabaseAway(DomainError):
    code = "database_away"
    status = 503
    zh = "数据库暂时不可用，刚才的操作没有完成；请稍后再试。"
    en = "The database cannot be reached just now and nothing was done; please try again shortly."


class DiskFull(DomainError):
    code = "disk_full"
    status = 507
    zh = "服务器磁盘已满，刚才的操作没有保存；请联系管理员清理空间后再试。"
    en = "The server's disk is full and nothing was saved; ask the administrator to make room, then try again."


class Bug(DomainError):
    code = "internal"
    status = 500
    zh = "系统出现故障，已经记录；请稍后再试。"
    en = "Something went wrong on our side; it has been recorded. Please try again later."


def of_database(problem: DatabaseError | InterfaceError) -> DomainError:
    """What the caller is told when the database did not do its part; the log has the rest."""
    cause = problem.__cause__
    log.error("request.database", why=str(problem).strip().splitlines()[:1], kind=type(cause or problem).__name__)
    return DiskFull() if getattr(cause, "sqlstate", None) == DISK_FULL else DatabaseAway()


def of_disk(problem: OSError) -> DomainError | None:
    """An upload is put down in a temporary file before an endpoint is called; None where it was something else."""
    if problem.errno not in NO_ROOM:
        return None
    log.error("request.disk_full", why=str(problem))
    return DiskFull()


class AnswerFailures:
    """Innermost middleware: what fails outside the API – the transaction of a request, the receiving of its body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (problem := request.META.get(UNREAD)) is not None:
            return as_answer(request, of_disk(problem) or Malformed())
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if isinstance(problem, OperationalError | InterfaceError):
            return as_answer(request, of_database(problem))
        return None


def as_answer(request: HttpRequest, failure: DomainError) -> HttpResponse:
    answer = JsonResponse(failure.as_json(language(request)), status=failure.status)
    if isinstance(failure, DatabaseAway):
        answer.headers["Retry-After"] = str(AGAIN_AFTER_S)
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return as_answer(request, Malformed())


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return as_answer(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    return as_answer(request, Bug())
