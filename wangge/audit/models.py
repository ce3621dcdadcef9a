"""Exports of the journal: what was asked for, and what was made and signed."""

from django.db import models


class JournalExport(models.Model):
    """Made by the worker when there is much of it. The file is kept for days; this row, with its hash, for good."""

    class State(models.TextChoices):
        RUNNING = "running", "制作中"
        DONE = "done", "已完成"

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel"

    id = models.UUIDField(primary_key=True)
    form = models.TextField(choices=Form.choices)
    filters = models.JSONField()
    ranges = models.JSONField()  # of who asked, then
    newest_id = models.BigIntegerField()  # entries up to here: what comes while it is made is not in it
    language = models.TextField()
    state = models.TextField(choices=State.choices, default=State.RUNNING)
    rows = models.IntegerField(default=0)
    size = models.BigIntegerField(default=0)
    sha256 = models.TextField(blank=True, default="")
    signature = models.JSONField(null=True)  # the signed statement, as it stands in the .sig file
    is_cut = models.BooleanField(default=False)  # there was more than a file may hold
    by_user = models.BigIntegerField()
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField()
    by_division = models.TextField(blank=True, default="", db_collation="C")
    asked_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)  # the file; the row stays

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [
            models.Index("asked_at", name="journal_export_waiting", condition=models.Q(state="running")),
            models.Index("by_user", "asked_at", name="journal_export_own"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.asked_at}"
