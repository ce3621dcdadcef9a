"""通知: one row for each unit or post that is told, never one for each person; what a post has read is its own affair.

No personal values: numbers, names of units and words of the house. What a case is called is asked for by the reader, as
that reader may see it (queries/notices.py).
"""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from wangge.core.ranges import within

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


def speaks_for_unit(actor: "Actor") -> bool:
    """Not somebody in it who looks after one grid: they are told of their grid alone."""
    return not actor.ranges or actor.covers(actor.division)


class NoticeQuerySet(models.QuerySet["Notice"]):
    def addressed_to(self, actor: "Actor") -> "NoticeQuerySet":
        """To the post itself, or to those of its unit who may do what is asked; never to who did it."""
        unit = Q(unit_path=actor.unit_path or "-", permission__in=sorted(actor.permissions))
        if not speaks_for_unit(actor):
            unit &= within("code", actor.ranges)
        return self.filter(unit | Q(post_id=actor.post_id or 0)).exclude(by_post=actor.post_id or 0)


class Notice(models.Model):
    """`seq` grows with every notice and when one is said again: what is above a post's mark is news to it."""

    key = models.TextField(unique=True, db_collation=C)  # kind, subject and who is told: nothing is said twice
    seq = models.BigIntegerField(unique=True)
    entry_id = models.BigIntegerField()  # of the journal: read again, an entry changes nothing
    kind = models.TextField(db_collation=C)
    urgent = models.BooleanField(default=False)
    unit_path = models.TextField(blank=True, default="", db_collation=C)
    permission = models.TextField(blank=True, default="")
    code = models.TextField(blank=True, default="", db_collation=C)
    post_id = models.BigIntegerField(null=True)
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")  # of a unit, or of a person of the house
    subject_type = models.TextField()
    subject_id = models.TextField(db_collation=C)
    data = models.JSONField(default=dict)
    times = models.IntegerField(default=1)
    at = models.DateTimeField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-seq"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(post_id__isnull=True) & ~Q(unit_path="") & ~Q(permission=""))
                | (Q(post_id__isnull=False) & Q(unit_path="")),
                name="notice_to_unit_or_post",
            )
        ]
        indexes = [
            models.Index("unit_path", "seq", name="notice_unit"),
            models.Index("post_id", "seq", name="notice_post", condition=Q(post_id__isnull=False)),
            models.Index("at", name="notice_at"),
        ]

    def __str__(self) -> str:
        return self.key


class NoticeMark(models.Model):
    """Up to where a post has read all."""

    post_id = models.BigIntegerField(primary_key=True)
    read_to = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.post_id}: {self.read_to}"


class NoticeRead(models.Model):
    """One notice above the mark that a post has read, as it was then."""

    post_id = models.BigIntegerField()
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="reads")
    seq = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post_id", "notice"], name="notice_read_once")]

    def __str__(self) -> str:
        return f"{self.post_id} read {self.notice_id}"


def no_choices() -> dict[str, Any]:
    return {}


class NoticeSettings(models.Model):
    """What a person wants to be told when. Times of day are Beijing's; urgent ones come at once, whatever is set."""

    user_id = models.BigIntegerField(primary_key=True)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)
    ways = models.JSONField(default=no_choices)  # group -> at_once, digest, never
    digest_at = ArrayField(models.TimeField(), default=list)
    sound = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_to__isnull=True)
                | Q(quiet_from__isnull=False, quiet_to__isnull=False),
                name="quiet_hours_in_pairs",
            )
        ]

    def __str__(self) -> str:
        return str(self.user_id)
