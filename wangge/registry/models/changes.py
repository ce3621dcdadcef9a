"""What became of records: each changed field, what differed and waits for a decision, what was merged."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wangge.core.sealed import SealedField
from wangge.registry.models.base import C, ScopedQuerySet


class Change(models.Model):
    """One field of one record, from what to what. Sealed where the field is; masked beside it for the page.

    `act` is one write: all its fields, and the `act` of its journal entry.
    """

    kind = models.TextField(db_collation=C)
    record = models.UUIDField()
    act = models.UUIDField()
    field = models.TextField()
    old = models.TextField(blank=True, default="")
    new = models.TextField(blank=True, default="")
    old_sealed = SealedField(null=True, context="registry_change.{0.field}", row="{0.record}")
    new_sealed = SealedField(null=True, context="registry_change.{0.field}", row="{0.record}")
    why = models.TextField(blank=True, default="")
    source = models.TextField()
    owner = models.TextField(blank=True, default="")
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    code = models.TextField(db_collation=C)

    objects: ClassVar[ScopedQuerySet["Change"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index("record", "id", name="registry_change_record"),
            models.Index("code", "at", name="registry_change_retained", condition=Q(source="retention")),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.record} {self.field}"


class Difference(models.Model):
    """What another source says, and did not win. Open until somebody takes or refuses it."""

    class State(models.TextChoices):
        OPEN = "open", "待处理"
        TAKEN = "taken", "已采纳"
        REFUSED = "refused", "不采纳"

    id = models.UUIDField(primary_key=True)
    kind = models.TextField(db_collation=C)
    record = models.UUIDField()
    field = models.TextField()
    offered = models.TextField(blank=True, default="")  # masked where the field is sealed
    offered_sealed = SealedField(null=True, context="registry_difference.{0.field}", row="{0.record}")
    source = models.TextField()
    owner = models.TextField(blank=True, default="")
    said_at = models.DateTimeField()
    state = models.TextField(choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.TextField(blank=True, default="")
    why = models.TextField(blank=True, default="")
    code = models.TextField(db_collation=C)

    objects: ClassVar[ScopedQuerySet["Difference"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-said_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="difference_decided",
            ),
        ]
        indexes = [
            models.Index("record", "field", name="registry_difference_record"),
            models.Index("code", "said_at", name="registry_difference_open", condition=Q(state="open")),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.record} {self.field}"


class Merge(models.Model):
    """Two rows for one person made one; `moved` is what pointed to the other, to undo by: [table, id, column]."""

    id = models.UUIDField(primary_key=True)
    kept = models.UUIDField()
    gone = models.UUIDField()
    moved = models.JSONField(default=list)
    why = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.TextField(blank=True, default="")
    code = models.TextField(db_collation=C)

    objects: ClassVar[ScopedQuerySet["Merge"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(kept=models.F("gone")), name="merge_of_two"),
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at__isnull=True), name="merged_once"),
        ]
        indexes = [models.Index("kept", name="registry_merge_kept")]

    def __str__(self) -> str:
        return f"{self.gone} into {self.kept}"


class Apart(models.Model):
    """Two rows alike that somebody looked at: two people. The smaller id is `one`, so that a pair stands once."""

    id = models.UUIDField(primary_key=True)
    one = models.UUIDField()
    other = models.UUIDField()
    by_name = models.TextField()
    at = models.DateTimeField()
    code = models.TextField(db_collation=C)

    objects: ClassVar[ScopedQuerySet["Apart"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(one__lt=models.F("other")), name="apart_in_order"),
            models.UniqueConstraint(fields=["one", "other"], name="apart_once"),
        ]
        indexes = [
            models.Index("other", name="registry_apart_other"),
            models.Index("code", name="registry_apart_code"),
        ]

    def __str__(self) -> str:
        return f"{self.one} and {self.other}"
