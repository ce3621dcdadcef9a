"""Signing in and out, and one's sessions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from ninja import Router, Status

from wangge.accounts import queries
from wangge.accounts.actions import sessions, sign_in
from wangge.accounts.actions.sign_in import Step
from wangge.accounts.api import asking
from wangge.accounts.auth import UnfinishedSessionAuth, language
from wangge.accounts.models import Session
from wangge.accounts.schemas.session import MeOut, PasswordIn, PostIn, SessionOut, SignInIn, SignInOut, TotpIn, TotpOut
from wangge.core import clock
from wangge.core.addresses import is_loopback
from wangge.core.paging import Page
from wangge.core.schemas import Id, answers, reads

router = Router()
unfinished = UnfinishedSessionAuth()


@router.post(
    "/session",
    auth=None,
    operation_id="sign_in",
    summary="Sign in: the first step",
    description="401 wrong name or password, 403 no post or a demonstration account from elsewhere, "
    "429 `session.locked` after repeated failures, `data.until` says until when.",
    response=answers(SignInOut),
)
def post_session(request: HttpRequest, response: HttpResponse, body: SignInIn) -> SignInOut:
    asking.check_origin(request)
    step = sign_in.sign_in(
        username=body.username,
        password=body.password,
        caller=asking.caller(request),
        is_loopback=is_loopback(request),
        at=clock.now(),
    )
    get_token(request)
    return _answer(request, response, step, language(request))


@router.get(
    "/session/totp",
    auth=unfinished,
    operation_id="get_totp_enrolment",
    summary="The secret of a second factor to set up",
    description="For somebody whose unit asks for one (`enrolling` in the answer before), or who wants one.",
    response=answers(TotpOut, 409),
)
def get_session_totp(request: HttpRequest, response: HttpResponse) -> TotpOut:
    asking.keep_out_of_caches(response)
    return TotpOut.of(sign_in.enrolment_of(by=asking.actor(request)))


@router.post(
    "/session/totp",
    auth=unfinished,
    operation_id="sign_in_totp",
    summary="Sign in: the code of the second factor",
    response=answers(SignInOut, 409),
)
def post_session_totp(request: HttpRequest, response: HttpResponse, body: TotpIn) -> SignInOut:
    by = asking.actor(request)
    step = sign_in.confirm_totp(code=body.code, caller=asking.caller(request), by=by, at=clock.now())
    return _answer(request, response, step, by.language)


@router.post(
    "/session/password",
    auth=unfinished,
    operation_id="change_password",
    summary="Change one's password",
    response=answers(SignInOut),
)
def post_session_password(request: HttpRequest, response: HttpResponse, body: PasswordIn) -> SignInOut:
    by = asking.actor(request)
    step = sign_in.change_password(old=body.old, new=body.new, caller=asking.caller(request), by=by, at=clock.now())
    return _answer(request, response, step, by.language)


@router.post(
    "/session/post",
    auth=unfinished,
    operation_id="choose_post",
    summary="Choose the post to act in, or change to another",
    response=reads(SignInOut),
)
def post_session_post(request: HttpRequest, response: HttpResponse, body: PostIn) -> SignInOut:
    by = asking.actor(request)
    step = sign_in.choose_post(post_id=body.post_id, by=by, at=clock.now())
    return _answer(request, response, step, by.language)


@router.get("/session", operation_id="get_session", summary="Who I am and what I may do", response=answers(MeOut))
def get_session(request: HttpRequest) -> MeOut | None:
    by = asking.actor(request)
    get_token(request)
    return MeOut.of(queries.my_standing(by=by, at=clock.now()), by.language)


@router.delete(
    "/session", auth=unfinished, operation_id="sign_out", summary="Sign out", response=answers(None, status=204)
)
def delete_session(request: HttpRequest, response: HttpResponse) -> Status[None]:
    sign_in.sign_out(by=asking.actor(request), at=clock.now())
    asking.take_cookie(response)
    return Status(204, None)


@router.get(
    "/sessions",
    operation_id="list_sessions",
    summary="Open sessions: my own, or (security officer) another person's",
    response=reads(Page[SessionOut]),
)
def get_sessions(request: HttpRequest, account_id: Id | None = None) -> dict[str, Any]:
    by = asking.actor(request)
    found = [SessionOut.of(session, by) for session in queries.sessions_of(by=by, account_id=account_id)]
    return {"items": found, "count": len(found)}


@router.delete(
    "/sessions/{session_id}",
    operation_id="revoke_session",
    summary="End a session: my own elsewhere, or (security officer) another person's",
    response=answers(None, 404, status=204),
)
def delete_sessions(request: HttpRequest, session_id: Id) -> Status[None]:
    sessions.revoke_session(session_id=session_id, by=asking.actor(request), at=clock.now())
    return Status(204, None)


def _answer(request: HttpRequest, response: HttpResponse, step: Step, language: str) -> SignInOut:
    asking.keep_out_of_caches(response)
    if step.token is not None:
        asking.give_cookie(response, step.token)
    if step.session.stage == Session.Stage.OPEN:
        asking.remember_device(request, response, step.session.user.username)
    return SignInOut.of(queries.standing(step.session, at=clock.now()), language)
