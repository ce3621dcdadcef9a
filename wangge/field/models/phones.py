"""What stands between phones and the house: its keys, queues handed in, and where phones may be rung."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from wangge.core.ranges import within
from wangge.core.sealed import SealedField

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


class HouseKey(models.Model):
    """A pair of P-256. The private half is sealed; the public one is given to phones."""

    class Purpose(models.TextChoices):
        HANDED_IN = "handed_in", "离线队列交回"
        VAPID = "vapid", "Web Push"

    id = models.UUIDField(primary_key=True)
    purpose = models.TextField(choices=Purpose.choices)
    public = models.JSONField()  # JWK
    private_sealed = SealedField()
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # not given out any more; what was sealed for it still opens

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(fields=["purpose"], condition=Q(ended_at__isnull=True), name="house_key_in_use")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class HandedInQuerySet(models.QuerySet["HandedIn"]):
    def visible_to(self, actor: "Actor") -> "HandedInQuerySet":
        if actor.is_system or (actor.may("field.watch") and "" in actor.ranges):
            return self
        return self.filter(within("code", actor.ranges)) if actor.may("field.watch") else self.none()


class HandedIn(models.Model):
    """A queue that a phone could not send itself. What it holds is sealed again; beside it only how each entry went."""

    id = models.UUIDField(primary_key=True)
    sha256 = models.TextField(unique=True, db_collation=C)  # of the envelope: handed in twice is once
    code = models.TextField(db_collation=C)  # where the worker works
    worker_post = models.BigIntegerField()
    worker_name = models.TextField()
    device = models.TextField(blank=True, default="")
    made_at = models.DateTimeField(null=True)
    sealed = SealedField(context="field_handedin.entries")
    entries = models.JSONField(default=list)
    by_post = models.BigIntegerField()
    by_name = models.TextField()
    at = models.DateTimeField()

    objects = HandedInQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "id"]

    def __str__(self) -> str:
        return str(self.pk)


class PushSubscription(models.Model):
    """Where a browser may be rung for one post; gone with the sign-in it was made in."""

    endpoint = models.TextField(unique=True)
    p256dh = models.TextField()
    auth = models.TextField()
    post_id = models.BigIntegerField()
    session_id = models.BigIntegerField()
    device = models.TextField(blank=True, default="")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index("post_id", name="push_post")]

    def __str__(self) -> str:
        return f"push of {self.post_id}"
