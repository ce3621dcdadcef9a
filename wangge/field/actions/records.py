"""A sheet is filled in: checked by its own version, secrets sealed, the next visit dated."""

import json
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from wangge.accounts.permissions import Permission
from wangge.core import clock, crypto, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import DomainError, Invalid, Message, NotAllowed, NotFound, invalid
from wangge.core.masking import mask_id_number, mask_name, mask_phone
from wangge.field.actions.carrying import carry
from wangge.field.actions.forms import unknown_form
from wangge.field.actions.given import RecordGiven
from wangge.field.actions.pieces import hold
from wangge.field.actions.rectifications import order_rectifications
from wangge.field.models import Errand, FormVersion, Record, Subject
from wangge.field.rules import forms as rules
from wangge.field.rules.visits import INTERVAL_DAYS, Level, next_date
from wangge.grids import queries as grids

SECRETS = "field_record.secrets"
MASKS = {"phone": mask_phone, "name": mask_name, "id": mask_id_number}
SHORTEST = 2


class RecordUsed(DomainError):
    code = "record.id_used"
    status = 422
    zh = "这个编号已用于另一份记录。"
    en = "This id was used for another record."


@dataclass(frozen=True, slots=True)
class Made:
    record: Record
    is_new: bool


def make_record(*, given: RecordGiven, by: Actor, at: datetime, code: str = "") -> Made:
    """The same sent again answers as before. A sheet of the registry is carried into it, or neither stands. `code`: the
    grid where what it belongs to says it (a round, also in a grid that is no longer one's own).

    Raises NotAllowed, Invalid, RecordUsed; for the registry what `collect` raises.
    """
    by.require(Permission.FIELD_WORK)
    _one_at_a_time(given.id)
    if (known := _known(given, by)) is not None:
        return Made(known, is_new=False)
    version = FormVersion.objects.select_related("form").filter(form__code=given.form, number=given.version).first()
    if version is None:
        raise unknown_form()
    answers = _checked(version.schema, given)
    errand, subject = _errand(given, by), _subject(given, by)
    record = _record(given, version, answers, subject, by, at)
    carried = carry(given=given, schema=version.schema, answers=answers, by=by, at=at)
    if carried is not None:
        answers, record.registry, record.code = carried.left, carried.said, carried.code
        record.address = record.address or carried.address
    else:
        record.code = code or (errand.code if errand else _code(given, subject, by))
    _seal(record, version.schema, answers)
    _date_next(record, version.schema, answers, subject)
    Record.objects.bulk_create([record])
    photos = [uuid.UUID(piece) for piece in rules.photos(version.schema, answers)]
    where = next(iter(rules.named(version.schema, "x-photo")), "photos")
    hold(photos, owner=("record", record.pk), code=record.code, by=by, at=at, field=f"answers.{where}")
    titles = {name: field["title"] for name, field in version.schema["properties"].items()}
    order_rectifications(record=record, titles=titles, wanted=given.rectify, by=by, at=at)
    _write_journal("record.made", record, Permission.FIELD_WORK, by, at)
    return Made(record, is_new=True)


def reveal_record(*, record_id: uuid.UUID, purpose: str, by: Actor, at: datetime) -> dict[str, str]:
    """What was sealed, in clear, on the journal. Raises NotFound, NotAllowed, Invalid."""
    record = Record.objects.visible_to(by).filter(pk=record_id).first()
    if record is None:
        raise NotFound()
    if record.by_post != by.post_id and not by.may(Permission.FIELD_WATCH):
        raise NotAllowed()
    need_purpose(purpose)
    _write_journal("record.revealed", record, Permission.FIELD_WATCH, by, at, purpose=purpose.strip())
    return secrets_of(record)


def secrets_of(record: Record) -> dict[str, str]:
    if record.secrets_sealed is None:
        return {}
    opened = crypto.unseal_text(bytes(record.secrets_sealed), context=SECRETS, row=str(record.pk))
    found: dict[str, str] = json.loads(opened)
    return found


def need_purpose(purpose: str) -> None:
    if len(purpose.strip()) < SHORTEST:
        raise invalid("purpose", "请写明用途。", "State the purpose.")


