"""Terminals: a device in the hand of a post. One row for each binding; a device that changes hands gets another."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from wangge.field.models.duty import in_reach

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


class TerminalQuerySet(models.QuerySet["Terminal"]):
    def visible_to(self, actor: "Actor") -> "TerminalQuerySet":
        watches = "terminal.edit" if actor.may("terminal.edit") else "field.watch"
        return self.filter(in_reach(actor, permission=watches))

    def in_use(self) -> "TerminalQuerySet":
        return self.filter(released_at=None)


class Terminal(models.Model):
    """`bound_at` empty: it has signed in for a post whose terminal is another one, and waits to be bound to it."""

    class Kind(models.TextChoices):
        PHONE = "phone", "手机"
        TRACKER = "tracker", "后台定位客户端"

    kind = models.TextField(choices=Kind.choices, default=Kind.PHONE)
    device = models.TextField(db_collation=C)  # made by the device for itself; of a tracker, made here
    name = models.TextField(blank=True, default="")
    version = models.TextField(blank=True, default="")  # of the application
    post = models.ForeignKey("accounts.Post", on_delete=models.PROTECT, related_name="+")
    code = models.TextField(db_collation=C)  # as of DutySpan
    grid = models.TextField(db_collation=C, blank=True, default="")  # the general grid it serves
    key_hash = models.BinaryField(null=True)  # of a tracker; the key itself is shown once
    session_ids = ArrayField(models.BigIntegerField(), default=list)  # sign-ins made on it, the newest last
    registered_at = models.DateTimeField()
    bound_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()  # its latest sign-in or registration; positions are newer (Newest)
    released_at = models.DateTimeField(null=True)
    signed_out_at = models.DateTimeField(null=True)  # by the office, from afar
    signed_out_why = models.TextField(blank=True, default="")

    objects = TerminalQuerySet.as_manager()

    class Meta:
        ordering = ["code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["device", "post"], condition=Q(released_at__isnull=True), name="terminal_once_for_a_post"
            ),
            models.UniqueConstraint(
                fields=["post", "kind"],
                condition=Q(released_at__isnull=True, bound_at__isnull=False),
                name="one_terminal_of_a_post",
            ),
            models.UniqueConstraint(
                fields=["device"],
                condition=Q(released_at__isnull=True, bound_at__isnull=False),
                name="one_post_of_a_terminal",
            ),
            models.UniqueConstraint(
                fields=["key_hash"], condition=Q(key_hash__isnull=False), name="terminal_key_is_its_own"
            ),
            models.CheckConstraint(
                condition=Q(kind="phone", key_hash__isnull=True) | Q(kind="tracker"), name="only_trackers_have_keys"
            ),
        ]
        indexes = [models.Index("code", "id", name="terminal_code"), models.Index("grid", name="terminal_grid")]

    def __str__(self) -> str:
        return f"{self.kind} {self.device}"
