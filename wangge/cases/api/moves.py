"""The moves of the loop, one operation each: read the request, call one action, answer."""

import uuid
from typing import Any

from django.http import HttpRequest
from ninja import Router

from wangge.accounts.auth import actor_of
from wangge.cases import actions
from wangge.cases.models import Case
from wangge.cases.schemas import write
from wangge.core import clock
from wangge.core.once import once
from wangge.core.requests import idempotency_key
from wangge.core.schemas import writes

router = Router()
MOVED = writes(write.MovedOut)


def moved(case: Case) -> dict[str, Any]:
    return {
        "id": case.pk,
        "number": case.number,
        "state": case.state,
        "version": case.version,
        "due_at": case.due_at,
        "due_stage": case.due_stage,
    }


def do(request: HttpRequest, content: Any, action: Any, **arguments: Any) -> dict[str, Any]:
    """One call into the domain, sent twice or once: the same key answers as the first time."""
    actor, at = actor_of(request), clock.now()
    named = {"path": request.path, "content": content.model_dump(mode="json") if content is not None else None}
    return once(
        idempotency_key(request),
        owner=actor,
        content=named,
        at=at,
        do=lambda: moved(action(by=actor, at=at, **arguments)),
    )


@router.post("/cases/{uuid:case_id}/accept", response=MOVED, operation_id="accept_case", summary="受理 accept")
def accept(request: HttpRequest, case_id: uuid.UUID, body: write.AcceptIn) -> Any:
    return do(
        request,
        body,
        actions.accept_case,
        case_id=case_id,
        text=body.text,
        version=body.version,
        correction=body.as_correction_or_none(),
    )


@router.post("/cases/{uuid:case_id}/refuse", response=MOVED, operation_id="refuse_case", summary="不予受理 refuse")
def refuse(request: HttpRequest, case_id: uuid.UUID, body: write.ReasonIn) -> Any:
    return do(request, body, actions.refuse_case, case_id=case_id, reason=body.reason, version=body.version)


@router.post(
    "/cases/{uuid:case_id}/contact", response=MOVED, operation_id="contact_reporter", summary="联系报告人 contact"
)
def contact(request: HttpRequest, case_id: uuid.UUID, body: write.TextIn) -> Any:
    return do(request, body, actions.contact_reporter, case_id=case_id, text=body.text, version=body.version)


@router.post("/cases/{uuid:case_id}/correct", response=MOVED, operation_id="correct_case", summary="更正 correct")
def correct(request: HttpRequest, case_id: uuid.UUID, body: write.CorrectIn) -> Any:
    return do(
        request,
        body,
        actions.correct_case,
        case_id=case_id,
        correction=body.as_correction(),
        text=body.text,
        version=body.version,
    )


@router.post(
    "/cases/{uuid:case_id}/settle", response=MOVED, operation_id="settle_case", summary="自办自结 settle on the spot"
)
def settle(request: HttpRequest, case_id: uuid.UUID, body: write.SettleIn) -> Any:
    return do(
        request,
        body,
        actions.settle_case,
        case_id=case_id,
        outcome=body.outcome,
        text=body.text,
        evidence=body.evidence,
        version=body.version,
        category_id=body.category_id,
    )


@router.post(
    "/cases/{uuid:case_id}/answer", response=MOVED, operation_id="answer_case", summary="直接答复 answer directly"
)
def answer(request: HttpRequest, case_id: uuid.UUID, body: write.OutcomeIn) -> Any:
    return do(
        request,
        body,
        actions.answer_case,
        case_id=case_id,
        outcome=body.outcome,
        text=body.text,
        version=body.version,
    )


@router.post("/cases/{uuid:case_id}/hand-up", response=MOVED, operation_id="hand_up_case", summary="上报上级 hand up")
def hand_up(request: HttpRequest, case_id: uuid.UUID, body: write.ReasonIn) -> Any:
    return do(request, body, actions.hand_up_case, case_id=case_id, reason=body.reason, version=body.version)


