"""Who should handle what, where: rules in order, first match wins, explained; and drafts of them tried."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

C = "C"


class DispatchRule(models.Model):
    """Category path prefix × division prefix → unit. A rule whose unit has ended is shouted about, never skipped."""

    order = models.IntegerField()
    scheme = models.ForeignKey("cases.Scheme", on_delete=models.CASCADE, null=True, related_name="+")
    category_path = models.TextField(blank=True, default="", db_collation=C)  # "" any
    code = models.TextField(blank=True, default="", db_collation=C)  # "" anywhere
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="dispatch_rule_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.category_path}@{self.code} -> {self.unit_id}"


class DispatchTrial(models.Model):
    """A draft of dispatch rules tried on past cases, batch by batch (trials.py). Seen by who asked, kept for days."""

    class State(models.TextChoices):
        RUNNING = "running", "试算中"
        DONE = "done", "已完成"

    COUNTS = ("cases", "changed", "gained", "lost", "named_now", "named_draft", "right_now", "right_draft")

    id = models.UUIDField(primary_key=True)
    since = models.DateTimeField()
    until = models.DateTimeField()
    now = models.JSONField()  # rules as they stood when asked
    draft = models.JSONField()
    draft_day = models.DateField(null=True)  # the draft as it holds on this day; null: on the day it is tried
    ranges = ArrayField(models.TextField())
    names_cases = models.BooleanField()  # who asked may read cases
    state = models.TextField(choices=State.choices, default=State.RUNNING)
    total = models.IntegerField()
    done = models.IntegerField(default=0)
    last_at = models.DateTimeField(null=True)  # the last case tried
    last_id = models.UUIDField(null=True)
    result = models.JSONField(null=True)
    by_user = models.BigIntegerField()
    by_name = models.TextField()
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at"]
        indexes = [models.Index("asked_at", name="dispatch_trial_waiting", condition=Q(state="running"))]

    def __str__(self) -> str:
        return f"{self.since} – {self.until}"
