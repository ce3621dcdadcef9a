"""关爱对象: statutory categories only, and who answers for whom (product line; ADR 20).

Seen by the competent department, the assigned worker and the helpers, nobody else; on no map, wall or export.
"""

from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from wangge.core.codes import END
from wangge.core.sealed import SealedField
from wangge.registry.models.base import C
from wangge.registry.models.people import Person

if TYPE_CHECKING:
    from wangge.core.actor import Actor


class CareCategory(models.Model):
    """Without a legal basis and an approval there is none."""

    code = models.TextField(unique=True, db_collation=C)
    name_zh = models.TextField()
    name_en = models.TextField()
    legal_basis = models.TextField()
    approval = models.TextField()  # who approved that it is kept here, and when
    department = models.TextField()  # the competent department in words
    units = ArrayField(models.TextField(), default=list)  # what the name of a competent unit holds; none: nobody is
    interval_days = models.SmallIntegerField()  # between visits at the level 2; level 1 half of it, level 3 twice
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=~Q(legal_basis="") & ~Q(approval=""), name="care_category_is_lawful"),
            models.CheckConstraint(condition=Q(interval_days__gte=1), name="care_category_interval"),
        ]

    def __str__(self) -> str:
        return self.code


class CareQuerySet(models.QuerySet["Care"]):
    def visible_to(self, actor: "Actor") -> "CareQuerySet":
        """The policy on the table says the same."""
        if actor.is_system:
            return self
        if not actor.may("care.read"):
            return self.none()
        mine = Q(posts__contains=[actor.post_id]) if actor.post_id else Q(pk__in=[])
        if actor.unit_path and actor.unit_kind != "centre":
            mine |= Q(unit_path__gte=actor.unit_path, unit_path__lt=actor.unit_path + END)
        return self.filter(mine)


class Care(models.Model):
    """One person under one category. The name is kept sealed: a department without codes has no reading of people."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    category = models.ForeignKey(CareCategory, on_delete=models.PROTECT, related_name="subjects")
    name_sealed = SealedField()
    basis_sealed = SealedField()  # document and date the duty stands on
    level = models.SmallIntegerField(default=2)
    unit_path = models.TextField(db_collation=C)  # the competent department
    worker_post = models.BigIntegerField(null=True)
    posts = ArrayField(models.BigIntegerField(), default=list)  # the worker's and the helpers'
    start_date = models.DateField()
    end_date = models.DateField(null=True)  # the basis ends by itself
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True, default="")
    next_visit = models.DateField(null=True)
    code = models.TextField(db_collation=C)
    version = models.IntegerField(default=1)

    objects: ClassVar[CareQuerySet] = CareQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["next_visit", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end_date__isnull=True) | Q(end_date__gte=F("start_date")), name="care_period"
            ),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="care_level"),
            models.UniqueConstraint(
                fields=["person", "category"], condition=Q(ended_at__isnull=True), name="care_once"
            ),
        ]
        indexes = [
            models.Index("unit_path", "next_visit", name="registry_care_unit"),
            models.Index("next_visit", name="registry_care_due", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"care {self.pk}"


class CareHelper(models.Model):
    """四帮一: who helps in which part."""

    id = models.UUIDField(primary_key=True)
    care = models.ForeignKey(Care, on_delete=models.CASCADE, related_name="helpers")
    role = models.TextField()  # cadre, grid_worker, police, doctor, volunteer, family
    post_id = models.BigIntegerField(null=True)
    name_sealed = SealedField()

    class Meta:
        ordering = ["care", "role", "id"]

    def __str__(self) -> str:
        return f"{self.role} of {self.care_id}"


class CareVisit(models.Model):
    id = models.UUIDField(primary_key=True)
    care = models.ForeignKey(Care, on_delete=models.CASCADE, related_name="visits")
    visited_on = models.DateField()
    findings_sealed = SealedField()
    needs_sealed = SealedField(null=True)
    next_visit = models.DateField(null=True)
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-visited_on", "-id"]

    def __str__(self) -> str:
        return f"visit {self.pk}"
