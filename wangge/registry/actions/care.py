"""关爱对象: begun by the competent department on a legal basis, visited by who is assigned, ended when the basis ends.

Entries of the journal carry no code and no person: nobody learns from the feed, a figure or a map who is under care.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from wangge.accounts.models import Post
from wangge.accounts.permissions import Permission
from wangge.core import clock, crypto, journal
from wangge.core.actor import Actor, acting
from wangge.core.errors import Conflict, NotFound, invalid
from wangge.core.ids import new_id
from wangge.registry.actions.competence import (
    category_for,
    require_competent,
    require_department,
    require_workers,
)
from wangge.registry.actions.reveal import refuse_too_many
from wangge.registry.actions.settle import held_value
from wangge.registry.dictionary import PERSON
from wangge.registry.models import LIVING, Care, CareHelper, CareVisit, Person, Residence
from wangge.registry.queries.words import dwelling_words
from wangge.registry.rules import identity
from wangge.registry.rules.care import HELPER_ROLES, next_visit
from wangge.registry.rules.purposes import RevealPurpose
from wangge.registry.sealing import found_by

NAME, BASIS, FINDINGS, NEEDS = (
    "registry_care.name", "registry_care.basis", "registry_carevisit.findings", "registry_carevisit.needs",
)  # fmt: skip
HELPER = "registry_carehelper.name"
NUMBER = next(field for field in PERSON if field.name == "id_number")
PHONE = next(field for field in PERSON if field.name == "phone")


class CaredForAlready(Conflict):
    code = "care.already"
    zh = "此人已在这一类别中登记。"
    en = "This person stands in this category already."


@dataclass(frozen=True, slots=True, kw_only=True)
class HelperGiven:
    role: str
    name: str
    post_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CareGiven:
    """The person by identity number: a department has no reading of people, and names its subject exactly."""

    id_number: str
    category: str
    basis: str
    level: int = 2
    start_date: date | None = None
    end_date: date | None = None
    worker_post: int | None = None
    helpers: Sequence[HelperGiven] = ()


def begin_care(*, given: CareGiven, by: Actor, at: datetime) -> Care:
    """Raises NotAllowed, NotCompetent, NotFound, Invalid, NoWorker, CaredForAlready."""
    by.require(Permission.CARE_EDIT)
    require_department(by)
    category = category_for(given.category, by)
    if len(given.basis.strip()) < 2:
        raise invalid("basis", "请写明认定文件和文号。", "Name the document it stands on.")
    start = given.start_date or clock.day_of(at)
    if given.end_date is not None and given.end_date < start:
        raise invalid("end_date", "结束日期早于开始日期。", "It would end before it begins.")
    with acting(Actor.system("registry")):
        person = person_of(given.id_number, by)
        if Care.objects.filter(person=person, category=category, ended_at=None).exists():
            raise CaredForAlready()
        care = Care(
            id=new_id(),
            person=person,
            category=category,
            level=given.level,
            unit_path=by.unit_path,
            worker_post=given.worker_post,
            start_date=start,
            end_date=given.end_date,
            next_visit=next_visit(start, category.interval_days, given.level),
            code=person.code,
        )
        require_workers(care, _posts(given.worker_post, given.helpers), at)
        care.name_sealed = crypto.seal(person.name, context=NAME, row=str(care.pk))
        care.basis_sealed = crypto.seal(given.basis.strip(), context=BASIS, row=str(care.pk))
        care.posts = _posts(given.worker_post, given.helpers)
        care.save(force_insert=True)
        _write_helpers(care, given.helpers)
        _record("care.begun", care, by, at, category=category.code, level=care.level)
    return care


def assign_care(
    *, care_id: UUID, worker_post: int | None, helpers: Sequence[HelperGiven], level: int, by: Actor, at: datetime
) -> None:
    """Raises NotFound, NotAllowed, NotCompetent, Invalid, NoWorker."""
    care = hold_care(care_id, by, to=Permission.CARE_EDIT)
    require_competent(care, by)
    with acting(Actor.system("registry")):
        require_workers(care, _posts(worker_post, helpers), at)
        care.helpers.all().delete()
        _write_helpers(care, helpers)
        care.worker_post, care.level, care.posts = worker_post, level, _posts(worker_post, helpers)
        care.next_visit = _due(care)
        care.version += 1
        care.save(update_fields=["worker_post", "level", "posts", "next_visit", "version"])
        _record("care.assigned", care, by, at, helpers=len(helpers))


def record_visit(
    *, care_id: UUID, visit_id: UUID, visited_on: date, findings: str, needs: str = "", by: Actor, at: datetime
) -> CareVisit:
    """By whoever sees the subject; the same id again is the same visit. Raises NotFound, NotAllowed, Invalid."""
    care = hold_care(care_id, by, to=Permission.CARE_READ)
    if not findings.strip():
        raise invalid("findings", "请写明走访情况。", "Say what was found.")
    if visited_on > clock.day_of(at) or visited_on < care.start_date:
        raise invalid("visited_on", "走访日期不对。", "This is no day of a visit.")
    with acting(Actor.system("registry")):
        known = CareVisit.objects.filter(pk=visit_id, care=care).first()
        if known is not None:
            return known
        due = next_visit(visited_on, care.category.interval_days, care.level)
        visit = CareVisit(
            id=visit_id, care=care, visited_on=visited_on, next_visit=due, by_post=by.post_id, by_name=by.name, at=at
        )
        visit.findings_sealed = crypto.seal(findings.strip(), context=FINDINGS, row=str(visit_id))
        visit.needs_sealed = crypto.seal(needs.strip(), context=NEEDS, row=str(visit_id)) if needs.strip() else None
        visit.save(force_insert=True)
        care.next_visit = _due(care)  # of the latest visit: one written up late moves nothing
        care.save(update_fields=["next_visit"])
        _record("care.visited", care, by, at)
    return visit


def end_care(*, care_id: UUID, reason: str, by: Actor, at: datetime) -> None:
    """Raises NotFound, NotAllowed, NotCompetent, Invalid."""
    care = hold_care(care_id, by, to=Permission.CARE_EDIT)
    require_competent(care, by)
    if not reason.strip():
        raise invalid("reason", "请写明解除原因。", "Say why it ends.")
    with acting(Actor.system("registry")):
        _end(care, reason.strip()[:200], at)
        _record("care.ended", care, by, at)


def end_expired(*, by: Actor, at: datetime, limit: int) -> int:
    """Where the basis has ended by its own date."""
    rows = Care.objects.select_for_update(no_key=True, skip_locked=True).filter(
        ended_at=None, end_date__lte=clock.day_of(at)
    )
    ending = list(rows.order_by("pk")[:limit])
    for care in ending:
        _end(care, "expired", at)
        _record("care.ended", care, by, at)
    return len(ending)


def open_care(*, care_id: UUID, purpose: RevealPurpose, by: Actor, at: datetime) -> dict[str, Any]:
    """Name, basis, where they live, how to reach them, visits: on the record first.

    Raises NotFound (ended care too), TooManyRevealed.
    """
    care = Care.objects.visible_to(by).select_related("category").filter(pk=care_id, ended_at=None).first()
    if care is None:
        raise NotFound()
    refuse_too_many(by, at)
    _record("care.revealed", care, by, at, purpose=purpose)
    visits = list(CareVisit.objects.filter(care=care).order_by("-visited_on", "-id")[:50])
    helpers = list(CareHelper.objects.filter(care=care))
    with acting(Actor.system("registry")):
        worker = Post.objects.select_related("user").filter(pk=care.worker_post or 0).first()
    return {
        "worker_post": care.worker_post,
        "worker": worker.user.name if worker else "",
        "name": crypto.unseal_text(bytes(care.name_sealed), context=NAME, row=str(care.pk)),
        "basis": crypto.unseal_text(bytes(care.basis_sealed), context=BASIS, row=str(care.pk)),
        **_reached(care),
        "helpers": [
            {
                "role": one.role,
                "name": crypto.unseal_text(bytes(one.name_sealed), context=HELPER, row=str(one.pk)),
                "post_id": one.post_id,
            }
            for one in helpers
        ],
        "visits": [
            {
                "id": one.pk,
                "visited_on": one.visited_on,
                "by_name": one.by_name,
                "findings": crypto.unseal_text(bytes(one.findings_sealed), context=FINDINGS, row=str(one.pk)),
                "needs": crypto.unseal_text(bytes(one.needs_sealed), context=NEEDS, row=str(one.pk))
                if one.needs_sealed
                else "",
            }
            for one in visits
        ],
    }


def hold_care(care_id: UUID, by: Actor, *, to: Permission) -> Care:
    """Standing and visible; locked as the house. Raises NotFound, NotAllowed."""
    if not Care.objects.visible_to(by).filter(pk=care_id, ended_at=None).exists():
        raise NotFound()
    by.require(to)
    with acting(Actor.system("registry")):
        rows = Care.objects.select_for_update(no_key=True, of=("self",)).select_related("category")
        return rows.get(pk=care_id)


def _due(care: Care) -> date:
    """From the latest visit, or from the beginning; as the house."""
    latest = CareVisit.objects.filter(care=care).aggregate(day=Max("visited_on"))["day"]
    return next_visit(latest or care.start_date, care.category.interval_days, care.level)


def person_of(id_number: str, by: Actor) -> Person:
    """Of the department's own division; as the house. Raises Invalid."""
    number = identity.upgraded(identity.normalise_number(id_number))
    person = Person.objects.filter(id_number_hash=found_by(NUMBER, number), ended_at=None).first()
    if person is None or not person.code.startswith(by.division):
        raise invalid("id_number", "本区基础数据里没有这个人，请先登记。", "No such person here; register them first.")
    return person


