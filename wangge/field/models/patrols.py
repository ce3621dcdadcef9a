"""巡查: plans with points and a route, the rounds of a day, and what was checked on them."""

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from wangge.core.ranges import within
from wangge.field.models.forms import WORKS

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


def _of_place(actor: "Actor", *permissions: str) -> Q:
    if not any(actor.may(permission) for permission in permissions):
        return Q(pk__in=[])
    return ~Q(pk__in=[]) if "" in actor.ranges else within("code", actor.ranges)


class PlanQuerySet(models.QuerySet["PatrolPlan"]):
    def visible_to(self, actor: "Actor") -> "PlanQuerySet":
        return self if actor.is_system else self.filter(_of_place(actor, *WORKS, "patrol.edit"))


class PatrolPlan(models.Model):
    """`route`: lon, lat pairs (WGS-84); `weekdays` 1 Monday … 7, empty: every day. `posts`: who walks it, by post;
    empty, or when none of them serves the grid any more: whoever looks after it."""

    class Per(models.TextChoices):
        DAY = "day", "每天"
        WEEK = "week", "每周"

    id = models.UUIDField(primary_key=True)
    code = models.TextField(db_collation=C)  # grid
    name = models.TextField()
    per = models.TextField(choices=Per.choices, default=Per.DAY)
    weekdays = ArrayField(models.SmallIntegerField(), default=list)
    times = models.SmallIntegerField(default=1)
    route = models.JSONField(null=True)
    form = models.ForeignKey("field.Form", on_delete=models.PROTECT, null=True, related_name="+")
    form_since = models.DateTimeField(null=True)  # what was checked before has no sheet, however late it arrives
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    posts = ArrayField(models.BigIntegerField(), default=list)
    is_active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["code", "name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="patrol_plan_period"
            ),
            models.CheckConstraint(condition=Q(times__gte=1, times__lte=12), name="patrol_plan_times"),
        ]
        indexes = [models.Index("code", name="patrol_plan_code")]

    def __str__(self) -> str:
        return self.name


class PointQuerySet(models.QuerySet["PatrolPoint"]):
    def asked(self) -> "PointQuerySet":
        """Those of the plan as it is now."""
        return self.filter(dropped_at=None)


class PatrolPoint(models.Model):
    """`token`: what the sign at the point says; printed, never shown to who is to scan it."""

    id = models.UUIDField(primary_key=True)
    plan = models.ForeignKey(PatrolPlan, on_delete=models.CASCADE, related_name="points")
    number = models.SmallIntegerField()
    name = models.TextField()
    lon = models.FloatField()
    lat = models.FloatField()
    radius_m = models.FloatField(default=30)
    dwell_s = models.FloatField(default=0)
    photo_needed = models.BooleanField(default=False)
    token = models.TextField(blank=True, default="", db_collation=C)
    dropped_at = models.DateTimeField(null=True)  # from then on no round asks for it; those made before still name it

    objects = PointQuerySet.as_manager()

    class Meta:
        ordering = ["plan", "number", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90), name="patrol_point_on_earth"
            ),
            models.CheckConstraint(condition=Q(radius_m__gte=5, radius_m__lte=500), name="patrol_point_radius"),
        ]

    def __str__(self) -> str:
        return self.name


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, actor: "Actor") -> "RoundQuerySet":
        """One's own; those of one's codes where one watches or plans."""
        if actor.is_system:
            return self
        mine = Q(post_id=actor.post_id or 0)
        return self.filter(mine | _of_place(actor, "field.watch", "patrol.edit"))

    def walkable(self, post_id: int, day: date) -> "RoundQuerySet":
        """Somebody's own of a day. One withdrawn stays with whoever has begun it."""
        rows = self.filter(post_id=post_id, from_date__lte=day, day__gte=day)
        return rows.exclude(state=Round.State.WITHDRAWN, begun_at=None)


