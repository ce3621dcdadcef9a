"""Divisions, grids, their dated boundaries and successors, and the people who serve them.

Geometry is WKB, WGS-84/CGCS2000, lon lat; areas are m² in a projected system (rules/coverage.py). Periods are half-open
days `[valid_from, valid_to)` in Beijing.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q

from wangge.core.ranges import within

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


def open_on(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


class CodedQuerySet(models.QuerySet["Division"]):
    """Divisions and grids are published: every signed-in post may read them; `visible_to` is for who serves there."""

    def on(self, day: date) -> "CodedQuerySet":
        return self.filter(open_on(day))

    def under(self, code: str) -> "CodedQuerySet":
        return self.filter(within("code", (code,)))


class Division(models.Model):
    """市/区/街道/社区, by significant digits of the 12-digit statistical code."""

    code = models.TextField(db_collation=C)
    name = models.TextField()
    short_name = models.TextField(blank=True, default="")
    level = models.SmallIntegerField()  # length of the code: 2 4 6 9 12
    urban_rural = models.TextField(blank=True, default="")  # 城乡分类 111…220
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = CodedQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["code"], name="division_code_never_reused"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="division_period"
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^\d{2}$|^\d{4}$|^\d{6}$|^\d{9}$|^\d{12}$"), name="division_code_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def edited(self) -> dict[str, Any]:
        """What its form changes, for the mark of who looked at it (core/marks.py)."""
        return {"name": self.name, "short_name": self.short_name, "urban_rural": self.urban_rural}


class Grid(models.Model):
    """A general, dedicated or micro grid. The code is never reused, also after the grid has ended."""

    class Type(models.TextChoices):
        GENERAL = "general", "综合网格"
        DEDICATED = "dedicated", "专属网格"
        MICRO = "micro", "微网格"

    code = models.TextField(unique=True, db_collation=C)
    name = models.TextField()
    type = models.TextField(choices=Type.choices)
    community = models.TextField(db_collation=C)  # 12 digits
    address = models.TextField(blank=True, default="")
    households = models.IntegerField(null=True)
    residents = models.IntegerField(null=True)
    supervision_phone = models.TextField(blank=True, default="")  # published (滨州条例 §6)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="grid_period"
            ),
            models.CheckConstraint(
                condition=Q(type="micro", code__regex=r"^\d{17}$") | (~Q(type="micro") & Q(code__regex=r"^\d{15}$")),
                name="grid_code_digits",
            ),
        ]
        indexes = [models.Index(fields=["community", "code"], name="grids_grid_community")]

    def __str__(self) -> str:
        return self.code

    @property
    def edited(self) -> dict[str, Any]:
        """What its form changes, for the mark of who looked at it (core/marks.py)."""
        return {
            name: getattr(self, name)
            for name in ("name", "type", "address", "households", "residents", "supervision_phone")
        }


class Alias(models.Model):
    """What others call a division or a grid: province, police, city management."""

    scheme = models.TextField()
    alias = models.TextField(db_collation=C)
    code = models.TextField(db_collation=C)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ["scheme", "alias"]
        constraints = [
            ExclusionConstraint(
                name="alias_means_one_thing",
                expressions=[
                    ("scheme", RangeOperators.EQUAL),
                    ("alias", RangeOperators.EQUAL),
                    (Func("valid_from", "valid_to", function="daterange"), RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [models.Index(fields=["code"], name="grids_alias_code")]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.alias}"


class Boundary(models.Model):
    """Where a division or grid lay in a period; periods of one code never overlap."""

    code = models.TextField(db_collation=C)
    geometry = models.BinaryField()  # WKB polygon or multipolygon, lon lat
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    area_m2 = models.FloatField()
    source = models.TextField(blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ["code", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="boundary_period"
            ),
            ExclusionConstraint(
                name="boundary_one_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (Func("valid_from", "valid_to", function="daterange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes = [models.Index(fields=["code", "valid_from"], name="grids_boundary_code")]

    def __str__(self) -> str:
        return f"{self.code} from {self.valid_from}"


class Succession(models.Model):
    """Which grid took over from which, and when, so that old figures stay comparable."""

    class Kind(models.TextChoices):
        DRAW = "draw", "绘制"
        SPLIT = "split", "拆分"
        MERGE = "merge", "合并"
        MOVE = "move", "边界调整"
        PLAN = "plan", "划界方案"

    kind = models.TextField(choices=Kind.choices)
    from_code = models.TextField(db_collation=C)
    to_code = models.TextField(db_collation=C)
    date = models.DateField()
    area_m2 = models.FloatField()  # how much ground passed from one to the other
    redraw = models.UUIDField()  # the redrawing this belongs to

    class Meta:
        ordering = ["date", "id"]
        indexes = [
            models.Index(fields=["from_code", "date"], name="grids_succession_from"),
            models.Index(fields=["to_code", "date"], name="grids_succession_to"),
        ]

    def __str__(self) -> str:
        return f"{self.from_code} -> {self.to_code}"


class RedrawQuerySet(models.QuerySet["Redraw"]):
    def waiting(self) -> "RedrawQuerySet":
        return self.filter(WAITING)


# Its day is to come, and nobody has taken it back.
WAITING = Q(effective_at__isnull=True, cancelled_at__isnull=True)


class Redraw(models.Model):
    """One redrawing of a community's grids. Boundaries and successors are dated; cases follow when its day has come."""

    class Kind(models.TextChoices):
        DRAW = "draw", "绘制"
        SPLIT = "split", "拆分"
        MERGE = "merge", "合并"
        MOVE = "move", "边界调整"
        END = "end", "撤销"
        IMPORT = "import", "导入"
        PLAN = "plan", "划界方案"

    id = models.UUIDField(primary_key=True)
    kind = models.TextField(choices=Kind.choices)
    community = models.TextField(db_collation=C)  # what all of it lies in: a community, or more for an import
    date = models.DateField()
    reason = models.TextField(blank=True, default="")
    changed = ArrayField(models.TextField(), default=list)  # grids that begin or have another boundary
    ended = ArrayField(models.TextField(), default=list)
    by_user = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    effective_at = models.DateTimeField(null=True)  # when cases and posts followed; empty while its day is to come
    undo = models.JSONField(default=dict)  # what a cancellation gives back (actions/cancelling.py); empty once in force
    cancelled_at = models.DateTimeField(null=True)
    cancelled_by = models.TextField(blank=True, default="")  # name
    cancel_reason = models.TextField(blank=True, default="")

    objects = RedrawQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-id"]
        indexes = [
            models.Index(fields=["community", "date"], name="grids_redraw_community"),
            models.Index(fields=["date"], name="grids_redraw_due", condition=Q(effective_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.community} {self.date}"

    def covered_by(self, actor: "Actor") -> bool:
        return all(actor.covers(code) for code in (self.community, *self.changed, *self.ended))


CANCELLED = "cancelled"  # how a proposal stands whose redrawing was cancelled; kept with the redrawing alone


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, actor: "Actor") -> "PlanQuerySet":
        """What lies in the codes; a draft is its author's own until it is submitted."""
        if actor.is_system:
            return self
        return self.filter(within("code", actor.ranges)).exclude(~Q(by_user=actor.user_id), state=Plan.State.DRAFT)

    def in_state(self, state: str) -> "PlanQuerySet":
        """One of the states, or CANCELLED: approved, and its redrawing taken back before the day."""
        taken_back = Redraw.objects.filter(pk=OuterRef("redraws__0"), cancelled_at__isnull=False)
        if state == CANCELLED:
            return self.filter(Exists(taken_back))
        return self.filter(~Exists(taken_back), state=state)


class Plan(models.Model):
    """划界方案: changes to the net that one person proposes for a day, and another approves (ADR 13)."""

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        SUBMITTED = "submitted", "待审批"
        APPROVED = "approved", "已批准"
        RETURNED = "returned", "已退回"
        WITHDRAWN = "withdrawn", "已作废"

    id = models.UUIDField(primary_key=True)
    title = models.TextField()
    code = models.TextField(db_collation=C)  # what all of it lies in: a community or more
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    date = models.DateField()
    reason = models.TextField(blank=True, default="")
    steps = models.JSONField(default=list)  # as they cross HTTP (schemas/plans.py)
    version = models.IntegerField(default=1)
    by_user = models.BigIntegerField()
    by_name = models.TextField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.BigIntegerField(null=True)
    decided_name = models.TextField(blank=True, default="")
    decision = models.TextField(blank=True, default="")  # why it was returned, what was said when it was approved
    redraws = ArrayField(models.UUIDField(), default=list)  # what carried it out

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="plan_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("by_user"))),
                name="plan_approved_by_another",
            ),
        ]
        indexes = [models.Index(fields=["state", "code"], name="grids_plan_state")]

    def __str__(self) -> str:
        return self.title


