"""Saved views: filters of the list of cases under a name, private or shared with one's unit and those below."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from wangge.core.ranges import within

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


class ViewQuerySet(models.QuerySet["View"]):
    def visible_to(self, actor: "Actor") -> "ViewQuerySet":
        """One's own; what one's unit or one above it shares; for administrators also the shared ones of their area."""
        if actor.is_system:
            return self
        steps = actor.unit_path.split("/")[:-1]
        above = ["/".join(steps[: depth + 1]) + "/" for depth in range(len(steps))]
        seen = Q(by_post=actor.post_id) | Q(is_shared=True, unit_path__in=above)
        if actor.may("account.edit"):
            seen |= Q(is_shared=True) & within("division", actor.ranges)
        return self.filter(seen)


class View(models.Model):
    name = models.TextField()
    filters = models.JSONField()  # schemas/views.py: never a telephone
    is_shared = models.BooleanField(default=False)
    by_post = models.BigIntegerField()
    by_name = models.TextField()
    unit_path = models.TextField(db_collation=C)
    division = models.TextField(db_collation=C)
    changed_at = models.DateTimeField()

    objects = ViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["by_post", "name"], name="view_name_once")]
        indexes = [models.Index("unit_path", name="view_shared", condition=Q(is_shared=True))]

    def __str__(self) -> str:
        return self.name


class Pin(models.Model):
    """A view as a tab of the workbench, for one post."""

    by_post = models.BigIntegerField()
    view = models.ForeignKey(View, on_delete=models.CASCADE, related_name="pins")
    order = models.SmallIntegerField()

    objects = models.Manager["Pin"]()

    class Meta:
        ordering = ["by_post", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["by_post", "view"], name="pinned_once")]

    def __str__(self) -> str:
        return f"{self.by_post}: {self.order}"
