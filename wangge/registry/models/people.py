"""人: people, where they live, households. Every table here stands under row-level security."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wangge.core.sealed import SealedField
from wangge.registry.models.base import C, Record, ScopedQuerySet
from wangge.registry.models.places import Dwelling

LIVING = ("lives", "rents")
OLD_BEFORE = date(1970, 1, 1)  # whoever may turn eighty before 2050 (queries/care.py), and few of those who are written


class Person(Record):
    """A person; `code` follows where they live now. Sealed fields: `…_sealed`, `…_hash`, `…_masked` (dictionary.py).

    Merged into another: `merged_into` says whom, and the row has ended. Erased: only id, code and the day remain.
    """

    name = models.TextField(blank=True, default="")
    name_key = models.TextField(blank=True, default="")
    former_name = models.TextField(blank=True, default="")
    id_type = models.TextField(blank=True, default="")
    id_number_sealed = SealedField(null=True)
    id_number_hash = models.BinaryField(null=True)
    number_faulty = models.BooleanField(default=False)  # imported with a wrong check digit, as a warning
    id_number_masked = models.TextField(blank=True, default="")
    sex = models.TextField(blank=True, default="")
    birth_date = models.DateField(null=True)
    phone_sealed = SealedField(null=True)
    phone_hash = models.BinaryField(null=True)
    phone_masked = models.TextField(blank=True, default="")
    email_sealed = SealedField(null=True)
    email_masked = models.TextField(blank=True, default="")
    registration = models.TextField(blank=True, default="")
    native_place = models.TextField(blank=True, default="")
    marital = models.TextField(blank=True, default="")
    education = models.TextField(blank=True, default="")
    occupation = models.TextField(blank=True, default="")
    employer = models.TextField(blank=True, default="")
    household_region = models.TextField(blank=True, default="")
    household_address = models.TextField(blank=True, default="")
    residence_address = models.TextField(blank=True, default="")
    inflow_reason = models.TextField(blank=True, default="")
    permit_type = models.TextField(blank=True, default="")
    permit_number_sealed = SealedField(null=True)
    permit_number_masked = models.TextField(blank=True, default="")
    permit_expires = models.DateField(null=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    erased_at = models.DateTimeField(null=True)

    objects: ClassVar[ScopedQuerySet["Person"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["code", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(id_number_sealed__isnull=True, id_number_hash__isnull=True)
                | Q(id_number_sealed__isnull=False, id_number_hash__isnull=False),
                name="person_number_in_pairs",
            ),
            models.CheckConstraint(
                condition=Q(phone_sealed__isnull=True, phone_hash__isnull=True)
                | Q(phone_sealed__isnull=False, phone_hash__isnull=False),
                name="person_phone_in_pairs",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True)
                | Q(name="", id_number_sealed__isnull=True, phone_sealed__isnull=True, birth_date__isnull=True),
                name="person_erased_is_empty",
            ),
            models.UniqueConstraint(
                fields=["id_number_hash"],
                condition=Q(ended_at__isnull=True, id_number_hash__isnull=False),
                name="person_number_once",
            ),
        ]
        indexes = [
            models.Index("code", "id", name="registry_person_code"),
            models.Index("phone_hash", name="registry_person_phone", condition=Q(phone_hash__isnull=False)),
            models.Index("permit_expires", name="registry_person_permit", condition=Q(permit_expires__isnull=False)),
            models.Index(
                "birth_date",
                name="registry_person_old",
                condition=Q(birth_date__lt=OLD_BEFORE, ended_at__isnull=True),
            ),
            models.Index(
                "ended_at",
                name="registry_person_ended",
                condition=Q(ended_at__isnull=False, erased_at__isnull=True),
            ),
            models.Index("merged_into", name="registry_person_merged", condition=Q(merged_into__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"person {self.pk}"


class Tie(models.TextChoices):
    LIVES = "lives", "居住"
    RENTS = "rents", "租住"
    OWNS = "owns", "产权人"


class Residence(models.Model):
    """A tie of a person to a dwelling, `[from_date, to_date)`. Nobody lives in two dwellings at once; many own some."""

    id = models.UUIDField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False, related_name="residences")
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, db_index=False, related_name="residences")
    tie = models.TextField(choices=Tie.choices)
    from_date = models.DateField(null=True)  # null: not known
    to_date = models.DateField(null=True)
    code = models.TextField(db_collation=C)  # the dwelling's
    at = models.DateTimeField()

    objects: ClassVar[ScopedQuerySet["Residence"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-to_date", "-from_date", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date__isnull=True) | Q(from_date__isnull=True) | Q(to_date__gte=F("from_date")),
                name="residence_period",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(to_date__isnull=True, tie__in=LIVING), name="residence_one_home"
            ),
            models.UniqueConstraint(
                fields=["person", "dwelling", "tie"], condition=Q(to_date__isnull=True), name="residence_once"
            ),
        ]
        indexes = [
            models.Index("dwelling", "tie", name="registry_residence_dwelling"),
            models.Index("person", name="registry_residence_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.tie} {self.dwelling_id}"


class Household(Record):
    dwelling = models.ForeignKey(Dwelling, on_delete=models.PROTECT, null=True, related_name="households")
    number = models.TextField(blank=True, default="", db_collation=C)
    registration = models.TextField(blank=True, default="")

    objects: ClassVar[ScopedQuerySet["Household"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["code", "number", "id"]
        indexes = [
            models.Index("code", "id", name="registry_household_code"),
            models.Index("number", name="registry_household_number", condition=~Q(number="")),
        ]

    def __str__(self) -> str:
        return self.number or str(self.pk)


class Member(models.Model):
    """Who belongs to a household, and how they stand to its head (GB/T 4761)."""

    id = models.UUIDField(primary_key=True)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    relation = models.TextField(blank=True, default="")
    from_date = models.DateField(null=True)
    to_date = models.DateField(null=True)
    code = models.TextField(db_collation=C)  # the household's

    objects: ClassVar[ScopedQuerySet["Member"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["household", "relation", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["household", "person"], condition=Q(to_date__isnull=True), name="member_once"
            ),
            models.UniqueConstraint(
                fields=["household"], condition=Q(to_date__isnull=True, relation="02"), name="household_one_head"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.household_id}"
