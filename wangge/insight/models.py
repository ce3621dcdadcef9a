"""Tables asked for, made by the worker and kept for a while for whoever asked."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from wangge.core.ranges import within
from wangge.core.sealed import SealedField

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

    def proposed_to(self, actor: "Actor", kinds: Iterable[str]) -> "ExportQuerySet":
        """What others of the approver's own area ask for, of kinds that they may approve."""
        rows = self.filter(state=Export.State.PROPOSED, kind__in=list(kinds)).exclude(user=actor.user_id or 0)
        return rows.filter(within("code", actor.ranges))


class Export(models.Model):
    """One table asked for. Its file lies under its id (files.py); what it was asked with is sealed, for a filter may
    hold a telephone number, and gone when the table is made. A signed statement stays for good."""

    class Format(models.TextChoices):
        XLSX = "xlsx", "XLSX"
        CSV = "csv", "CSV"
        PDF = "pdf", "PDF"

    class State(models.TextChoices):
        PROPOSED = "proposed", "待审批"
        REFUSED = "refused", "未批准"
        WAITING = "waiting", "排队中"
        RUNNING = "running", "生成中"
        READY = "ready", "已完成"
        FAILED = "failed", "失败"
        EXPIRED = "expired", "已过期"

    id = models.UUIDField(primary_key=True)
    user = models.BigIntegerField()
    post = models.BigIntegerField()
    unit_path = models.TextField(db_collation=C)
    code = models.TextField(db_collation=C, blank=True, default="")  # division of the post that asked
    kind = models.TextField()  # of a maker
    format = models.TextField(choices=Format.choices)
    title = models.TextField()
    language = models.TextField()
    asked_sealed = SealedField()
    state = models.TextField(choices=State.choices, default=State.WAITING, db_collation=C)
    done = models.IntegerField(default=0)
    total = models.IntegerField(null=True)
    size = models.BigIntegerField(null=True)
    sha256 = models.TextField(blank=True, default="")
    is_cut = models.BooleanField(default=False)  # there was more than the format holds
    statement = models.JSONField(null=True)  # signed; as it lies beside the file
    problem = models.TextField(blank=True, default="")
    asked_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    told_at = models.DateTimeField(null=True)  # when its maker last said that it is at work
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    purpose = models.TextField(blank=True, default="")  # where another's approval is needed: what it is for
    decided_by = models.TextField(blank=True, default="")
    decided_at = models.DateTimeField(null=True)

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

    @property
    def is_signed(self) -> bool:
        return self.statement is not None