def _posts(worker_post: int | None, helpers: Sequence[HelperGiven]) -> list[int]:
    return sorted({post for post in (worker_post, *(one.post_id for one in helpers)) if post is not None})


def _write_helpers(care: Care, helpers: Sequence[HelperGiven]) -> None:
    for one in helpers:
        if one.role not in HELPER_ROLES or not one.name.strip():
            raise invalid("helpers", "帮扶人员的角色或姓名不对。", "A helper needs a known role and a name.")
        row = CareHelper(id=new_id(), care=care, role=one.role, post_id=one.post_id)
        row.name_sealed = crypto.seal(one.name.strip(), context=HELPER, row=str(row.pk))
        row.save(force_insert=True)


def _end(care: Care, reason: str, at: datetime) -> None:
    care.ended_at, care.end_reason, care.next_visit = at, reason, None
    care.version += 1
    care.save(update_fields=["ended_at", "end_reason", "next_visit", "version"])


def _reached(care: Care) -> dict[str, str]:
    with acting(Actor.system("registry")):
        person = Person.objects.get(pk=care.person_id)
        home = (
            Residence.objects.filter(person=person, to_date=None, tie__in=LIVING)
            .select_related("dwelling__building")
            .first()
        )
        return {
            "phone": held_value("person", person, PHONE),
            "address": dwelling_words(home.dwelling) if home else person.residence_address,
        }


def _record(kind: str, care: Care, by: Actor, at: datetime, **data: Any) -> None:
    permission = Permission.CARE_EDIT if kind in ("care.begun", "care.assigned", "care.ended") else Permission.CARE_READ
    entry = journal.Entry(kind=kind, subject=("care", str(care.pk)), permission=permission, data=data)
    journal.record(entry, by=by, at=at)
