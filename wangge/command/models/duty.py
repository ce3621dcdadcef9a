"""值班: one shift of one unit on one day, who stands in it, and who stood in for whom."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from wangge.core import codes
from wangge.core.codes import END
from wangge.core.ranges import within
from wangge.core.sealed import SealedField

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


class DutyShiftQuerySet(models.QuerySet["DutyShift"]):
    def visible_to(self, actor: "Actor") -> "DutyShiftQuerySet":
        return self.filter(roster_of(actor))


def roster_of(actor: "Actor", *, division: str = "code", path: str = "unit_path") -> Q:
    """Whose roster one may read: in one's codes, of one's own unit and what is under it, and of every centre above.

    Who works on the spot must reach whoever is on duty over them.
    """
    if "" in actor.ranges:
        return Q()
    above = {code[:length] for code in (*actor.ranges, actor.division) for length in codes.GROUPS if length}
    seen = within(division, actor.ranges) | Q(**{f"{division}__in": sorted(above)})
    if actor.unit_path:
        seen |= Q(**{f"{path}__gte": actor.unit_path, f"{path}__lt": actor.unit_path + END})
    return seen


class DutyShift(models.Model):
    class Kind(models.TextChoices):
        DAY = "day", "白班"
        NIGHT = "night", "夜班"
        WHOLE = "whole", "全天"

    id = models.UUIDField(primary_key=True)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    unit_path = models.TextField(db_collation=C)
    code = models.TextField(db_collation=C)  # division of the unit
    day = models.DateField()  # on which it begins, Beijing
    kind = models.TextField(choices=Kind.choices)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.TextField(blank=True, default="")
    version = models.IntegerField(default=1)

    objects = DutyShiftQuerySet.as_manager()

    class Meta:
        ordering = ["unit_path", "begins_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "day", "kind"], name="one_shift_of_a_kind"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="duty_shift_period"),
        ]
        indexes = [models.Index("code", "begins_at", name="duty_code"), models.Index("ends_at", name="duty_end")]

    def __str__(self) -> str:
        return f"{self.unit_path} {self.day} {self.kind}"


class DutyPerson(models.Model):
    """`phone` is the number of the post and shown to the staff; a mobile of one's own is sealed and shown masked."""

    class Role(models.TextChoices):
        LEADER = "leader", "带班领导"
        CHIEF = "chief", "值班长"
        SEAT = "seat", "值班坐席"

    id = models.UUIDField(primary_key=True)
    duty = models.ForeignKey(DutyShift, on_delete=models.CASCADE, related_name="people")
    role = models.TextField(choices=Role.choices)
    place = models.SmallIntegerField(default=0)  # in the order they were written
    user_id = models.BigIntegerField(null=True)  # the account, where the person has one
    name = models.TextField()
    title = models.TextField(blank=True, default="")
    phone = models.TextField(blank=True, default="")
    mobile_sealed = SealedField(null=True)
    mobile_masked = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["duty", "place", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(mobile_sealed__isnull=True, mobile_masked="")
                | (Q(mobile_sealed__isnull=False) & ~Q(mobile_masked="")),
                name="duty_mobile_in_pairs",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.role}"


class DutySwap(models.Model):
    """Somebody stood in for somebody: kept with the shift, whatever is changed later."""

    duty = models.ForeignKey(DutyShift, on_delete=models.CASCADE, related_name="swaps")
    role = models.TextField(choices=DutyPerson.Role.choices)
    out_name = models.TextField()
    in_name = models.TextField()
    reason = models.TextField()
    by_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["duty", "id"]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.role}"
