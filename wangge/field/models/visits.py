"""Whom and what is visited again and again: the list that a worker's day is made of."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from wangge.accounts.models import Post
from wangge.core.ranges import within
from wangge.core.sealed import SealedField
from wangge.field.models.forms import WORKS
from wangge.field.rules.visits import Level

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"
LEVELS = [(str(level), str(level)) for level in Level]


class SubjectKind(models.TextChoices):
    DWELLING = "dwelling", "出租房"
    SHOP = "shop", "沿街商铺"
    SITE = "site", "场所"
    HOUSEHOLD = "household", "家庭"


class SubjectQuerySet(models.QuerySet["Subject"]):
    def visible_to(self, actor: "Actor") -> "SubjectQuerySet":
        """What lies in the codes, for posts that work there, watch, or plan."""
        if actor.is_system:
            return self
        if not any(actor.may(permission) for permission in (*WORKS, "patrol.edit")):
            return self.none()
        return self.filter(within("code", actor.ranges))

    def on_list(self, day: date) -> "SubjectQuerySet":
        """Those that are still to be visited on a day."""
        return self.filter(Q(until_date__isnull=True) | Q(until_date__gt=day), is_active=True)

    def off_list(self, day: date) -> "SubjectQuerySet":
        """Taken off the list, or their basis is over."""
        return self.filter(Q(is_active=False) | Q(until_date__lte=day))

    def due_to(self, actor: "Actor", day: date) -> "SubjectQuerySet":
        """On one's own list: one's own, those of nobody, and those of somebody who serves the grid no more."""
        mine = Q(post__isnull=True) | Q(post=actor.post_id or 0)
        serves = Post.objects.on_foot(day).filter(pk=OuterRef("post"), codes__contains=[OuterRef("code")])
        return self.on_list(day).filter(mine | ~Exists(serves))


class Subject(models.Model):
    """A dwelling, shop, site or household, with when it was last visited and when next. Place WGS-84 lon, lat;
    a household has none.
    `post`: whose it is; empty: of whoever looks after the grid. `until_date`: the first day without its basis.
    People under care are none of these: they are in the registry's own list, and on no map (ADR 20)."""

    Kind = SubjectKind

    id = models.UUIDField(primary_key=True)
    kind = models.TextField(choices=Kind.choices)
    title = models.TextField()
    address = models.TextField(blank=True, default="")
    code = models.TextField(db_collation=C)  # grid
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    contact_name_sealed = SealedField(null=True)
    contact_name_masked = models.TextField(blank=True, default="")
    contact_phone_sealed = SealedField(null=True)
    contact_phone_masked = models.TextField(blank=True, default="")
    level = models.TextField(choices=LEVELS)
    interval_days = models.IntegerField(null=True)  # empty: the level's
    form = models.ForeignKey("field.Form", on_delete=models.PROTECT, related_name="+")
    last_date = models.DateField(null=True)
    next_date = models.DateField()
    post = models.ForeignKey("accounts.Post", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    basis = models.TextField(blank=True, default="")
    until_date = models.DateField(null=True)
    note = models.TextField(blank=True, default="")
    is_active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    objects = SubjectQuerySet.as_manager()

    class Meta:
        ordering = ["next_date", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="subject_place_in_pairs",
            ),
            # Where somebody lives is found by the address, never looked for on a map (个人信息保护法 §6).
            models.CheckConstraint(condition=~Q(kind="household") | Q(lon__isnull=True), name="subject_home_unmarked"),
            models.CheckConstraint(
                condition=Q(interval_days__isnull=True) | Q(interval_days__gte=1), name="subject_interval_positive"
            ),
        ]
        indexes = [
            models.Index("code", "next_date", name="subject_due", condition=Q(is_active=True)),
            models.Index("next_date", name="subject_next", condition=Q(is_active=True)),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def is_on_list(self, day: date) -> bool:
        """Of a row in hand what `on_list` asks of the table."""
        return self.is_active and (self.until_date is None or self.until_date > day)
