"""答复完毕，不立案: a question was answered; it counts, but there is nothing to handle. And who asked, to call back."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import configuration
from wangge.cases.rules.confidence import Purpose, without_names
from wangge.cases.rules.states import Source
from wangge.core import crypto, journal
from wangge.core.actor import Actor
from wangge.core.errors import Invalid, Message, NotFound
from wangge.core.ids import new_id
from wangge.core.masking import mask_phone
from wangge.core.phone_numbers import normalise_phone
from wangge.desk.models import Answer, Asker, Consultation
from wangge.grids import queries as grids

PHONE_CONTEXT = "desk_asker.phone"
# Half a year: until then somebody may still come back to what they were told (as with sessions, 网络安全法 §21).
ASKERS_KEPT = timedelta(days=184)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consulted:
    """`code`: the grid or division it is about; empty for the seat's own."""

    source: Source
    question: str
    answer_id: int | None = None
    told: str = ""
    category_id: int | None = None
    code: str = ""
    name: str = ""
    phone: str = ""


def record_consultation(*, given: Consulted, by: Actor, at: datetime) -> Consultation:
    """Raises NotAllowed, Invalid, NotFound (an answer that does not hold here)."""
    by.require(Permission.CASE_ACCEPT)
    answer = _answer(given, by)
    _check(given, answer)
    row = Consultation(
        id=new_id(),
        source=given.source,
        question=without_names(given.question.strip(), [given.name]),
        answer=answer,
        answer_version=answer.version if answer else None,
        told=without_names(given.told.strip(), [given.name], but=_of_others(given.phone)),
        category_id=given.category_id or (answer.category_id if answer else None),
        code=given.code or by.division,
        unit_id=by.unit_id or 0,
        by_user=by.user_id,
        by_post=by.post_id,
        by_name=by.name,
        at=at,
    )
    row.save(force_insert=True)
    if given.name.strip() or given.phone.strip():
        _asker(row, given).save(force_insert=True)
    _record("consultation.answered", row, by, at, Permission.CASE_ACCEPT, answer=row.answer_id)
    return row


@dataclass(frozen=True, slots=True)
class AskerRevealed:
    name: str
    phone: str


def reveal_asker(
    *, consultation_id: uuid.UUID, purpose: Purpose, reason: str, by: Actor, at: datetime
) -> AskerRevealed:
    """In clear, for a stated purpose, on the journal before anything is shown. Raises NotFound, NotAllowed."""
    row = Consultation.objects.visible_to(by).filter(pk=consultation_id).first()
    if row is None:
        raise NotFound()
    by.require(Permission.REPORTER_READ)
    asker = Asker.objects.visible_to(by).filter(consultation=row).first()
    if asker is None:
        raise NotFound()
    told = {"purpose": str(purpose), "reason": without_names(reason.strip(), [asker.name])}
    _record("consultation.revealed", row, by, at, Permission.REPORTER_READ, **told)
    sealed = asker.phone_sealed
    phone = crypto.unseal_text(bytes(sealed), context=PHONE_CONTEXT, row=str(asker.pk)) if sealed else ""
    return AskerRevealed(asker.name, phone)


def forget_askers(*, at: datetime, limit: int) -> int:
    """What was asked stays and counts; who asked is erased."""
    ids = list(Asker.objects.filter(at__lt=at - ASKERS_KEPT).order_by("at").values_list("pk", flat=True)[:limit])
    Asker.objects.filter(pk__in=ids).delete()
    return len(ids)


def _of_others(phone: str) -> Callable[[str], bool]:
    """Offices' numbers, which people are told; neither the asker's own nor anybody's mobile."""
    own = normalise_phone(phone)

    def is_an_offices(number: str) -> bool:
        found = normalise_phone(number)
        return found is not None and found != own and not re.fullmatch(r"1\d{10}", found)

    return is_an_offices


def _answer(given: Consulted, by: Actor) -> Answer | None:
    if given.answer_id is None:
        return None
    answer = Answer.objects.visible_to(by).filter(pk=given.answer_id).first()
    if answer is None:
        raise NotFound()
    return answer


def _check(given: Consulted, answer: Answer | None) -> None:
    fields: dict[str, Message] = {}
    if not given.question.strip():
        fields["question"] = Message("请写明对方问什么。", "Say what was asked.")
    if answer is None and not given.told.strip():
        fields["told"] = Message("请选定标准答复，或写明怎样答复的。", "Choose an answer, or write what was said.")
    if given.category_id is not None and given.category_id not in configuration().categories:
        fields["category_id"] = Message("没有这个类别。", "There is no such category.")
    if given.code and not grids.exists(given.code):
        fields["code"] = Message("没有这个网格或区划。", "There is no such grid or division.")
    if given.phone.strip() and crypto.hash_phone(given.phone) is None:
        fields["phone"] = Message("电话号码格式不对。", "This is not a telephone number.")
    if fields:
        raise Invalid(fields=fields)


def _asker(row: Consultation, given: Consulted) -> Asker:
    asker_id, phone = new_id(), given.phone.strip()
    return Asker(
        id=asker_id,
        consultation=row,
        name=given.name.strip(),
        phone_sealed=crypto.seal(phone, context=PHONE_CONTEXT, row=str(asker_id)) if phone else None,
        phone_hash=crypto.hash_phone(phone) if phone else None,
        phone_masked=mask_phone(phone) if phone else "",
        code=row.code,
        at=row.at,
    )


def _record(
    kind: str, row: Consultation, by: Actor, at: datetime, permission: Permission, **data: str | int | None
) -> None:
    journal.record(
        journal.Entry(
            kind=kind,
            subject=("consultation", str(row.pk)),
            code=row.code,
            unit_paths=[by.unit_path] if by.unit_path else [],
            permission=permission,
            data=data,
        ),
        by=by,
        at=at,
    )