@router.post("/cases/{uuid:case_id}/dispatch", response=MOVED, operation_id="dispatch_case", summary="派发 dispatch")
def dispatch(request: HttpRequest, case_id: uuid.UUID, body: write.DispatchIn) -> Any:
    return do(
        request,
        body,
        actions.dispatch_case,
        case_id=case_id,
        lead_id=body.lead_id,
        assist_ids=body.assist_ids,
        text=body.text,
        limit=body.limit.as_limit() if body.limit else None,
        version=body.version,
    )


@router.post("/cases/{uuid:case_id}/recall", response=MOVED, operation_id="recall_case", summary="撤回派发 recall")
def recall(request: HttpRequest, case_id: uuid.UUID, body: write.ReasonIn) -> Any:
    return do(request, body, actions.recall_case, case_id=case_id, reason=body.reason, version=body.version)


@router.post("/cases/{uuid:case_id}/transfer", response=MOVED, operation_id="transfer_case", summary="改派 transfer")
def transfer(request: HttpRequest, case_id: uuid.UUID, body: write.TransferIn) -> Any:
    return do(
        request,
        body,
        actions.transfer_case,
        case_id=case_id,
        lead_id=body.lead_id,
        assist_ids=body.assist_ids,
        reason=body.reason,
        limit=body.limit.as_limit() if body.limit else None,
        version=body.version,
    )


@router.post("/cases/{uuid:case_id}/sign", response=MOVED, operation_id="sign_case", summary="签收 sign for")
def sign(request: HttpRequest, case_id: uuid.UUID, body: write.MoveIn) -> Any:
    return do(request, body, actions.sign_case, case_id=case_id, text=body.text, version=body.version)


@router.post("/cases/{uuid:case_id}/return", response=MOVED, operation_id="return_case", summary="退回 return")
def return_back(request: HttpRequest, case_id: uuid.UUID, body: write.ReasonIn) -> Any:
    return do(request, body, actions.return_case, case_id=case_id, reason=body.reason, version=body.version)


@router.post(
    "/cases/{uuid:case_id}/sign-step", response=MOVED, operation_id="sign_step", summary="签办流程步骤 sign off a step"
)
def sign_step(request: HttpRequest, case_id: uuid.UUID, body: write.SignStepIn) -> Any:
    return do(
        request, body, actions.sign_step, case_id=case_id, number=body.number, text=body.text, version=body.version
    )


@router.post(
    "/cases/{uuid:case_id}/assist-done", response=MOVED, operation_id="assist_done", summary="协办完成 assisting done"
)
def assist_done(request: HttpRequest, case_id: uuid.UUID, body: write.EvidenceIn) -> Any:
    return do(
        request,
        body,
        actions.assist_done,
        case_id=case_id,
        text=body.text,
        evidence=body.evidence,
        version=body.version,
    )


@router.post(
    "/cases/{uuid:case_id}/ask-extension", response=MOVED, operation_id="ask_extension", summary="申请延期 ask for time"
)
def ask_extension(request: HttpRequest, case_id: uuid.UUID, body: write.AskExtensionIn) -> Any:
    return do(
        request,
        body,
        actions.ask_extension,
        case_id=case_id,
        limit=body.limit.as_limit(),
        reason=body.reason,
        version=body.version,
    )


@router.post(
    "/cases/{uuid:case_id}/grant-extension",
    response=MOVED,
    operation_id="grant_extension",
    summary="同意延期 grant time",
)
def grant_extension(request: HttpRequest, case_id: uuid.UUID, body: write.MoveIn) -> Any:
    return do(
        request, body, actions.decide_extension, case_id=case_id, grant=True, text=body.text, version=body.version
    )


@router.post(
    "/cases/{uuid:case_id}/deny-extension",
    response=MOVED,
    operation_id="deny_extension",
    summary="不同意延期 deny time",
)
def deny_extension(request: HttpRequest, case_id: uuid.UUID, body: write.ReasonIn) -> Any:
    return do(
        request, body, actions.decide_extension, case_id=case_id, grant=False, text=body.reason, version=body.version
    )


@router.post("/cases/{uuid:case_id}/suspend", response=MOVED, operation_id="suspend_case", summary="挂起 suspend")
def suspend(request: HttpRequest, case_id: uuid.UUID, body: write.ReasonIn) -> Any:
    return do(request, body, actions.suspend_case, case_id=case_id, reason=body.reason, version=body.version)