class TeamMemberQuerySet(models.QuerySet["TeamMember"]):
    def visible_to(self, actor: "Actor") -> "TeamMemberQuerySet":
        """Who serves where is posted publicly; telephones are shown to posts that cover the grid (schemas.py)."""
        return self if actor.is_system else self.filter(within("grid", actor.ranges))

    def on(self, day: date) -> "TeamMemberQuerySet":
        return self.filter(open_on(day))


class TeamMember(models.Model):
    """One person's service on one grid, from–to."""

    class Kind(models.TextChoices):
        CHIEF = "chief", "网格长"
        FULL_TIME = "full_time", "专职网格员"
        PART_TIME = "part_time", "兼职网格员"
        PROFESSIONAL = "professional", "专业力量"
        VOLUNTEER = "volunteer", "志愿者"

    grid = models.TextField(db_collation=C)  # code
    kind = models.TextField(choices=Kind.choices)
    profession = models.TextField(blank=True, default="")  # police, city_management, market_supervision, emergency…
    name = models.TextField()
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, related_name="services")
    phone = models.TextField(blank=True, default="")  # the duty number that is posted at the grid, not a private one
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        ordering = ["grid", "kind", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="member_period"
            ),
            models.CheckConstraint(
                condition=(Q(kind="professional") & ~Q(profession="")) | (~Q(kind="professional") & Q(profession="")),
                name="member_profession_for_professionals",
            ),
            ExclusionConstraint(
                name="one_chief_at_a_time",
                expressions=[
                    ("grid", RangeOperators.EQUAL),
                    (Func("valid_from", "valid_to", function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(kind="chief"),
            ),
        ]
        indexes = [models.Index(fields=["grid", "valid_from"], name="grids_member_grid")]

    def __str__(self) -> str:
        return f"{self.name} {self.kind} {self.grid}"


class Place(models.Model):
    """A place that an address text can name: compound, mall, school, road corner; gives a point and so a grid."""

    name = models.TextField()
    key = models.TextField(db_collation=C)  # normalised name (rules/places.py)
    kind = models.TextField(blank=True, default="")
    lon = models.FloatField()
    lat = models.FloatField()
    grid = models.TextField(db_collation=C, blank=True, default="")

    class Meta:
        ordering = ["key", "id"]
        indexes = [models.Index(fields=["key"], name="grids_place_key")]

    def __str__(self) -> str:
        return self.name
