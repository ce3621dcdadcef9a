"""Who is under care, for those who answer for them; what falls due; entitlements that begin."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from wangge.accounts.permissions import Permission
from wangge.core import clock, crypto
from wangge.core.actor import Actor, acting
from wangge.core.errors import NotFound
from wangge.core.masking import mask_name
from wangge.core.paging import table_page
from wangge.grids.queries.divisions import names_of
from wangge.registry.actions.care import NAME, person_of
from wangge.registry.actions.competence import fit_posts, require_competent, require_department
from wangge.registry.models import Care, CareCategory, Person
from wangge.registry.rules.care import told

AHEAD = timedelta(days=60)
BEHIND = timedelta(days=90)
MOST_WORKERS = 100
ENTITLED_AT = 80  # 尊老金 (《江苏省老年人权益保障条例》; the age is the province's)


def care_list(*, by: Actor, at: datetime, overdue: bool, offset: int, limit: int) -> dict[str, Any]:
    """What falls due first; names masked. A constant number of queries."""
    by.require(Permission.CARE_READ)
    today = clock.day_of(at)
    rows = Care.objects.visible_to(by).filter(ended_at=None).select_related("category")
    if overdue:
        rows = rows.filter(next_visit__lt=today)
    page = table_page(rows.order_by(F("next_visit").asc(nulls_last=True), "pk"), offset=offset, limit=limit)
    return {"items": [_line(row, today, by) for row in page["items"]], "count": page["count"]}


def care_categories(*, by: Actor) -> list[dict[str, Any]]:
    """Statutory categories with their legal basis, and how many in the reader's own sight: ten and more, or nothing."""
    by.require(Permission.CARE_READ)
    open_rows = Care.objects.visible_to(by).filter(ended_at=None).order_by()
    counts = dict(open_rows.values_list("category").annotate(Count("pk")))
    return [
        {
            "code": row.code,
            "name_zh": row.name_zh,
            "name_en": row.name_en,
            "legal_basis": row.legal_basis,
            "approval": row.approval,
            "department": row.department,
            "interval_days": row.interval_days,
            "count": told(counts.get(row.pk, 0)),
        }
        for row in CareCategory.objects.filter(is_active=True)
    ]


def care_workers(*, id_number: str | None, care_id: UUID | None, by: Actor, at: datetime) -> list[dict[str, Any]]:
    """Posts that may be given this person, those nearest to the place first: of one under care by `care_id`, else by
    their number, which comes in a body, as elsewhere.

    Raises NotAllowed, NotCompetent, NotFound, Invalid (nobody of that number in the department's division).
    """
    by.require(Permission.CARE_EDIT)
    require_department(by)
    code, unit_path = _to_come_under_care(id_number or "", by) if care_id is None else _under_care(care_id, by)
    with acting(Actor.system("registry")):
        posts = list(fit_posts(code=code, unit_path=unit_path, at=at).select_related("user", "unit", "role"))
    nearest = {post.pk: max((len(one) for one in post.codes if code.startswith(one)), default=-1) for post in posts}
    posts.sort(key=lambda post: (-nearest[post.pk], post.user.name, post.pk))
    return [
        {
            "post_id": post.pk,
            "name": post.user.name,
            "unit": post.unit.name,
            "role_zh": post.role.name_zh,
            "role_en": post.role.name_en,
            "serves": nearest[post.pk] >= 0,
        }
        for post in posts[:MOST_WORKERS]
    ]


def reminders(*, by: Actor, at: datetime, offset: int, limit: int) -> dict[str, Any]:
    """Statutory entitlements that begin and permits that end, in order of the day: a list of work, never a ranking."""
    by.require(Permission.REGISTRY_READ)
    today = clock.day_of(at)
    born_from, born_to = _years_ago(today - BEHIND, ENTITLED_AT), _years_ago(today + AHEAD, ENTITLED_AT)
    turning = Q(birth_date__gte=born_from, birth_date__lte=born_to)
    ending = Q(permit_expires__gte=today - BEHIND, permit_expires__lte=today + AHEAD)
    rows = Person.objects.visible_to(by).standing().filter(turning | ending)
    page = table_page(rows.order_by("birth_date", "permit_expires", "pk"), offset=offset, limit=limit)
    places = names_of({row.code for row in page["items"]})
    items = [
        item | {"grid": places.get(item["code"], item["code"])}
        for row in page["items"]
        for item in _reminders_of(row, today, born_from, born_to)
    ]
    return {"items": sorted(items, key=lambda item: (item["day"], str(item["id"]))), "count": page["count"]}


def _line(row: Care, today: date, by: Actor) -> dict[str, Any]:
    name = crypto.unseal_text(bytes(row.name_sealed), context=NAME, row=str(row.pk))
    return {
        "id": row.pk,
        "name": mask_name(name),
        "category": row.category.code,
        "category_zh": row.category.name_zh,
        "category_en": row.category.name_en,
        "level": row.level,
        "start_date": row.start_date,
        "end_date": row.end_date,
        "next_visit": row.next_visit,
        "is_overdue": row.next_visit is not None and row.next_visit < today,
        "may_edit": by.may(Permission.CARE_EDIT) and by.unit_kind != "centre",
    }


def _to_come_under_care(id_number: str, by: Actor) -> tuple[str, str]:
    """The person's place, and the unit they would be under. Raises Invalid."""
    with acting(Actor.system("registry")):
        return person_of(id_number, by).code, by.unit_path or ""


def _under_care(care_id: UUID, by: Actor) -> tuple[str, str]:
    """The person's place, and the unit they are under. Raises NotFound, NotCompetent."""
    care = Care.objects.visible_to(by).filter(pk=care_id, ended_at=None).first()
    if care is None:
        raise NotFound()
    require_competent(care, by)
    return care.code, care.unit_path


def _reminders_of(row: Person, today: date, born_from: date, born_to: date) -> list[dict[str, Any]]:
    about = {"id": row.pk, "name": row.name, "code": row.code}
    found = []
    if row.birth_date is not None and born_from <= row.birth_date <= born_to:
        found.append(about | {"kind": "turns_80", "day": _years_ago(row.birth_date, -ENTITLED_AT)})
    if row.permit_expires is not None and today - BEHIND <= row.permit_expires <= today + AHEAD:
        found.append(about | {"kind": "permit_ends", "day": row.permit_expires})
    return found


def _years_ago(day: date, years: int) -> date:
    """29 February becomes 1 March: the day the year is full."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)
