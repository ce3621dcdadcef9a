"""One import from file to applied: checked first (nothing written), staged in rows, then made real at once."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from wangge.core.codes import END
from wangge.core.importing.importer import importers
from wangge.core.sealed import SealedField

if TYPE_CHECKING:
    from wangge.core.actor import Actor


class Mapping(models.Model):
    """A saved column mapping for a kind of file, so that the next month's file needs no work."""

    kind = models.TextField()
    name = models.TextField()
    definition = models.JSONField()
    by_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="mapping_name_once")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


# What the worker picks up; checking, staging and applying are also what a killed worker leaves behind.
WAITING = ["received", "checking", "staging", "applying"]


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, actor: "Actor") -> "BatchQuerySet":
        """One's own, and those of one's unit and its branches; of no kind that one may not bring oneself: who keeps
        the accounts does not read the files of people."""
        if actor.is_system:
            return self
        rows = self.filter(kind__in=[one.kind for one in importers(actor)])
        own = Q(by_user=actor.user_id) if actor.user_id else Q(pk__in=[])
        if not actor.unit_path:
            return rows.filter(own)
        return rows.filter(own | Q(unit_path__gte=actor.unit_path, unit_path__lt=actor.unit_path + END))


class Batch(models.Model):
    class State(models.TextChoices):
        RECEIVED = "received", "已接收"
        CHECKING = "checking", "检查中"
        CHECKED = "checked", "已检查"
        STAGING = "staging", "暂存中"
        STAGED = "staged", "已暂存"
        APPLYING = "applying", "生效中"
        APPLIED = "applied", "已生效"
        FAILED = "failed", "失败"
        CANCELLED = "cancelled", "已取消"

    id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    unit_path = models.TextField(blank=True, default="", db_collation="C")  # who may see it: this unit and those above
    file_name = models.TextField()
    file_sha256 = models.TextField()
    file_size = models.BigIntegerField()
    options = models.JSONField(default=dict)  # crs, encoding, part, valid_from, and the importer's own
    mapping = models.JSONField(default=list)
    sample = models.JSONField(default=dict)  # of the file, for the page that maps columns (reading.py); gone with it
    state = models.TextField(choices=State.choices)
    rows_total = models.IntegerField(default=0)
    rows_staged = models.IntegerField(default=0)
    staged_to = models.IntegerField(default=0)  # number of the last row of the file that staging has gone past
    faulty_rows = models.BinaryField(null=True)  # a bit for each row of the file that has an error, compressed
    file_errors = models.IntegerField(default=0)  # errors of no single row: they cannot be left out
    skip_faulty = models.BooleanField(default=False)
    errors = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    by_fault = models.JSONField(default=dict)  # code of the fault → how often
    counts = models.JSONField(default=dict)  # what apply made, changed, left
    failure = models.JSONField(null=True)  # the error as it is answered: code, zh, en
    by_user = models.BigIntegerField(null=True)
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField()
    partner = models.TextField(blank=True, default="")  # code of the system that sent it as rows (sent.py), no file
    source_no = models.TextField(blank=True, default="")  # its own number of the batch
    # Who asked for the latest step (check, stage, apply): the worker takes it as them, within their ranges.
    asked_user = models.BigIntegerField(null=True)
    asked_post = models.BigIntegerField(null=True)
    asked_name = models.TextField(blank=True, default="")
    attempts = models.IntegerField(default=0)  # how often the present step was begun and not got on with
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at", "id"]
        indexes = [
            models.Index(fields=["state"], name="imports_batch_waiting", condition=Q(state__in=WAITING)),
            models.Index(fields=["kind", "file_sha256"], name="imports_batch_file"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "source_no"], condition=~Q(partner=""), name="imports_batch_sent_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class StagedPage(models.Model):
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="pages")
    first = models.IntegerField()  # row in the file, the header is 1
    count = models.IntegerField()
    sealed = SealedField(row="{0.batch_id}:{0.first}")  # staged.py

    class Meta:
        ordering = ["batch", "first"]
        constraints = [models.UniqueConstraint(fields=["batch", "first"], name="staged_page_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.first}"


class RowFault(models.Model):
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="faults")
    row = models.IntegerField(null=True)
    column = models.TextField(blank=True, default="")
    level = models.TextField()
    code = models.TextField()
    subject = models.TextField(blank=True, default="")  # division or grid code
    zh = models.TextField()
    en = models.TextField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    area_m2 = models.FloatField(null=True)
    shape = models.BinaryField(null=True)

    class Meta:
        ordering = ["batch", "id"]

    def __str__(self) -> str:
        return f"{self.code} row {self.row}"
