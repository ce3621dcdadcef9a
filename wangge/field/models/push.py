"""What must arrive, until it has been handed to a channel."""

from django.db import models
from django.db.models import Q


class PushMessage(models.Model):
    """For one post. The text names nobody: it may lie on a locked screen or at a gateway's."""

    key = models.TextField(unique=True, db_collation="C")  # entry of the journal and post: told once
    post_id = models.BigIntegerField()
    kind = models.TextField(db_collation="C")
    subject_id = models.TextField(db_collation="C")
    text = models.TextField()
    at = models.DateTimeField()
    next_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index("next_at", name="push_waiting", condition=Q(sent_at__isnull=True, given_up_at__isnull=True)),
            models.Index("at", name="push_at"),
        ]

    def __str__(self) -> str:
        return self.key