def _one_at_a_time(record_id: uuid.UUID) -> None:
    """A phone that heard no answer sends again while the first is still written: that one is waited for, and answers
    for both; else the second would be told that somebody changed the record after it was opened."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"record:{record_id}"])


def _known(given: RecordGiven, by: Actor) -> Record | None:
    with acting(Actor.system("records")):  # somebody else's id is taken too
        known = Record.objects.filter(pk=given.id).first()
    if known is not None and (known.by_post != by.post_id or bytes(known.fingerprint) != given.fingerprint):
        raise RecordUsed()
    return known


def _checked(schema: rules.Schema, given: RecordGiven) -> rules.Answers:
    is_correction = given.registry is not None and given.registry.version is not None
    kept, faults = (rules.check_correction if is_correction else rules.check)(schema, given.answers)
    if faults:
        raise Invalid(fields={f"answers.{name}": fault for name, fault in faults.items()})
    return kept


def _errand(given: RecordGiven, by: Actor) -> Errand | None:
    """One's own: a sheet may be part of an errand outside one's grids."""
    if given.errand_id is None:
        return None
    errand = Errand.objects.visible_to(by).filter(pk=given.errand_id, workers__post_id=by.post_id or 0).first()
    if errand is None:
        raise Invalid(fields={"errand_id": Message("没有派给您的这项任务。", "There is no such errand of yours.")})
    return errand


def _subject(given: RecordGiven, by: Actor) -> Subject | None:
    if given.subject_id is None:
        return None
    rows = Subject.objects.visible_to(by)
    subject = rows.filter(pk=given.subject_id).first()
    if subject is None:
        said = Message("走访对象不存在，或不在您的网格。", "There is no such subject in your grids.")
        raise Invalid(fields={"subject_id": said})
    return subject


def _code(given: RecordGiven, subject: Subject | None, by: Actor) -> str:
    """The grid it belongs to: the subject's, what was said, where it lies, else one's own."""
    if subject is not None:
        return subject.code
    at_place = grids.grid_at(given.lon, given.lat) if given.lon is not None and given.lat is not None else None
    for code in (given.grid, at_place):
        if code and by.covers(code):
            return code
    if given.grid:
        raise invalid("grid", "不在您负责的网格内。", "This is not one of your grids.")
    return next(iter(by.ranges), by.division)


def _record(
    given: RecordGiven, version: FormVersion, answers: rules.Answers, subject: Subject | None, by: Actor, at: datetime
) -> Record:
    if (given.lon is None) != (given.lat is None):
        raise invalid("lat", "经度和纬度要同时给出。", "Give longitude and latitude together.")
    return Record(
        id=given.id,
        form=version.form,
        version=version.number,
        kind=version.form.kind,
        subject=subject,
        errand_id=given.errand_id,
        address=given.address.strip() or (subject.address if subject else ""),
        lon=given.lon,
        lat=given.lat,
        accuracy=given.accuracy,
        failed=rules.failed(version.schema, answers),
        due_date=subject.next_date if subject else None,
        by_post=by.post_id or 0,
        by_user=by.user_id or 0,
        by_name=by.name,
        fingerprint=given.fingerprint,
        happened_at=clock.happened(given.happened_at, received=at),
        received_at=at,
    )


def _seal(record: Record, schema: rules.Schema, answers: rules.Answers) -> None:
    secret = {name: str(answers[name]) for name in rules.named(schema, "x-secret") if name in answers}
    record.answers = {name: value for name, value in answers.items() if name not in secret}
    record.masked = {name: _masked(schema["properties"][name], value) for name, value in secret.items()}
    if secret:
        whole = json.dumps(secret, ensure_ascii=False)
        record.secrets_sealed = crypto.seal(whole, context=SECRETS, row=str(record.pk))


def _masked(field: rules.Schema, value: str) -> str:
    mask = MASKS.get(field.get("x-mask", ""))
    return mask(value) if mask else "****"


def _date_next(record: Record, schema: rules.Schema, answers: rules.Answers, subject: Subject | None) -> None:
    """A visit that comes late out of a dead zone does not put the date back."""
    if subject is None:
        return
    visited = clock.day_of(record.happened_at)
    interval = subject.interval_days or INTERVAL_DAYS[Level(subject.level)]
    record.next_date = next_date(visited, by_form=rules.next_days(schema, answers), interval_days=interval)
    if subject.last_date is None or visited >= subject.last_date:
        _move_on(subject, visited, record.next_date)


def _move_on(subject: Subject, visited: date, following: date) -> None:
    with acting(Actor.system("visits")):  # who visits does not plan; the rule does
        Subject.objects.filter(pk=subject.pk).update(last_date=visited, next_date=following)


def _write_journal(kind: str, record: Record, permission: str, by: Actor, at: datetime, **more: Any) -> None:
    data = {"form": record.form.code, "form_version": record.version, **more}
    if record.subject_id is not None:
        data["visited"] = str(record.subject_id)
    if record.registry is not None:
        data["registry"] = {name: record.registry[name] for name in ("kind", "id", "fields")}
    if record.errand_id is not None:
        data["errand"] = str(record.errand_id)
    entry = journal.Entry(
        kind=kind, subject=("record", str(record.pk)), code=record.code, permission=permission, data=data
    )
    journal.record(entry, by=by, at=at)
