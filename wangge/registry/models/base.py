"""What every record has: a grid, where its values come from, and how it ends."""

from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

from wangge.core.ranges import within

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"
FORGOTTEN = "forgotten"
M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """Everything here stands in a grid, and is seen by posts that may read the registry there."""

    def visible_to(self, actor: "Actor") -> "ScopedQuerySet[M]":
        if actor.is_system:
            return self
        if not actor.may("registry.read"):
            return self.none()
        return self.filter(within("code", actor.ranges))

    def standing(self) -> "ScopedQuerySet[M]":
        return self.filter(ended_at__isnull=True)


class Record(models.Model):
    """`code`: a grid, or a community where no grid is known; "" only for what nobody has placed yet.

    `sources`: `{field: [owner, ISO instant]}` of what is another's word than `source`, or was said or confirmed after
    the record was made; "decided" after them where a person saw what two sources said and chose, "forgotten" where
    the field's time was over (actions/retention.py).
    """

    id = models.UUIDField(primary_key=True)
    code = models.TextField(db_collation=C)
    source = models.TextField(default="console")  # console, field, import, department, resident
    sources = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    checked_at = models.DateTimeField()  # when somebody last saw the record; what of it they saw is in `sources`
    version = models.IntegerField(default=1)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.TextField(blank=True, default="")

    class Meta:
        abstract = True

    def said_of(self, field: str) -> tuple[Any, ...]:
        """Owner and ISO instant of a field's value, the record's own where nobody else spoke; "decided" may follow."""
        return tuple(self.sources.get(field, ("", None)))
