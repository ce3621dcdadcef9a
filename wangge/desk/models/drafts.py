"""What a post has begun to take in and not sent yet: sealed, for it holds a caller's telephone and words."""

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models

from wangge.core.sealed import SealedField

if TYPE_CHECKING:
    from wangge.core.actor import Actor


class DraftQuerySet(models.QuerySet["Draft"]):
    def visible_to(self, actor: "Actor") -> "DraftQuerySet":
        """One's own post's alone. The policy says the same."""
        if actor.is_system:
            return self
        return self.filter(by_post=actor.post_id) if actor.post_id else self.none()


class Draft(models.Model):
    """An intake half done. Its id comes from the page that began it, so that saving twice is one draft."""

    id = models.UUIDField(primary_key=True)
    by_post = models.BigIntegerField()
    sealed = SealedField()  # the form's values, JSON
    evidence = ArrayField(models.UUIDField(), default=list)  # pieces sent beforehand: kept as long as the draft
    version = models.IntegerField(default=1)
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "id"]
        indexes = [
            models.Index("by_post", "changed_at", name="draft_post"),
            models.Index("changed_at", name="draft_changed"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
