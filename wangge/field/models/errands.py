"""任务: one errand for one or many workers, each with their own state, clocks and answers."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from wangge.core.ranges import within
from wangge.field.rules.errands import RUNNING, ErrandKind, State

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"
KINDS = [(str(kind), str(kind)) for kind in ErrandKind]
STATES = [(str(state), str(state)) for state in State]
STILL = [str(state) for state in RUNNING]
OVERSEES = ("errand.give", "field.watch")


def overseen_by(actor: "Actor") -> Q:
    """Given in one's codes or by one's own unit, for posts that give errands or watch the field."""
    if not any(actor.may(permission) for permission in OVERSEES):
        return Q(pk__in=[])
    if "" in actor.ranges:
        return ~Q(pk__in=[])
    return within("code", actor.ranges) | Q(from_path=actor.unit_path or "-")


class ErrandQuerySet(models.QuerySet["Errand"]):
    def visible_to(self, actor: "Actor") -> "ErrandQuerySet":
        if actor.is_system:
            return self
        mine = ErrandWorker.objects.filter(post_id=actor.post_id or 0, errand=OuterRef("pk"))
        return self.filter(overseen_by(actor) | Exists(mine))


class Errand(models.Model):
    """Place WGS-84 lon, lat; `code` the grid it lies in, or the division of who gave it."""

    class Standing(models.TextChoices):
        OPEN = "open", "办理中"
        CLOSED = "closed", "已结束"
        WITHDRAWN = "withdrawn", "已撤回"

    id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True, db_collation=C)
    kind = models.TextField(choices=KINDS, db_collation=C)
    state = models.TextField(choices=Standing.choices, default=Standing.OPEN, db_collation=C)
    title = models.TextField()
    text = models.TextField(blank=True, default="")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    subject = models.ForeignKey("field.Subject", on_delete=models.PROTECT, null=True, related_name="errands")
    record = models.ForeignKey("field.Record", on_delete=models.PROTECT, null=True, related_name="rectifications")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followed_by")
    item = models.TextField(blank=True, default="", db_collation=C)  # of the inspection that was not passed
    form = models.ForeignKey("field.Form", on_delete=models.PROTECT, null=True, related_name="+")
    needs_photo = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    code = models.TextField(db_collation=C)
    address = models.TextField(blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    from_unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    from_path = models.TextField(db_collation=C)
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField()
    given_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    withdrawn_why = models.TextField(blank=True, default="")

    objects = ErrandQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True) | Q(lon__isnull=False, lat__isnull=False),
                name="errand_place_in_pairs",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="errand_closed_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawn_why=""), name="errand_withdrawn_says_why"
            ),
        ]
        indexes = [
            models.Index("code", "given_at", name="errand_code"),
            models.Index("from_path", "given_at", name="errand_from"),
        ]

    def __str__(self) -> str:
        return self.number


class WorkerQuerySet(models.QuerySet["ErrandWorker"]):
    def visible_to(self, actor: "Actor") -> "WorkerQuerySet":
        if actor.is_system:
            return self
        return self.filter(overseen_by(actor) | Q(post_id=actor.post_id or 0))

    def running(self) -> "WorkerQuerySet":
        return self.filter(state__in=STILL)


class ErrandWorker(models.Model):
    """One worker with one errand. Instants as the phone says them; what was received when stands in the steps."""

    id = models.UUIDField(primary_key=True)
    errand = models.ForeignKey(Errand, on_delete=models.CASCADE, db_index=False, related_name="workers")
    post = models.ForeignKey("accounts.Post", on_delete=models.PROTECT, db_index=False, related_name="+")
    user_id = models.BigIntegerField()
    name = models.TextField()
    unit_name = models.TextField()
    state = models.TextField(choices=STATES, default=str(State.GIVEN), db_collation=C)
    version = models.IntegerField(default=1)
    given_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    set_out_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    lon = models.FloatField(null=True)  # where they said they had arrived
    lat = models.FloatField(null=True)
    accuracy = models.FloatField(null=True)
    distance_m = models.FloatField(null=True)  # from there to the errand's place
    result = models.TextField(blank=True, default="", db_collation=C)
    text = models.TextField(blank=True, default="")
    answer_due_at = models.DateTimeField(null=True)
    arrive_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    late_answer_at = models.DateTimeField(null=True)  # when it was said that they were late, or that they had been
    late_arrive_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    code = models.TextField(db_collation=C)  # of the errand, as is `from_path`: a policy looks at one row
    from_path = models.TextField(db_collation=C)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["errand", "post"], name="errand_once_for_a_post"),
            models.CheckConstraint(
                condition=Q(state__in=STILL, ended_at__isnull=True) | (~Q(state__in=STILL) & Q(ended_at__isnull=False)),
                name="errand_worker_ended_says_when",
            ),
        ]
        indexes = [
            models.Index("post", "given_at", name="errand_worker_post"),
            models.Index(
                "answer_due_at", name="errand_answer_due", condition=Q(state="given", late_answer_at__isnull=True)
            ),
            models.Index(
                "arrive_due_at",
                name="errand_arrive_due",
                condition=Q(state__in=["given", "signed", "set_out"], late_arrive_at__isnull=True),
            ),
            models.Index("due_at", name="errand_due", condition=Q(state__in=STILL, late_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.errand_id} {self.name}"


class ErrandAsk(models.Model):
    """Somebody asks for more time."""

    id = models.UUIDField(primary_key=True)
    worker = models.ForeignKey(ErrandWorker, on_delete=models.CASCADE, related_name="asks")
    until = models.DateTimeField()
    reason = models.TextField()
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    granted = models.BooleanField(null=True)
    decision = models.TextField(blank=True, default="")
    decided_by = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, granted__isnull=True)
                | Q(decided_at__isnull=False, granted__isnull=False),
                name="errand_ask_decided_says_how",
            ),
            models.UniqueConstraint(
                fields=["worker"], condition=Q(decided_at__isnull=True), name="errand_ask_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.worker_id} until {self.until}"


class ErrandStep(models.Model):
    """What happened with it. `worker` empty: with the whole errand."""

    errand = models.ForeignKey(Errand, on_delete=models.CASCADE, related_name="steps")
    worker = models.ForeignKey(ErrandWorker, on_delete=models.CASCADE, null=True, db_index=False, related_name="+")
    kind = models.TextField(db_collation=C)
    by_name = models.TextField()
    text = models.TextField(blank=True, default="")
    distance_m = models.FloatField(null=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.errand_id} {self.kind}"
