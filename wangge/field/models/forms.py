"""Forms with their versions, and what was recorded with them in the field (ADR 19)."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from wangge.core.ranges import within
from wangge.core.sealed import SealedField

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"
WORKS = ("field.work", "field.watch")


def seen_in_field(actor: "Actor", *permissions: str) -> Q:
    """One's own; what lies in one's codes, for posts that work or watch there. The policies say the same."""
    if actor.is_system:
        return Q()
    mine = Q(by_post=actor.post_id) if actor.post_id else Q(pk__in=[])
    if not any(actor.may(permission) for permission in (*WORKS, *permissions)):
        return mine
    return Q() if "" in actor.ranges else mine | within("code", actor.ranges)


class FormKind(models.TextChoices):
    VISIT = "visit", "走访"
    COLLECT = "collect", "信息采集"
    INSPECT = "inspect", "检查"
    PATROL = "patrol", "巡查"
    ERRAND = "errand", "任务"


class Form(models.Model):
    """The sheet; what it asks stands in its versions, which never change."""

    Kind = FormKind

    code = models.TextField(unique=True, db_collation=C)
    kind = models.TextField(choices=Kind.choices)
    name_zh = models.TextField()
    name_en = models.TextField()
    is_active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)  # the newest

    class Meta:
        ordering = ["kind", "code"]

    def __str__(self) -> str:
        return self.code


class FormVersion(models.Model):
    form = models.ForeignKey(Form, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    schema = models.JSONField()
    at = models.DateTimeField()
    by_name = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["form", "-number"]
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="form_version_once")]

    def __str__(self) -> str:
        return f"{self.form_id} {self.number}"


class RecordQuerySet(models.QuerySet["Record"]):
    def visible_to(self, actor: "Actor") -> "RecordQuerySet":
        return self.filter(seen_in_field(actor))


class Record(models.Model):
    """One sheet filled in. `answers` holds no secret; those are sealed, and masked beside. Place WGS-84."""

    id = models.UUIDField(primary_key=True)  # the phone's
    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="records")
    version = models.IntegerField()
    kind = models.TextField(db_collation=C)
    subject = models.ForeignKey(
        "field.Subject", on_delete=models.PROTECT, null=True, db_index=False, related_name="records"
    )
    errand_id = models.UUIDField(null=True)
    code = models.TextField(db_collation=C)  # grid
    address = models.TextField(blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)  # metres
    answers = models.JSONField(default=dict)
    masked = models.JSONField(default=dict)
    secrets_sealed = SealedField(null=True)
    # What a sheet of the registry became there: kind, id, asked (the phone's id), opened, version, fields. The values
    # stand in the registry alone, where they are corrected, kept for their time and erased.
    registry = models.JSONField(null=True)
    failed = ArrayField(models.TextField(), default=list)
    due_date = models.DateField(null=True)  # of the subject, when this was done
    next_date = models.DateField(null=True)
    by_post = models.BigIntegerField()
    by_user = models.BigIntegerField()
    by_name = models.TextField()
    fingerprint = models.BinaryField()
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    objects = RecordQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="record_place_in_pairs",
            ),
        ]
        indexes = [
            models.Index("subject", "happened_at", name="record_subject"),
            models.Index("code", "happened_at", name="record_code"),
            models.Index("by_post", "happened_at", name="record_post"),
            models.Index("errand_id", name="record_errand", condition=Q(errand_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PieceQuerySet(models.QuerySet["Piece"]):
    def visible_to(self, actor: "Actor") -> "PieceQuerySet":
        return self.filter(seen_in_field(actor))


class Piece(models.Model):
    """A piece of evidence that a record, an errand or a point of a patrol names, and no case does (yet)."""

    piece = models.UUIDField(primary_key=True)
    owner_kind = models.TextField(db_collation=C)  # record, errand, check
    owner_id = models.UUIDField()
    code = models.TextField(db_collation=C)
    by_post = models.BigIntegerField()
    at = models.DateTimeField()

    objects = PieceQuerySet.as_manager()

    class Meta:
        ordering = ["at", "piece"]
        indexes = [models.Index("owner_id", name="piece_owner")]

    def __str__(self) -> str:
        return str(self.piece)
