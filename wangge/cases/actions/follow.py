"""A resident without an account: reports, and with the code they were given follows, rates, reopens, adds.

Who has number and code is the reporter; nobody else learns even whether the number exists. Each deed is done as a
resident (`Actor.kind` public) who sees this one case, and of its moves has those of the reporter alone.
"""

import hmac
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from wangge.accounts.permissions import Permission
from wangge.cases import files, throttle
from wangge.cases.actions.evidence import Told, add_piece, keep_content, upload_token
from wangge.cases.actions.intake import Reported, ReportGiven, report_case
from wangge.cases.actions.review import note_case, rate_case, reopen_case
from wangge.cases.models import Attachment, Case, Reporter, Step
from wangge.cases.rules.states import State
from wangge.cases.throttle import Allowance
from wangge.core import crypto
from wangge.core.actor import PUBLIC, Actor, acting
from wangge.core.errors import DomainError, Invalid, Message

HOUR = timedelta(hours=1)
# One address may be a carrier's gateway with a whole neighbourhood behind it.
REPORTS = Allowance("report", 60, HOUR)
UPLOADS = Allowance("upload", 120, HOUR)
# Eight digits, five wrong ones an hour: somebody who tries for a year has seen one code in two thousand.
WRONG_CODES = Allowance("follow-number", 5, HOUR)
WRONG_FROM_ONE = Allowance("follow-address", 40, HOUR)
MOST_PIECES = 9


class NotFollowed(DomainError):
    """The same for a number that does not exist, a case without a reporter, and a wrong code."""

    code = "follow.refused"
    status = 404
    zh = "案件号或查询码不对，请核对后再试。连续输错会暂时锁定。"
    en = "The number or the code is not right. After several wrong tries it is locked for a while."


@dataclass(frozen=True, slots=True)
class PieceShown:
    """A piece sent beforehand, with the token that its sender was given."""

    id: uuid.UUID
    token: str


def reporting_from(address: str, *, at: datetime) -> AbstractContextManager[None]:
    """Around everything that a report writes, its idempotency key included. Raises TooOften."""
    return throttle.counting(REPORTS.of(throttle.who_at(address)), at=at)


def report_as_resident(*, given: ReportGiven, pieces: Sequence[PieceShown], language: str, at: datetime) -> Reported:
    """Raises what report_case raises."""
    by = Actor.public(language)
    with acting(by):
        done = report_case(given=given, by=by, at=at)
        _tie(done.case, pieces)
    return done


def upload_as_resident(
    *, file: BinaryIO, name: str, language: str, address: str, at: datetime
) -> tuple[Attachment, str]:
    """The piece, and the token that ties it to one report."""
    by = Actor.public(language)
    with throttle.counting(UPLOADS.of(throttle.who_at(address)), at=at):
        content = keep_content(file, limits=files.limits(public=True))
        with acting(by):
            piece = add_piece(content=content, told=Told(name=name, from_reporter=True), by=by, at=at)
    return piece, upload_token(piece.pk)


def follow(*, number: str, code: str, language: str, address: str, at: datetime) -> Case:
    """The case, or the one it was joined to. Raises NotFollowed, TooOften."""
    wrong = (WRONG_CODES.of(number.upper()), WRONG_FROM_ONE.of(throttle.who_at(address)))
    with throttle.guessing(*wrong, at=at), acting(Actor.system("follow")):
        case = Case.objects.select_related("joined_to").filter(number=number.upper()).first()
        told = crypto.keyed_hash(code, purpose="follow")
        kept = _codes_of(case) or [bytes(32)]  # compared all the same, so that both take as long
        if not sum(hmac.compare_digest(told, one) for one in kept) or case is None:
            raise NotFollowed()
    return case.joined_to if case.state == State.JOINED and case.joined_to is not None else case


def rate_as_reporter(*, case: Case, language: str, at: datetime, score: int, solved: bool | None, text: str) -> Case:
    with acting(reporter_of(case, language)) as by:
        return rate_case(case_id=case.pk, by=by, at=at, score=score, solved=solved, text=text, by_phone=False)


def reopen_as_reporter(*, case: Case, language: str, at: datetime, reason: str) -> Case:
    """Raises ReopenWindowOver, NotNow."""
    with acting(reporter_of(case, language)) as by:
        return reopen_case(case_id=case.pk, by=by, at=at, reason=reason)


def add_as_reporter(*, case: Case, language: str, at: datetime, text: str, pieces: Sequence[PieceShown]) -> Case:
    with acting(reporter_of(case, language)) as by:
        done = note_case(case_id=case.pk, by=by, at=at, text=text, centre_only=True)
        _tie(done, pieces)
    return done


def reporter_of(case: Case, language: str) -> Actor:
    """A resident who proved to have reported this case: it is all they see."""
    return Actor(
        kind=PUBLIC,
        name="居民",
        permissions=frozenset({Permission.CASE_READ}),
        ranges=(case.current_grid,),
        language=language,
    )


def _codes_of(case: Case | None) -> list[bytes]:
    if case is None:
        return []
    ids = [case.pk, *([case.joined_to_id] if case.joined_to_id else [])]
    rows = Reporter.objects.filter(case_id__in=ids, follow_hash__isnull=False)
    return [bytes(found) for found in rows.values_list("follow_hash", flat=True) if found is not None]


def _tie(case: Case, pieces: Sequence[PieceShown]) -> None:
    """Once only: a piece that is with a case already is nobody's to tie. Raises Invalid."""
    if not pieces:
        return
    good = {piece.id for piece in pieces if hmac.compare_digest(upload_token(piece.id).encode(), piece.token.encode())}
    with acting(Actor.system("resident-evidence")):
        rows = Attachment.objects.select_for_update(no_key=True).filter(pk__in=good, case__isnull=True, by_post=None)
        found = set(rows.values_list("pk", flat=True))
        if len(found) != len({piece.id for piece in pieces}):
            raise Invalid(
                fields={
                    "evidence": Message(
                        "有附件已失效或已用过，请重新上传。", "An attachment is used or no longer valid; send it again."
                    )
                }
            )
        step = Step.objects.filter(case=case).order_by("-id").first()
        Attachment.objects.filter(pk__in=found).update(
            case=case, step=step, code=case.current_grid, complained_root=case.complained_root
        )
