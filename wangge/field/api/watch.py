"""Who is where now, terminals, tracks: what the console asks."""

import hashlib
import json
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from wangge.accounts.auth import actor_of
from wangge.core import clock
from wangge.core.paging import Page
from wangge.core.schemas import Day, Id, Line, answers, reads, writes
from wangge.field.actions import terminals as actions
from wangge.field.actions import tracks as track_actions
from wangge.field.queries import terminals, tracks, watch
from wangge.field.schemas import positions as schemas
from wangge.field.schemas.positions import PageNumber, Under

router = Router()
WatchState = Literal["", "fresh", "quiet", "silent"]
TerminalState = Literal["", "bound", "waiting", "silent", "released"]


@router.get(
    "/field/watch",
    response=answers(schemas.WatchOut),
    operation_id="list_watched",
    summary="在岗人员 who is on duty, where",
)
def on_duty(request: HttpRequest, under: Under = "", q: Line = "", state: WatchState = "", page: PageNumber = 1) -> Any:
    return watch.on_duty_now(by=actor_of(request), at=clock.now(), under=under, q=q, state=state, page=page)


@router.get(
    "/field/watch/map",
    response=answers(schemas.WatchMapOut),
    operation_id="map_watched",
    summary="在岗人员位置（供地图）positions of all on duty, lean",
)
def positions_now(request: HttpRequest, under: Under = "") -> Any:
    found = watch.positions_now(by=actor_of(request), at=clock.now(), under=under)
    body = json.dumps({"at": found["at"].isoformat(), "posts": found["posts"]}, separators=(",", ":"))
    return HttpResponse(body, content_type="application/json", headers={"Cache-Control": "no-store"})


@router.get(
    "/field/watch/{int:post_id}",
    response=reads(schemas.OnDutyOut),
    operation_id="get_watched",
    summary="某在岗人员 one of those on duty",
)
def one_on_duty(request: HttpRequest, post_id: Id) -> Any:
    return watch.one_on_duty(post_id, by=actor_of(request), at=clock.now())


@router.get(
    "/field/terminals",
    response=answers(Page[schemas.TerminalOut]),
    operation_id="list_terminals",
    summary="终端 terminals",
)
def list_terminals(
    request: HttpRequest, under: Under = "", q: Line = "", state: TerminalState = "", page: PageNumber = 1
) -> Any:
    return terminals.terminals(by=actor_of(request), at=clock.now(), under=under, q=q, state=state, page=page)


@router.get(
    "/field/terminals/rate",
    response=answers(schemas.RateOut),
    operation_id="get_terminal_rate",
    summary="终端在线率（含公式）online rate of terminals and its formula",
)
def rate(request: HttpRequest, under: Under = "") -> Any:
    return terminals.rate(by=actor_of(request), at=clock.now(), under=under)


@router.post(
    "/field/terminals/{int:terminal_id}/bind",
    response=writes(schemas.TerminalOut),
    operation_id="bind_terminal",
    summary="绑定终端 bind a terminal to its post or another",
)
def bind(request: HttpRequest, terminal_id: Id, body: schemas.BindIn) -> Any:
    at = clock.now()
    bound = actions.bind_terminal(terminal_id=terminal_id, post_id=body.post_id, by=actor_of(request), at=at)
    return terminals.one(bound.pk, at)


@router.post(
    "/field/terminals/{int:terminal_id}/release",
    response=writes(schemas.TerminalOut),
    operation_id="release_terminal",
    summary="解除绑定 release a terminal",
)
def release(request: HttpRequest, terminal_id: Id) -> Any:
    at = clock.now()
    return terminals.one(actions.release_terminal(terminal_id=terminal_id, by=actor_of(request), at=at).pk, at)


@router.post(
    "/field/terminals/{int:terminal_id}/sign-out",
    response=writes(schemas.TerminalOut),
    operation_id="sign_out_terminal",
    summary="远程下线 sign a terminal out from afar",
)
def sign_out(request: HttpRequest, terminal_id: Id, body: schemas.SignOutIn) -> Any:
    at = clock.now()
    by = actor_of(request)
    return terminals.one(actions.sign_out_terminal(terminal_id=terminal_id, reason=body.reason, by=by, at=at).pk, at)


@router.get(
    "/field/tracks",
    response=answers(schemas.TrackDaysOut),
    operation_id="list_track_days",
    summary="某日轨迹汇总 everybody on duty on a day, and what it came to",
)
def track_days(request: HttpRequest, day: Day, under: Under = "", q: Line = "", page: PageNumber = 1) -> Any:
    return tracks.days(by=actor_of(request), day=day, at=clock.now(), under=under, q=q, page=page)


@router.get(
    "/field/tracks/mine",
    response={**reads(schemas.TrackOut), 304: None},
    operation_id="get_my_track",
    summary="我的轨迹 one's own track of a day",
)
def my_track(request: HttpRequest, day: Day) -> Any:
    return _tagged(request, track_actions.read_own_track(day=day, by=actor_of(request), at=clock.now()))


@router.post(
    "/field/tracks/{int:post_id}/{day}",
    response=reads(schemas.TrackOut),
    operation_id="read_track",
    summary="某人某日轨迹（须说明理由，留痕）somebody's track of a day, with a reason, on record",
)
def track(request: HttpRequest, post_id: Id, day: Day, body: schemas.ReadTrackIn) -> Any:
    # A POST: each reading goes on the record, and a reason may name people, so it stands in no address and no log.
    at, by = clock.now(), actor_of(request)
    found = track_actions.read_track(post_id=post_id, day=day, reason=body.reason, by=by, at=at)
    return HttpResponse(_written(found), content_type="application/json")


def _tagged(request: HttpRequest, found: tracks.Day) -> HttpResponse:
    """Kept by the page for a replay; asked for again by its tag."""
    body = _written(found)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = request.headers.get("If-None-Match") == tag
    answer = HttpResponse(status=304) if known else HttpResponse(body, content_type="application/json")
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    return answer


def _written(found: tracks.Day) -> bytes:
    return json.dumps(tracks.answer(found), default=str, ensure_ascii=False, separators=(",", ":")).encode()
