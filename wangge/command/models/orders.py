"""指令 with their receipts, and 公告 that need none."""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from wangge.command.models.notices import speaks_for_unit
from wangge.core.codes import END
from wangge.core.ranges import within

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"
DEPARTMENTS = ("department", "branch")


def of_units(actor: "Actor", path: str = "unit_path") -> Q:
    """Of the units an actor speaks for: their own, a department's branches too."""
    if not actor.unit_path or not speaks_for_unit(actor):
        return Q(pk__in=[])
    if actor.unit_kind in DEPARTMENTS:
        return Q(**{f"{path}__gte": actor.unit_path, f"{path}__lt": actor.unit_path + END})
    return Q(**{path: actor.unit_path})


def is_of_units(actor: "Actor", path: str) -> bool:
    """`of_units` about one path that is at hand."""
    if not actor.unit_path or not speaks_for_unit(actor):
        return False
    return path.startswith(actor.unit_path) if actor.unit_kind in DEPARTMENTS else path == actor.unit_path


def overseen_by(actor: "Actor") -> Q:
    """Recipients directly below one's unit, which is told when they do not answer; orders to a person are not."""
    if not actor.unit_id or not speaks_for_unit(actor):
        return Q(pk__in=[])
    return Q(unit__parent=actor.unit_id) & ~Q(unit_path="")


def answered_by(actor: "Actor") -> Q:
    """What is for the actor to answer: to the post itself, or to a unit they speak for."""
    return Q(post_id=actor.post_id or 0) | of_units(actor)


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, actor: "Actor") -> "OrderQuerySet":
        """Given in one's codes, or to oneself, or to a unit directly below."""
        if "" in actor.ranges:
            return self
        mine = OrderRecipient.objects.filter(answered_by(actor), order=OuterRef("pk"))
        below = OrderRecipient.objects.filter(overseen_by(actor), order=OuterRef("pk"))
        given = within("code", actor.ranges) | of_units(actor, "from_path")
        return self.filter(given | Exists(mine) | Exists(below))


class Order(models.Model):
    id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True, db_collation=C)
    title = models.TextField()
    text = models.TextField(blank=True, default="")
    from_unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    from_path = models.TextField(db_collation=C)
    code = models.TextField(db_collation=C)  # division of the unit that gives it
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField()
    given_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    needs_report = models.BooleanField(default=False)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    place = models.TextField(blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    late_at = models.DateTimeField(null=True)  # when it was said that somebody had not answered in time
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.TextField(blank=True, default="")
    withdrawn_why = models.TextField(blank=True, default="")

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(due_at__gt=F("given_at")), name="order_due_later"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_why=""), name="order_withdrawn_says_why"
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="order_place_in_pairs",
            ),
        ]
        indexes = [
            models.Index("code", "given_at", name="order_code"),
            models.Index(
                "due_at",
                name="order_due",
                condition=Q(late_at__isnull=True, withdrawn_at__isnull=True, due_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class OrderRecipient(models.Model):
    """One unit or post an order is for: 签收 first, 反馈 where it is asked for."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="recipients")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    unit_path = models.TextField(blank=True, default="", db_collation=C)  # "" where it is for one post of the unit
    post_id = models.BigIntegerField(null=True)
    name = models.TextField()  # of the unit, or of the person
    received_at = models.DateTimeField(null=True)
    received_by = models.TextField(blank=True, default="")
    reported_at = models.DateTimeField(null=True)
    reported_by = models.TextField(blank=True, default="")
    report = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["order", "unit_path", "post_id"], name="order_once", nulls_distinct=False),
            models.CheckConstraint(
                condition=(Q(post_id__isnull=True) & ~Q(unit_path="")) | (Q(post_id__isnull=False) & Q(unit_path="")),
                name="order_to_unit_or_post",
            ),
            models.CheckConstraint(
                condition=Q(reported_at__isnull=True) | Q(received_at__isnull=False), name="order_reported_is_received"
            ),
        ]
        indexes = [
            models.Index("unit_path", "order", name="order_recipient_unit"),
            models.Index("post_id", "order", name="order_recipient_post", condition=Q(post_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.name}"

    def answer_is_owed(self, *, needs_report: bool) -> bool:
        return self.received_at is None or (needs_report and self.reported_at is None)


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def shown_to(self, actor: "Actor", at: Any) -> "AnnouncementQuerySet":
        """Those that stand now, for the place and role of the actor."""
        rows = self.filter(from_at__lte=at, to_at__gt=at, withdrawn_at=None)
        places = {actor.division[:length] for length in range(2, len(actor.division) + 1)}
        return rows.filter(codes__overlap=sorted(places) or ["-"]).filter(Q(roles=[]) | Q(roles__contains=[actor.role]))

    def managed_by(self, actor: "Actor") -> "AnnouncementQuerySet":
        """One's own unit's, and those of units in one's codes."""
        if "" in actor.ranges:
            return self
        return self.filter(within("code", actor.ranges) | Q(from_path=actor.unit_path or "-"))


class Announcement(models.Model):
    id = models.UUIDField(primary_key=True)
    title = models.TextField()
    text = models.TextField()
    is_pinned = models.BooleanField(default=False)  # stands over every page until it is put away
    from_unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    from_path = models.TextField(db_collation=C)
    code = models.TextField(db_collation=C)
    by_name = models.TextField()
    codes = ArrayField(models.TextField())  # divisions whose units see it
    roles = ArrayField(models.TextField(), default=list)  # empty: every role
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-from_at", "-id"]
        constraints = [models.CheckConstraint(condition=Q(to_at__gt=F("from_at")), name="announcement_period")]
        indexes = [models.Index("to_at", name="announcement_end")]

    def __str__(self) -> str:
        return self.title