@router.post("/cases/{uuid:case_id}/resume", response=MOVED, operation_id="resume_case", summary="恢复 resume")
def resume(request: HttpRequest, case_id: uuid.UUID, body: write.MoveIn) -> Any:
    return do(request, body, actions.resume_case, case_id=case_id, text=body.text, version=body.version)


@router.post("/cases/{uuid:case_id}/finish", response=MOVED, operation_id="finish_case", summary="处置完成 handled")
def finish(request: HttpRequest, case_id: uuid.UUID, body: write.EvidenceIn) -> Any:
    return do(
        request,
        body,
        actions.finish_case,
        case_id=case_id,
        text=body.text,
        evidence=body.evidence,
        version=body.version,
    )


@router.post("/cases/{uuid:case_id}/pass", response=MOVED, operation_id="pass_review", summary="复核通过 review passed")
def pass_review(request: HttpRequest, case_id: uuid.UUID, body: write.MoveIn) -> Any:
    return do(request, body, actions.pass_review, case_id=case_id, text=body.text, version=body.version)


@router.post("/cases/{uuid:case_id}/rework", response=MOVED, operation_id="rework_case", summary="返工 rework")
def rework(request: HttpRequest, case_id: uuid.UUID, body: write.ReasonIn) -> Any:
    return do(request, body, actions.rework_case, case_id=case_id, reason=body.reason, version=body.version)


@router.post("/cases/{uuid:case_id}/close", response=MOVED, operation_id="close_case", summary="结案 close")
def close(request: HttpRequest, case_id: uuid.UUID, body: write.CloseIn) -> Any:
    return do(
        request,
        body,
        actions.close_case,
        case_id=case_id,
        outcome=body.outcome,
        text=body.text,
        evidence=body.evidence,
        version=body.version,
    )


@router.post(
    "/cases/{uuid:case_id}/rate", response=MOVED, operation_id="rate_case", summary="评价 rating taken by phone"
)
def rate(request: HttpRequest, case_id: uuid.UUID, body: write.RateIn) -> Any:
    return do(request, body, actions.rate_case, case_id=case_id, score=body.score, solved=body.solved, text=body.text)


@router.post("/cases/{uuid:case_id}/reopen", response=MOVED, operation_id="reopen_case", summary="重启 reopen")
def reopen(request: HttpRequest, case_id: uuid.UUID, body: write.ReasonIn) -> Any:
    return do(request, body, actions.reopen_case, case_id=case_id, reason=body.reason, version=body.version)


@router.post("/cases/{uuid:case_id}/archive", response=MOVED, operation_id="archive_case", summary="归档 archive")
def archive(request: HttpRequest, case_id: uuid.UUID, body: write.MoveIn) -> Any:
    return do(request, body, actions.archive_case, case_id=case_id, text=body.text, version=body.version)


@router.post("/cases/{uuid:case_id}/note", response=MOVED, operation_id="note_case", summary="补充说明 note")
def note(request: HttpRequest, case_id: uuid.UUID, body: write.NoteIn) -> Any:
    return do(
        request,
        body,
        actions.note_case,
        case_id=case_id,
        text=body.text,
        evidence=body.evidence,
        centre_only=body.centre_only,
    )


@router.post("/cases/{uuid:case_id}/supervise", response=MOVED, operation_id="supervise_case", summary="督办 supervise")
def supervise(request: HttpRequest, case_id: uuid.UUID, body: write.SuperviseIn) -> Any:
    return do(
        request,
        body,
        actions.supervise_case,
        case_id=case_id,
        step=body.step,
        text=body.text,
        version=body.version,
    )


@router.post(
    "/cases/{uuid:case_id}/receipt", response=MOVED, operation_id="receipt_supervision", summary="督办回执 receipt"
)
def receipt(request: HttpRequest, case_id: uuid.UUID, body: write.TextIn) -> Any:
    return do(request, body, actions.receipt, case_id=case_id, text=body.text, version=body.version)
