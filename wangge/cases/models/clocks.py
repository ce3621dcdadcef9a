"""Time limits as data: calendar, shifts, the due instant of each stage with the trace of how it was reached."""

from django.db import models
from django.db.models import Q

from wangge.cases.rules.states import Stage

C = "C"


class CalendarDay(models.Model):
    """A day that is not what its weekday says. Order of truth: override > State Council > library > Mon–Fri."""

    class Origin(models.TextChoices):
        OVERRIDE = "override", "管理员指定"
        STATE_COUNCIL = "state_council", "国务院通知"

    date = models.DateField()
    origin = models.TextField(choices=Origin.choices)
    is_workday = models.BooleanField()
    name = models.TextField(blank=True, default="")
    document = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["date", "origin"]
        constraints = [models.UniqueConstraint(fields=["date", "origin"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.date} {self.is_workday}"


class ShiftSet(models.Model):
    """Working hours of a season. `shifts` is [["08:00", "12:00"], …]; later start dates win."""

    name = models.TextField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    shifts = models.JSONField()

    class Meta:
        ordering = ["valid_from", "id"]

    def __str__(self) -> str:
        return self.name


class Deadline(models.Model):
    """One running or finished clock of a case. `trace` explains `due_at` step by step (rules/deadlines.py)."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, db_index=False, related_name="deadlines")
    stage = models.TextField(choices=[(stage, stage) for stage in Stage], db_collation=C)
    step = models.SmallIntegerField(default=0)  # of the standard procedure, for STEP
    unit_path = models.TextField(blank=True, default="", db_collation=C)  # whose clock it is
    started_at = models.DateTimeField()
    limit_kind = models.TextField()
    limit_amount = models.DecimalField(max_digits=8, decimal_places=2)
    pauses = models.JSONField(default=list)  # [[from, to or null], …]
    extensions = models.JSONField(default=list)  # [{"kind", "amount", "at"}, …]
    due_at = models.DateTimeField(null=True)  # null while paused
    amber_at = models.DateTimeField(null=True)
    trace = models.JSONField(default=list)
    calendar = models.TextField()
    met_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)  # returned, recalled: the clock no longer runs
    overdue_at = models.DateTimeField(null=True)  # when the worker announced it
    ladder_step = models.SmallIntegerField(default=0)  # highest step of the supervision ladder taken on this clock
    ladder_at = models.DateTimeField(null=True)  # when the next step is due by rule
    ladder_from = models.DateTimeField(null=True)  # came with an import then: earlier steps are not taken by rule
    ladder_by = models.TextField(blank=True, default="")  # which rules said so (Configuration.ladder_mark)

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "stage", "step"],
                condition=Q(met_at__isnull=True, dropped_at__isnull=True),
                name="one_clock_for_each_stage",
            )
        ]
        indexes = [
            models.Index("case", "id", name="deadline_case"),
            models.Index(
                "due_at",
                name="deadline_due",
                condition=Q(met_at__isnull=True, dropped_at__isnull=True, overdue_at__isnull=True),
            ),
            models.Index(
                "overdue_at",
                name="deadline_overdue",
                condition=Q(met_at__isnull=True, dropped_at__isnull=True, overdue_at__isnull=False),
            ),
            models.Index(
                "ladder_at",
                name="deadline_ladder",
                condition=Q(met_at__isnull=True, dropped_at__isnull=True, ladder_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.stage}"


class Extension(models.Model):
    """More time asked for by the lead unit, granted or refused by the centre."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="extensions")
    unit_path = models.TextField(db_collation=C)
    limit_kind = models.TextField()
    limit_amount = models.DecimalField(max_digits=8, decimal_places=2)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    decision = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(decided_at__isnull=True), name="one_extension_asked"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, granted__isnull=True)
                | Q(decided_at__isnull=False, granted__isnull=False),
                name="extension_decided_in_pairs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} +{self.limit_amount} {self.limit_kind}"


class SupervisionRule(models.Model):
    """When a step of the ladder is due by itself (rules/supervision.py). Amount after `moment`, in `limit_kind`."""

    stage = models.TextField(choices=[(stage, stage) for stage in Stage])
    step = models.SmallIntegerField()  # 1 提醒 2 催办 3 督办 4 黄牌 5 红牌
    fraction = models.FloatField(null=True)  # of the limit used, for steps before it is due
    after_kind = models.TextField(blank=True, default="")
    after_amount = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["stage", "step"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "step"], name="supervision_rule_once"),
            models.CheckConstraint(
                condition=Q(fraction__isnull=False, after_amount__isnull=True)
                | Q(fraction__isnull=True, after_amount__isnull=False),
                name="supervision_rule_one_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.step}"


class Supervision(models.Model):
    """One step of the ladder taken on a case, by rule or by hand, with the unit's receipt."""

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, db_index=False, related_name="supervisions")
    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, null=True, db_index=False, related_name="+")
    step = models.SmallIntegerField()
    by_rule = models.BooleanField()
    unit_path = models.TextField(db_collation=C)
    text = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    receipt_at = models.DateTimeField(null=True)
    receipt_by = models.TextField(blank=True, default="")
    receipt_text = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "step"], condition=Q(by_rule=True), name="supervision_by_rule_exactly_once"
            )
        ]
        indexes = [
            models.Index("case", "id", name="supervision_case"),
            models.Index("unit_path", "at", name="supervision_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} step {self.step}"