class Round(models.Model):
    """One post's round of one plan on one day. The counts follow the checks."""

    class State(models.TextChoices):
        PLANNED = "planned", "待巡查"
        BEGUN = "begun", "巡查中"
        KEPT = "kept", "已完成"
        ENDED = "ended", "提前结束"
        MISSED = "missed", "未巡查"
        # The plan wants it no more. What was checked stays; walked to its end all the same it is kept.
        WITHDRAWN = "withdrawn", "已取消"

    id = models.UUIDField(primary_key=True)
    plan = models.ForeignKey(PatrolPlan, on_delete=models.PROTECT, db_index=False, related_name="rounds")
    code = models.TextField(db_collation=C)
    day = models.DateField()  # the last one it may be walked on: of a weekly plan the end of its week
    number = models.SmallIntegerField()
    post = models.ForeignKey("accounts.Post", on_delete=models.PROTECT, db_index=False, related_name="+")
    user_id = models.BigIntegerField()
    name = models.TextField()
    state = models.TextField(choices=State.choices, default=State.PLANNED, db_collation=C)
    from_date = models.DateField()
    points = models.SmallIntegerField()
    seen = models.SmallIntegerField(default=0)
    skipped = models.SmallIntegerField(default=0)
    deviations = models.SmallIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["day", "number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "day", "post", "number"], name="round_once"),
            models.CheckConstraint(condition=Q(day__gte=F("from_date")), name="round_period"),
        ]
        indexes = [
            models.Index("post", "day", name="round_post"),
            models.Index("code", "day", name="round_code"),
            models.Index("day", name="round_open", condition=Q(state__in=["planned", "begun"])),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.day}"


class RoundCheck(models.Model):
    """A point was seen, or left out with a reason. Place WGS-84; lengths in metres."""

    class How(models.TextChoices):
        PLACE = "place", "到点打卡"
        CODE = "code", "扫码"
        PHOTO = "photo", "拍照"
        SKIPPED = "skipped", "跳过"

    id = models.UUIDField(primary_key=True)  # the phone's
    round = models.ForeignKey(Round, on_delete=models.CASCADE, db_index=False, related_name="checks")
    point = models.ForeignKey(PatrolPoint, on_delete=models.PROTECT, db_index=False, related_name="+")
    how = models.TextField(choices=How.choices)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)
    distance_m = models.FloatField(null=True)
    is_deviation = models.BooleanField(default=False)  # farther away than the point is wide; said why
    reason = models.TextField(blank=True, default="")
    record = models.OneToOneField("field.Record", on_delete=models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["happened_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "point"], name="check_once"),
            models.CheckConstraint(
                condition=~Q(reason="") | Q(is_deviation=False) & ~Q(how="skipped"), name="check_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.point_id}"


class PatrolDayQuerySet(models.QuerySet["PatrolDay"]):
    def visible_to(self, actor: "Actor") -> "PatrolDayQuerySet":
        return self if actor.is_system else self.filter(_of_place(actor, "field.watch", "patrol.edit"))


class PatrolDay(models.Model):
    """How one plan was kept on one day, rolled up: by check-ins, and beside them by the tracks of who walked it."""

    plan = models.ForeignKey(PatrolPlan, on_delete=models.CASCADE, db_index=False, related_name="days")
    code = models.TextField(db_collation=C)
    day = models.DateField()
    rounds = models.SmallIntegerField()
    kept = models.SmallIntegerField()
    withdrawn = models.SmallIntegerField(default=0, db_default=0)  # after somebody had begun; not among the rounds
    points = models.IntegerField()
    seen = models.IntegerField()
    skipped = models.IntegerField()
    deviations = models.IntegerField()
    on_track = models.IntegerField()  # points that a track passed by for long enough
    route_share = models.FloatField(null=True)  # 0–1; empty where the plan has no route
    at = models.DateTimeField()

    objects = PatrolDayQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "code", "id"]
        constraints = [models.UniqueConstraint(fields=["plan", "day"], name="patrol_day_once")]
        indexes = [models.Index("code", "day", name="patrol_day_code")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.day}"
