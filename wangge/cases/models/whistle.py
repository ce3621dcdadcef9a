"""网格吹哨、中心联动、部门报到: the grid asks, its centre confirms, departments muster, the caller rates."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


class WhistleQuerySet(models.QuerySet["Whistle"]):
    def visible_to(self, actor: "Actor") -> "WhistleQuerySet":
        """Those of the cases one sees."""
        from wangge.cases.models.case import Case

        return self.filter(case__in=Case.objects.visible_to(actor))


class Whistle(models.Model):
    id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True, db_collation=C)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="whistles")
    code = models.TextField(db_collation=C)  # grid that asks
    by_unit_path = models.TextField(db_collation=C)
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField()
    centre = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    called_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refusal = models.TextField(blank=True, default="")
    ended_at = models.DateTimeField(null=True)

    objects = WhistleQuerySet.as_manager()

    class Meta:
        ordering = ["-called_at", "id"]
        indexes = [
            models.Index("called_at", "id", name="whistle_called"),
            models.Index("called_at", name="whistle_open", condition=Q(ended_at__isnull=True, refused_at__isnull=True)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(ended_at__isnull=True, refused_at__isnull=True),
                name="one_whistle_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(refused_at__isnull=True), name="whistle_confirmed_or_refused"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Muster(models.Model):
    """One department called to one whistle: answered, arrived (place and time), rated by the caller."""

    whistle = models.ForeignKey(Whistle, on_delete=models.CASCADE, related_name="musters")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    unit_path = models.TextField(db_collation=C)
    called_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)  # as they said, within what clock.happened allows
    arrival_received_at = models.DateTimeField(null=True)  # when it was heard of; empty for those kept before
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    distance_m = models.FloatField(null=True)
    arrived_by = models.TextField(blank=True, default="")
    score = models.SmallIntegerField(null=True)  # 1–5
    comment = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["whistle", "id"]
        constraints = [
            models.UniqueConstraint(fields=["whistle", "unit"], name="mustered_once"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5), name="muster_score"
            ),
            models.CheckConstraint(
                condition=Q(arrival_received_at__isnull=True)
                | Q(arrived_at__isnull=False, arrived_at__lte=F("arrival_received_at")),
                name="muster_heard_of_after_it_came",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.whistle_id} {self.unit_path}"
