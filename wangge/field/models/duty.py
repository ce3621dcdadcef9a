"""On duty: a span that its holder began and ended. Nobody is located outside one (ADR 17)."""

from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from wangge.core.ranges import within

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


class DutySpanQuerySet(models.QuerySet["DutySpan"]):
    def visible_to(self, actor: "Actor") -> "DutySpanQuerySet":
        return self.filter(in_reach(actor))

    def open(self) -> "DutySpanQuerySet":
        return self.filter(ended_at=None)


def in_reach(actor: "Actor", *, permission: str = "field.watch") -> Q:
    """One's own; of others those whose work lies in one's codes, where one may watch them."""
    mine = Q(post=actor.post_id) if actor.post_id else Q(pk__in=[])
    if not actor.may(permission):
        return mine
    return Q() if "" in actor.ranges else mine | within("code", actor.ranges)  # `mine | Q()` would be `mine`


class DutySpan(models.Model):
    """`began_at`, `ended_at`: when it happened, as the phone says; `heard_at`: when we first heard of it."""

    class EndedBy(models.TextChoices):
        SELF = "self", "本人下岗"
        CLOCK = "clock", "到最长时间自动下岗"
        OFFICE = "office", "远程下线"

    id = models.UUIDField(primary_key=True)  # the phone's
    post = models.ForeignKey("accounts.Post", on_delete=models.PROTECT, related_name="+")
    user_id = models.BigIntegerField()
    code = models.TextField(db_collation=C)  # where the post works: its first grid or division
    unit_path = models.TextField(db_collation=C)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.TextField(choices=EndedBy.choices, blank=True, default="")
    heard_at = models.DateTimeField()
    # Said once for each silence (tasks.py), empty again when something was heard.
    silent_at = models.DateTimeField(null=True)

    objects = DutySpanQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="duty_span_period"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by="") | (Q(ended_at__isnull=False) & ~Q(ended_by="")),
                name="duty_span_ended_by_somebody",
            ),
            ExclusionConstraint(
                name="on_duty_once_at_a_time",
                expressions=[
                    ("post", RangeOperators.EQUAL),
                    (Func("began_at", "ended_at", function="tstzrange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [
            models.Index("post", "began_at", name="duty_span_post"),
            models.Index("code", name="duty_span_open", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.post_id} {self.began_at}"
