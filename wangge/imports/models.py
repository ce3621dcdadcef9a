"""One import from file to applied: checked first (nothing written), staged in rows, then made real at once."""

from django.db import models


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
    file_name = models.TextField()
    file_sha256 = models.TextField()
    file_size = models.BigIntegerField()
    options = models.JSONField(default=dict)  # crs, encoding, scheme, valid_from, mapping…
    state = models.TextField(choices=State.choices)
    rows_total = models.IntegerField(default=0)
    rows_staged = models.IntegerField(default=0)
    errors = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)  # what apply made, changed, left
    failure = models.TextField(blank=True, default="")
    by_user = models.BigIntegerField(null=True)
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField()
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-received_at", "id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.file_name}"


class StagedRow(models.Model):
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    number = models.IntegerField()  # row in the file, the header is 1
    values = models.JSONField()
    geometry = models.BinaryField(null=True)

    class Meta:
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="staged_row_once")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number}"


class RowFault(models.Model):
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="faults")
    row = models.IntegerField(null=True)
    column = models.TextField(blank=True, default="")
    level = models.TextField()
    code = models.TextField()
    zh = models.TextField()
    en = models.TextField()
    value = models.TextField(blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    area_m2 = models.FloatField(null=True)
    shape = models.BinaryField(null=True)

    class Meta:
        ordering = ["batch", "id"]

    def __str__(self) -> str:
        return f"{self.code} row {self.row}"
