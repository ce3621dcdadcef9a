"""Tables asked for, made by the worker and kept for a while for whoever asked."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, actor: "Actor") -> "ExportQuerySet":
        """The person's own alone, and only on the post that asked: another post sees other cases."""
        if actor.is_system:
            return self
        if actor.user_id is None or actor.post_id is None:
            return self.none()
        return self.filter(user=actor.user_id, post=actor.post_id)


class Export(models.Model):
    """One table asked for. Its file lies under its id (files.py); what it was asked with is sealed: a filter may hold a
    telephone number."""

    class Kind(models.TextChoices):
        CASES = "cases", "案件清单"
        ANALYSIS = "analysis", "统计分析"

    class Format(models.TextChoices):
        XLSX = "xlsx", "XLSX"
        CSV = "csv", "CSV"
        PDF = "pdf", "PDF"

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "生成中"
        READY = "ready", "已完成"
        FAILED = "failed", "失败"
        EXPIRED = "expired", "已过期"

    id = models.UUIDField(primary_key=True)
    user = models.BigIntegerField()
    post = models.BigIntegerField()
    unit_path = models.TextField(db_collation=C)
    kind = models.TextField(choices=Kind.choices)
    format = models.TextField(choices=Format.choices)
    title = models.TextField()
    language = models.TextField()
    asked_sealed = models.BinaryField()
    state = models.TextField(choices=State.choices, default=State.WAITING, db_collation=C)
    done = models.IntegerField(default=0)
    total = models.IntegerField(null=True)
    size = models.BigIntegerField(null=True)
    problem = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="ready", ready_at__isnull=False, expires_at__isnull=False, size__isnull=False)
                | ~Q(state="ready"),
                name="export_ready_says_until_when",
            )
        ]
        indexes = [
            models.Index("user", "asked_at", name="export_of_user"),
            models.Index("asked_at", name="export_to_make", condition=Q(state__in=["waiting", "running"])),
            models.Index("expires_at", name="export_to_expire", condition=Q(state="ready")),
        ]

    def __str__(self) -> str:
        return self.title
