"""组织: enterprises, social and party organisations, institutions; and who answers for them or joined them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wangge.core.sealed import SealedField
from wangge.registry.models.base import C, Record, ScopedQuerySet
from wangge.registry.models.doubled import doubled_index
from wangge.registry.models.people import Person
from wangge.registry.models.places import PAIR, Building


class Organisation(Record):
    building = models.ForeignKey(Building, on_delete=models.PROTECT, null=True, related_name="organisations")
    name = models.TextField()
    name_key = models.TextField()
    credit_code = models.TextField(blank=True, default="", db_collation=C)
    kind = models.TextField()
    address = models.TextField(blank=True, default="")
    phone = models.TextField(blank=True, default="")  # an office's own number, published
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    staff = models.IntegerField(null=True)
    hazard = models.TextField(blank=True, default="")
    handles_chemicals = models.BooleanField(null=True)
    has_party = models.BooleanField(null=True)
    has_union = models.BooleanField(null=True)

    objects: ClassVar[ScopedQuerySet["Organisation"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["name_key", "id"]
        constraints = [
            models.CheckConstraint(condition=PAIR, name="organisation_point_in_pairs"),
            models.UniqueConstraint(
                fields=["credit_code"],
                condition=Q(ended_at__isnull=True) & ~Q(credit_code=""),
                name="organisation_code_once",
            ),
        ]
        indexes = [
            models.Index("code", "id", name="registry_organisation_code"),
            models.Index("name", name="registry_organisation_uncoded", condition=Q(credit_code="")),
            doubled_index("name_key", name="registry_organisation_named"),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationPerson(models.Model):
    """Somebody's part in an organisation. A person of the registry, or only a name and a sealed number.

    After it ended (with the organisation at the latest) the number goes first, then who it was: a role and its days
    remain (actions/retention.py).
    """

    id = models.UUIDField(primary_key=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="parts")
    role = models.TextField()
    name = models.TextField(blank=True, default="")
    phone_sealed = SealedField(null=True)
    phone_masked = models.TextField(blank=True, default="")
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    code = models.TextField(db_collation=C)  # the organisation's
    phone_emptied_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedQuerySet["OrganisationPerson"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["organisation", "role", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(name="") | Q(to_date__isnull=False),
                name="organisation_person_is_somebody",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(person__isnull=True, name="", phone_sealed__isnull=True),
                name="organisation_person_erased_is_empty",
            ),
        ]
        indexes = [
            models.Index(
                "to_date",
                name="registry_part_ended",
                condition=Q(to_date__isnull=False, erased_at__isnull=True),
            ),
            models.Index("code", name="registry_part_code", condition=Q(to_date__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.organisation_id}"
