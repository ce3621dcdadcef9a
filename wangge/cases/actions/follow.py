"""A resident without an account: reports, and with the code they were given follows, rates, reopens, adds.

Who has number and code is the reporter; nobody else learns even whether the number exists. Each deed is done as a
resident (`Actor.kind` public) who sees this one case, and of its moves has those of the reporter alone.
"""

import hmac
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import BinaryIO

from wangge.accounts.permissions import Permission
from wangge.cases import files, throttle
from wangge.cases.actions.evidence import Told, add_piece, keep_content, upload_token
from wangge.cases.actions.intake import Reported, ReportGiven
from wangge.cases.actions.report_again import case_of, report_once
from wangge.cases.actions.review import note_case, rate_case, reopen_case
from wangge.cases.models import Attachment, Case, Join, Reporter, Step
from wangge.cases.throttle import Allowance
from wangge.core import crypto
from wangge.core.actor import PUBLIC, Actor, acting
from wangge.core.errors import DomainError, Invalid, Message
from wangge.core.ids import new_id

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


def report_as_resident(
    *, given: ReportGiven, pieces: Sequence[PieceShown], language: str, at: datetime, key: uuid.UUID | None = None
) -> Reported:
    """The same `key` is the same report, however late. Raises what report_case raises."""
    by = Actor.public(language)
    with acting(by):
        case_id = case_of(key, "resident") if key is not None else new_id()
        done, is_new = report_once(given=given, case_id=case_id, by=by, at=at)
        if is_new:
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


@dataclass(frozen=True, slots=True)
class Followed:
    """`own` is what the resident reported, `case` what is done about it: another one where theirs was joined."""

    own: Case
    case: Case
    reporter: uuid.UUID


def follow(*, number: str, code: str, language: str, address: str, at: datetime) -> Followed:
    """Raises NotFollowed, TooOften."""
    wrong = (WRONG_CODES.of(number.upper()), WRONG_FROM_ONE.of(throttle.who_at(address)))
    with throttle.guessing(*wrong, at=at), acting(Actor.system("follow")):
        case = Case.objects.select_related("joined_to").filter(number=number.upper()).first()
        told = crypto.keyed_hash(code, purpose="follow")
        kept = _codes_of(case) or [(uuid.UUID(int=0), bytes(32))]  # compared all the same: both take as long
        found = [reporter for reporter, one in kept if hmac.compare_digest(told, one)]
        if not found or case is None:
            raise NotFollowed()
    return Followed(case, case.joined_to or case, found[0])


def rate_as_reporter(
    *, followed: Followed, language: str, at: datetime, score: int, solved: bool | None, text: str
) -> Followed:
    with acting(reporter_of(followed.case, language)) as by:
        done = rate_case(
            case_id=followed.case.pk,
            by=by,
            at=at,
            score=score,
            solved=solved,
            text=text,
            by_phone=False,
            reporter=followed.reporter,
        )
    return replace(followed, case=done)


def reopen_as_reporter(*, followed: Followed, language: str, at: datetime, reason: str) -> Followed:
    """Raises ReopenWindowOver, NotNow."""
    with acting(reporter_of(followed.case, language)) as by:
        done = reopen_case(case_id=followed.case.pk, by=by, at=at, reason=reason, reporter=followed.reporter)
    return replace(followed, case=done)


def add_as_reporter(
    *, followed: Followed, language: str, at: datetime, text: str, pieces: Sequence[PieceShown]
) -> Followed:
    with acting(reporter_of(followed.case, language)) as by:
        done = note_case(
            case_id=followed.case.pk, by=by, at=at, text=text, centre_only=True, reporter=followed.reporter
        )
        _tie(done, pieces)
    return replace(followed, case=done)


def reporter_of(case: Case, language: str) -> Actor:
    """A resident who proved to have reported this case: it is all they see."""
    return Actor(
        kind=PUBLIC,
        name="居民",
        permissions=frozenset({Permission.CASE_READ}),
        ranges=(case.current_grid,),
        language=language,
    )


def _codes_of(case: Case | None) -> list[tuple[uuid.UUID, bytes]]:
    """Of those who reported this very case: while it is joined to another, they are among that one's followers."""
    if case is None:
        return []
    rows = Reporter.objects.filter(follow_hash__isnull=False)
    if case.joined_to_id is None:
        rows = rows.filter(case=case, is_follower=False)
    else:
        moved = Join.objects.values_list("moved", flat=True).get(case=case, undone_at__isnull=True)
        rows = rows.filter(case=case.joined_to_id, pk__in=[item["id"] for item in moved["reporters"]])
    return [(pk, bytes(found)) for pk, found in rows.values_list("pk", "follow_hash") if found is not None]


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
