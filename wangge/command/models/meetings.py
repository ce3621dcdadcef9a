"""会商、联席会议、现场会: who was called, who came, what was decided; each decision a task that is tracked."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from wangge.command.models.orders import of_units
from wangge.core.ranges import within

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, actor: "Actor") -> "MeetingQuerySet":
        """Held in one's codes, by one's unit or by oneself, or one was called, or is charged with what was decided."""
        if "" in actor.ranges:
            return self
        called = MeetingParty.objects.filter(of_units(actor), meeting=OuterRef("pk"))
        charged = Task.objects.filter(of_units(actor), meeting=OuterRef("pk"))
        held = within("code", actor.ranges) | of_units(actor, "by_path") | Q(by_post=actor.post_id or 0)
        return self.filter(held | Exists(called) | Exists(charged))


class Meeting(models.Model):
    class Kind(models.TextChoices):
        CONSULT = "consult", "会商"
        JOINT = "joint", "联席会议"
        ON_SITE = "on_site", "现场会"

    class State(models.TextChoices):
        CALLED = "called", "已召集"
        HELD = "held", "已召开"
        CANCELLED = "cancelled", "已取消"

    id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True, db_collation=C)
    kind = models.TextField(choices=Kind.choices)
    state = models.TextField(choices=State.choices, default=State.CALLED)
    title = models.TextField()
    agenda = models.TextField(blank=True, default="")
    begins_at = models.DateTimeField()
    place = models.TextField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, null=True, related_name="+")
    by_unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    by_path = models.TextField(db_collation=C)
    code = models.TextField(db_collation=C)
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField()
    called_at = models.DateTimeField()
    minutes = models.TextField(blank=True, default="")
    held_at = models.DateTimeField(null=True)  # when its minutes were written
    why = models.TextField(blank=True, default="")  # it was cancelled
    version = models.IntegerField(default=1)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-begins_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="held") & Q(held_at__isnull=False)) | (~Q(state="held") & Q(held_at__isnull=True)),
                name="meeting_held_says_when",
            ),
            models.CheckConstraint(condition=~Q(state="cancelled") | ~Q(why=""), name="meeting_cancelled_says_why"),
        ]
        indexes = [models.Index("code", "begins_at", name="meeting_code")]

    def __str__(self) -> str:
        return self.number


class MeetingParty(models.Model):
    """A unit that was called; `came` is empty until the minutes are written."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="parties")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    unit_path = models.TextField(db_collation=C)
    came = models.BooleanField(null=True)
    who = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["meeting", "unit_path"]
        constraints = [models.UniqueConstraint(fields=["meeting", "unit"], name="meeting_party_once")]
        indexes = [models.Index("unit_path", "meeting", name="meeting_party_unit")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.unit_path}"


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, actor: "Actor") -> "TaskQuerySet":
        """Those one is charged with, and those of meetings one sees."""
        if "" in actor.ranges:
            return self
        return self.filter(of_units(actor) | Q(meeting__in=Meeting.objects.visible_to(actor)))


class Task(models.Model):
    """What was decided, with the unit that does it: open, done with words to prove it, then confirmed or sent back."""

    class State(models.TextChoices):
        OPEN = "open", "办理中"
        DONE = "done", "待确认"
        CONFIRMED = "confirmed", "已完成"
        DROPPED = "dropped", "已取消"

    id = models.UUIDField(primary_key=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="tasks")
    place = models.SmallIntegerField()  # number of the decision
    text = models.TextField()
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    unit_path = models.TextField(db_collation=C)
    by_post = models.BigIntegerField(null=True)  # who set it
    state = models.TextField(choices=State.choices, default=State.OPEN)
    set_at = models.DateTimeField()
    due_at = models.DateTimeField()
    limit = models.JSONField(null=True)  # as it was set, where it was a limit and not a day
    done_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)  # when it was said, once
    returns = models.SmallIntegerField(default=0)

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["meeting", "place"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "place"], name="decision_number_once"),
            models.CheckConstraint(condition=Q(due_at__gt=F("set_at")), name="task_due_later"),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "confirmed"]) | Q(done_at__isnull=False), name="task_done_says_when"
            ),
        ]
        indexes = [
            models.Index("unit_path", "due_at", name="task_unit"),
            models.Index("due_at", name="task_due", condition=Q(state="open", overdue_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.place}"


class TaskStep(models.Model):
    """One line of a task's history. Nobody edits it."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="steps")
    kind = models.TextField()  # set, done, confirmed, returned, overdue, dropped
    at = models.DateTimeField()
    by_name = models.TextField(blank=True, default="")
    by_unit = models.TextField(blank=True, default="")
    text = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["task", "id"]

    def __str__(self) -> str:
        return f"{self.task_id} {self.kind}"
