"""The list of whom to visit is kept by those who plan; the dates follow the visits (actions/records.py)."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.core import clock, crypto, journal
from wangge.core.actor import Actor
from wangge.core.codes import is_grid
from wangge.core.errors import Conflict, NotFound, invalid
from wangge.core.ids import new_id
from wangge.core.masking import mask_name, mask_phone
from wangge.core.phone_numbers import normalise_phone
from wangge.field.actions.records import need_purpose
from wangge.field.actions.round_making import workers_of
from wangge.field.models import Form, Subject
from wangge.field.rules.visits import Level
from wangge.grids import queries as grids

NAME, PHONE = "field_subject.contact_name", "field_subject.contact_phone"
PLAIN = (
    "kind", "title", "address", "lon", "lat", "level", "interval_days", "note", "is_active",
    "post_id", "basis", "until_date",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectGiven:
    """Place WGS-84. A contact that is None stays as it is; `interval_days` None: as often as the level says.
    `post_id`: whose it is, None: of whoever looks after the grid; `until_date`: the first day without its basis."""

    kind: str
    title: str
    address: str = ""
    grid: str
    lon: float | None = None
    lat: float | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    level: str = Level.C
    interval_days: int | None = None
    form: str
    next_date: date | None = None
    note: str = ""
    post_id: int | None = None
    basis: str = ""
    until_date: date | None = None
    is_active: bool = True


def add_subject(*, given: SubjectGiven, by: Actor, at: datetime) -> Subject:
    """Raises NotAllowed, NotFound (a grid out of sight), Invalid."""
    by.require(Permission.PATROL_EDIT)
    subject = Subject(id=new_id(), next_date=given.next_date or clock.day_of(at))
    _take(subject, given, by)
    Subject.objects.bulk_create([subject])
    _record("subject.added", subject, by, at, changed=["*"])
    return subject


def change_subject(*, subject_id: uuid.UUID, given: SubjectGiven, version: int, by: Actor, at: datetime) -> Subject:
    """Raises NotAllowed, NotFound, Invalid, Conflict (changed by somebody since)."""
    by.require(Permission.PATROL_EDIT)
    subject = _access(subject_id, by, lock=True)
    if subject.version != version:
        raise Conflict()
    stood = {name: getattr(subject, name) for name in (*PLAIN, "code", "next_date", "form_id")}
    _take(subject, given, by)
    subject.next_date = given.next_date or subject.next_date
    subject.version += 1
    subject.save()
    changed = sorted(name for name, value in stood.items() if getattr(subject, name) != value)
    contacts = [name for name in ("contact_name", "contact_phone") if getattr(given, name) is not None]
    _record("subject.changed", subject, by, at, changed=[*changed, *contacts])
    return subject


def reveal_contact(*, subject_id: uuid.UUID, purpose: str, by: Actor, at: datetime) -> dict[str, str]:
    """In clear, on the journal. Raises NotFound, Invalid."""
    subject = _access(subject_id, by)
    need_purpose(purpose)
    _record("subject.revealed", subject, by, at, changed=(), purpose=purpose.strip())
    return {
        "contact_name": _opened(subject.contact_name_sealed, NAME, subject),
        "contact_phone": _opened(subject.contact_phone_sealed, PHONE, subject),
    }


def _access(subject_id: uuid.UUID, by: Actor, *, lock: bool = False) -> Subject:
    if lock:
        Subject.objects.select_for_update(no_key=True).filter(pk=subject_id).values_list("pk").first()
    subject = Subject.objects.visible_to(by).filter(pk=subject_id).first()
    if subject is None:
        raise NotFound()
    return subject


def _take(subject: Subject, given: SubjectGiven, by: Actor) -> None:
    _check(given)
    if not by.covers(given.grid) or not grids.exists(given.grid):
        raise NotFound()
    form = Form.objects.filter(code=given.form, kind__in=(Form.Kind.VISIT, Form.Kind.INSPECT)).first()
    if form is None:
        raise invalid("form", "没有这张走访表单。", "There is no such form of visits.")
    _check_post(subject, given)
    for name in PLAIN:
        setattr(subject, name, getattr(given, name))
    subject.title, subject.code, subject.form = given.title.strip(), given.grid, form
    _take_contact(subject, given)


def _check(given: SubjectGiven) -> None:
    if given.kind not in Subject.Kind.values:
        raise invalid("kind", "没有这种走访对象。", "There is no such kind of subject.")
    if given.level not in set(Level):
        raise invalid("level", "没有这个走访等级。", "There is no such level.")
    if not given.title.strip():
        raise invalid("title", "请填写名称。", "Give it a name.")
    if not is_grid(given.grid):
        raise invalid("grid", "请选择网格。", "Choose a grid.")
    if (given.lon is None) != (given.lat is None):
        raise invalid("lat", "经度和纬度要同时给出。", "Give longitude and latitude together.")
    if given.kind == Subject.Kind.HOUSEHOLD and given.lon is not None:
        raise invalid("lon", "住户不在地图上标点。", "Households are not marked on maps.")


def _check_post(subject: Subject, given: SubjectGiven) -> None:
    """Who was charged before may have left since: it stays theirs in the books, and is on everybody's list."""
    kept = subject.post_id if subject.code == given.grid else None
    if given.post_id not in (None, kept, *(post.pk for post in workers_of(given.grid, clock.today()))):
        raise invalid("post_id", "这个人不服务于该网格。", "This person does not look after the grid.")


def _take_contact(subject: Subject, given: SubjectGiven) -> None:
    if (name := given.contact_name) is not None:
        subject.contact_name_sealed = _sealed(name.strip(), NAME, subject)
        subject.contact_name_masked = mask_name(name)
    if (phone := given.contact_phone) is not None:
        number = normalise_phone(phone) if phone.strip() else ""
        if number is None:
            raise invalid("contact_phone", "不是有效的电话号码。", "This is not a telephone number.")
        subject.contact_phone_sealed = _sealed(number, PHONE, subject)
        subject.contact_phone_masked = mask_phone(number)


def _sealed(value: str, context: str, subject: Subject) -> bytes | None:
    return crypto.seal(value, context=context, row=str(subject.pk)) if value else None


def _opened(sealed: Any, context: str, subject: Subject) -> str:
    return crypto.unseal_text(bytes(sealed), context=context, row=str(subject.pk)) if sealed is not None else ""


def _record(
    kind: str, subject: Subject, by: Actor, at: datetime, *, changed: "list[str] | tuple[()]", **data: Any
) -> None:
    entry = journal.Entry(
        kind=kind,
        subject=("subject", str(subject.pk)),
        code=subject.code,
        permission=Permission.PATROL_EDIT,
        changed=changed,
        data=data,
    )
    journal.record(entry, by=by, at=at)
