"""Who may begin, assign and end care: the competent department; and whom it may assign."""

from datetime import datetime

from django.db.models import Q, QuerySet

from wangge.accounts.models import Post, Unit
from wangge.accounts.permissions import Permission
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import Invalid, NotAllowed, invalid
from wangge.registry.models import Care, CareCategory


class NotCompetent(NotAllowed):
    code = "care.not_competent"
    zh = "只有主管部门可以认定、调整和解除。"
    en = "Only the competent department may begin, assign or end this."


class NoWorker(Invalid):
    code = "care.no_worker"
    zh = "责任人或帮扶人须是在任岗位，能看关爱对象，并服务于此人所在网格或本部门。"
    en = "A worker or helper holds a post today, may see care, and serves the person's grid or this department."


def require_department(by: Actor) -> None:
    if by.unit_kind == "centre" or not by.unit_path:
        raise NotCompetent()


def require_competent(care: Care, by: Actor) -> None:
    """A helper of another department sees the subject, and decides nothing."""
    require_department(by)
    if not care.unit_path.startswith(by.unit_path):
        raise NotCompetent()


def category_for(code: str, by: Actor) -> CareCategory:
    category = CareCategory.objects.filter(code=code, is_active=True).first()
    if category is None:
        raise invalid("category", "没有这个法定类别。", "There is no such statutory category.")
    above = [by.unit_path[: at + 1] for at, sign in enumerate(by.unit_path) if sign == "/"]
    names = Unit.objects.filter(path__in=above).values_list("name", flat=True)
    if not any(word in name for name in names for word in category.units):
        raise invalid(
            "category",
            f"本单位不是这一类别的主管部门（{category.department}）。",
            "This unit is not the competent department of that category.",
        )
    return category


def fit_posts(*, code: str, unit_path: str, at: datetime) -> QuerySet[Post]:
    """Posts of today that may see care, and serve the place or this department. As the house."""
    places = [code[:digits] for digits in range(len(code) + 1)]
    serves = Q(codes__overlap=places) | Q(unit__path__startswith=unit_path.partition("/")[0] + "/")
    return Post.objects.open_on(clock.day_of(at)).filter(
        serves, revoked_at=None, user__is_active=True, role__permissions__contains=[Permission.CARE_READ]
    )


def require_workers(care: Care, wanted: list[int], at: datetime) -> None:
    """`wanted`: posts of the worker and the helpers, sorted. Raises NoWorker. One query, as the house."""
    fit = fit_posts(code=care.code, unit_path=care.unit_path, at=at).filter(pk__in=wanted)
    if sorted(fit.values_list("pk", flat=True)) != wanted:
        raise NoWorker()
