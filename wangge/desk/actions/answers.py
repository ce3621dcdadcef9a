"""Standard answers: made, changed, ended and brought back, each time as a new version with its entry in the journal."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import configuration
from wangge.core import journal
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, Invalid, Message, NotAllowed, NotFound
from wangge.desk.models import Answer, AnswerVersion
from wangge.desk.wording import tokens
from wangge.grids import queries as grids

DAYS = ("valid_from", "valid_to")


class AnswerChanged(Conflict):
    code = "answer.changed"
    zh = "{who}在您打开之后改过这条答复，请看过新的内容再保存。"
    en = "{who} changed this answer after you opened it; look at it again before saving."


class AnswerOutOfArea(NotAllowed):
    code = "answer.out_of_area"
    zh = "只能维护自己管辖区划的标准答复。"
    en = "Only answers of the divisions you look after can be changed."


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerGiven:
    """`code`: the division it holds in. `valid_to` is the first day on which it holds no more."""

    code: str
    title_zh: str
    text_zh: str
    title_en: str = ""
    text_en: str = ""
    keywords: list[str] = field(default_factory=list)
    category_id: int | None = None
    valid_from: date
    valid_to: date | None = None


def add_answer(*, given: AnswerGiven, by: Actor, at: datetime) -> Answer:
    """Raises NotAllowed, AnswerOutOfArea, Invalid."""
    by.require(Permission.ANSWER_EDIT)
    _check(given, by)
    answer = Answer(version=0)
    _write(answer, given, by=by, at=at)
    _record("answer.added", answer, [], by, at)
    return answer


def change_answer(*, answer_id: int, given: AnswerGiven, version: int, by: Actor, at: datetime) -> Answer:
    """Raises NotFound, NotAllowed, AnswerOutOfArea, AnswerChanged, Invalid. Ending one is a change of its last day."""
    answer = _own(answer_id, version, by)
    _check(given, by)
    changed = sorted(name for name, value in asdict(given).items() if getattr(answer, name) != value)
    if changed:
        _write(answer, given, by=by, at=at)
        _record("answer.changed", answer, changed, by, at)
    return answer


def restore_answer(*, answer_id: int, number: int, version: int, by: Actor, at: datetime) -> Answer:
    """As it was in an earlier version, as the newest one. Raises as `change_answer`, and NotFound for the number."""
    answer = _own(answer_id, version, by)
    earlier = AnswerVersion.objects.filter(answer=answer, number=number).first()
    if earlier is None:
        raise NotFound()
    given = _given(earlier.values)
    _check(given, by)
    _write(answer, given, by=by, at=at, restored=number)
    _record("answer.restored", answer, ["version"], by, at, restored=number)
    return answer


def _own(answer_id: int, version: int, by: Actor) -> Answer:
    by.require(Permission.ANSWER_EDIT)
    rows = Answer.objects.visible_to(by).select_for_update(no_key=True, of=("self",))
    answer = rows.filter(pk=answer_id).first()
    if answer is None:
        raise NotFound()
    if not by.covers(answer.code):
        raise AnswerOutOfArea()
    if answer.version != version:
        raise AnswerChanged(who=answer.changed_by, version=answer.version)
    return answer


def _check(given: AnswerGiven, by: Actor) -> None:
    fields: dict[str, Message] = {}
    if not given.title_zh.strip():
        fields["title_zh"] = Message("请写明问题或事项名称。", "Say which question this answers.")
    if not given.text_zh.strip():
        fields["text_zh"] = Message("请写明答复内容。", "Write the answer.")
    if bool(given.title_en.strip()) != bool(given.text_en.strip()):
        missing = "text_en" if given.title_en.strip() else "title_en"
        fields[missing] = Message("英文的标题与内容须同时填写。", "Title and text in English go together.")
    if given.valid_to is not None and given.valid_to <= given.valid_from:
        fields["valid_to"] = Message("止期须晚于起期。", "It must end after it begins.")
    if given.category_id is not None and given.category_id not in configuration().categories:
        fields["category_id"] = Message("没有这个类别。", "There is no such category.")
    if given.code and not grids.exists(given.code):
        fields["code"] = Message("没有这个区划。", "There is no such division.")
    if fields:
        raise Invalid(fields=fields)
    if not by.covers(given.code):
        raise AnswerOutOfArea()


def _write(answer: Answer, given: AnswerGiven, *, by: Actor, at: datetime, restored: int | None = None) -> None:
    for name, value in asdict(given).items():
        setattr(answer, name, value)
    answer.tokens = tokens(f"{given.title_zh} {given.title_en}", given.keywords, f"{given.text_zh} {given.text_en}")
    answer.version += 1
    answer.changed_at, answer.changed_by = at, by.name
    answer.save()
    AnswerVersion.objects.create(
        answer=answer,
        number=answer.version,
        values=_kept(given),
        restored=restored,
        by_user=by.user_id,
        by_name=by.name,
        at=at,
    )


def _kept(given: AnswerGiven) -> dict[str, Any]:
    values = asdict(given)
    return values | {name: value.isoformat() for name in DAYS if (value := values[name]) is not None}


def _given(values: dict[str, Any]) -> AnswerGiven:
    days = {name: date.fromisoformat(values[name]) for name in DAYS if values[name] is not None}
    return AnswerGiven(**(values | days))


def _record(kind: str, answer: Answer, changed: list[str], by: Actor, at: datetime, **data: Any) -> None:
    journal.record(
        journal.Entry(
            kind=kind,
            subject=("answer", str(answer.pk)),
            code=answer.code,
            permission=Permission.ANSWER_EDIT,
            changed=changed,
            data={"version": answer.version, **data},
        ),
        by=by,
        at=at,
    )
