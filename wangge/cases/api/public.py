"""For residents without an account. Throttled by address; number and code open one case and nothing else."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Path, Query, Router, Status
from ninja.files import UploadedFile

from wangge.accounts.auth import language
from wangge.cases.actions.follow import (
    Followed,
    add_as_reporter,
    follow,
    rate_as_reporter,
    reopen_as_reporter,
    report_as_resident,
    reporting_from,
    upload_as_resident,
)
from wangge.cases.api.evidence import bytes_of
from wangge.cases.queries.public import progress, public_categories
from wangge.cases.queries.served import grid_served, my_grid
from wangge.cases.schemas import public as schemas
from wangge.cases.schemas.evidence import PublicEvidenceOut
from wangge.core import clock
from wangge.core.addresses import client_address
from wangge.core.once import once
from wangge.core.requests import idempotency_key
from wangge.core.schemas import Lat, Lon, answers

router = Router(auth=None)
PROGRESS = answers(schemas.ProgressOut, 404, 409)


@router.post(
    "/public/reports",
    response=answers(schemas.ResidentReportedOut, 409, status=201),
    operation_id="public_report",
    summary="居民自报 report as a resident",
)
def report(request: HttpRequest, body: schemas.ResidentReportIn) -> Any:
    at, key = clock.now(), idempotency_key(request)

    def do() -> dict[str, Any]:
        done = report_as_resident(
            given=body.as_given(),
            pieces=schemas.pieces_shown(body.evidence),
            language=language(request),
            at=at,
            key=key,
        )
        return {"number": done.case.number, "follow_code": done.follow_code}

    content = body.model_dump(mode="json")
    with reporting_from(client_address(request), at=at):
        return Status(201, once(key, owner="resident", content=content, at=at, do=do))


@router.post(
    "/public/evidence",
    response=answers(PublicEvidenceOut, 507, status=201),
    operation_id="public_upload",
    summary="居民上传附件 send a picture as a resident",
)
def upload(request: HttpRequest, file: File[UploadedFile]) -> Any:
    piece, token = upload_as_resident(
        file=bytes_of(file),
        name=file.name or "",
        language=language(request),
        address=client_address(request),
        at=clock.now(),
    )
    return Status(201, {"id": piece.pk, "token": token, "kind": piece.kind, "name": piece.name})


@router.post("/public/follow", response=PROGRESS, operation_id="public_follow", summary="查询进度 follow one's report")
def look(request: HttpRequest, body: schemas.FollowIn) -> Any:
    return _progress(request, body, _followed(request, body))


@router.post("/public/follow/rate", response=PROGRESS, operation_id="public_rate", summary="评价 rate")
def rate(request: HttpRequest, body: schemas.FollowRateIn) -> Any:
    followed = rate_as_reporter(
        followed=_followed(request, body),
        language=language(request),
        at=clock.now(),
        score=body.score,
        solved=body.solved,
        text=body.text,
    )
    return _progress(request, body, followed)


@router.post("/public/follow/reopen", response=PROGRESS, operation_id="public_reopen", summary="申请重办 reopen")
def reopen(request: HttpRequest, body: schemas.FollowReopenIn) -> Any:
    followed = reopen_as_reporter(
        followed=_followed(request, body), language=language(request), at=clock.now(), reason=body.reason
    )
    return _progress(request, body, followed)


@router.post(
    "/public/follow/add", response=PROGRESS, operation_id="public_add", summary="补充说明和照片 add words, photos"
)
def add(request: HttpRequest, body: schemas.FollowAddIn) -> Any:
    followed = add_as_reporter(
        followed=_followed(request, body),
        language=language(request),
        at=clock.now(),
        text=body.text,
        pieces=schemas.pieces_shown(body.evidence),
    )
    return _progress(request, body, followed)


@router.get(
    "/public/categories",
    response=answers(list[schemas.PublicCategoryOut]),
    operation_id="public_categories",
    summary="可反映的事项 what can be reported",
)
def categories(request: HttpRequest) -> Any:
    return public_categories(language=language(request))


@router.get(
    "/public/grid",
    response=answers(schemas.MyGridOut, 404),
    operation_id="public_grid",
    summary="我的网格 who serves my grid",
)
def grid(request: HttpRequest, lon: Query[Lon], lat: Query[Lat]) -> Any:
    return my_grid(lon=lon, lat=lat)


@router.get(
    "/public/grids/{code}",
    response=answers(schemas.MyGridOut, 404),
    operation_id="public_grid_of_sign",
    summary="牌上的网格 the grid whose sign was scanned",
)
def grid_of_sign(request: HttpRequest, code: Path[schemas.GridCode]) -> Any:
    return grid_served(code)


def _followed(request: HttpRequest, body: schemas.FollowIn) -> Followed:
    return follow(
        number=body.number,
        code=body.code,
        language=language(request),
        address=client_address(request),
        at=clock.now(),
    )


def _progress(request: HttpRequest, body: schemas.FollowIn, followed: Followed) -> dict[str, Any]:
    return progress(followed, number=body.number.upper(), language=language(request), at=clock.now())
