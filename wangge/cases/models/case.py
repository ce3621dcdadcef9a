"""A case, its text for searching, who is charged with it, and what happened to it."""

from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Left

from wangge.cases.rules.states import OPEN, Outcome, Source, State, Urgency
from wangge.core.codes import END
from wangge.core.ranges import within

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


def choices(kind: type) -> list[tuple[str, str]]:
    return [(value, value) for value in kind]  # type: ignore[attr-defined]


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, actor: "Actor") -> "CaseQuerySet":
        """The only statement of who sees which case: what lies in the codes, and what the unit is charged with."""
        if "" in actor.ranges:
            return self
        return self.filter(in_codes(actor) | of_unit(actor))

    def open(self) -> "CaseQuerySet":
        return self.filter(state__in=OPEN)


def in_codes(actor: "Actor") -> Q:
    return within("current_grid", actor.ranges)


def of_unit(actor: "Actor") -> Q:
    return charged_to(actor) | held_by(actor)


def charged_to(actor: "Actor") -> Q:
    if not actor.unit_path:
        return Q(pk__in=[])
    # The second condition says nothing new. Without it PostgreSQL may read all charges of the unit into a hash first
    # (25 ms for a district), to answer for one page of cases; an inequality keeps it a question asked of each row.
    charged = Assignment.objects.filter(
        case_id=OuterRef("pk"),
        case_id__lte=OuterRef("pk"),
        unit_path__gte=actor.unit_path,
        unit_path__lt=actor.unit_path + END,
    )
    return Q(Exists(charged))


def held_by(actor: "Actor") -> Q:
    return Q(holder_path=actor.unit_path) if actor.unit_path else Q(pk__in=[])


class Case(models.Model):
    """`reported_grid` is where it lay that day, for ever; `current_grid` moves with redrawn grids; scope uses it.

    Both hold a grid code, or a division code while nobody knows the grid. Place is WGS-84 lon, lat.
    """

    id = models.UUIDField(primary_key=True)
    number = models.TextField(unique=True, db_collation=C)
    category = models.ForeignKey(
        "cases.Category", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    condition = models.ForeignKey(
        "cases.Condition", on_delete=models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    source = models.TextField(choices=choices(Source))
    source_system = models.TextField(blank=True, default="", db_collation=C)
    source_no = models.TextField(blank=True, default="", db_collation=C)
    title = models.TextField()
    address = models.TextField(blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    place_by = models.TextField(blank=True, default="")  # PlacedBy
    reported_grid = models.TextField(db_collation=C)
    current_grid = models.TextField(db_collation=C)

    state = models.TextField(choices=choices(State), db_collation=C)
    outcome = models.TextField(choices=choices(Outcome), blank=True, default="", db_collation=C)
    urgency = models.TextField(choices=choices(Urgency), default=Urgency.NORMAL, db_collation=C)
    holder = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    holder_path = models.TextField(db_collation=C)
    lead = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    lead_path = models.TextField(blank=True, default="", db_collation=C)
    complained = models.ForeignKey(
        "accounts.Unit", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    complained_root = models.TextField(blank=True, default="", db_collation=C)  # path of the whole department
    reported_by_post = models.BigIntegerField(null=True)
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, db_index=False, related_name="joined")

    is_overdue = models.BooleanField(default=False)  # a stage of it is past due now
    was_late = models.BooleanField(default=False)  # any stage ever went past due
    self_settled = models.BooleanField(default=False)
    is_returned = models.BooleanField(default=False)  # lies with the centre because a unit sent it back
    returns = models.SmallIntegerField(default=0)
    reworks = models.SmallIntegerField(default=0)
    reopenings = models.SmallIntegerField(default=0)
    supervision = models.SmallIntegerField(default=0)  # highest step of the ladder, 0 none … 5 red card
    satisfaction = models.SmallIntegerField(null=True)  # 1–5, newest rating

    happened_at = models.DateTimeField(null=True)  # as the reporter says, or the phone's clock
    reported_at = models.DateTimeField()  # received here
    answered_at = models.DateTimeField(null=True)  # first human act: accepted, refused, settled or contacted
    accepted_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # of the stage it is in
    amber_at = models.DateTimeField(null=True)
    due_stage = models.TextField(blank=True, default="", db_collation=C)
    version = models.IntegerField(default=1)
    batch = models.UUIDField(null=True)  # import it came with

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-reported_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(lon__isnull=True) & Q(lat__isnull=True))
                | (Q(lon__gte=-180) & Q(lon__lte=180) & Q(lat__gte=-90) & Q(lat__lte=90)),
                name="case_place_in_pairs",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["closed", "archived"]) & ~Q(outcome="") & Q(closed_at__isnull=False))
                | (Q(state="archived") & Q(outcome="") & Q(refused_at__isnull=False))
                | ~Q(state__in=["closed", "archived"]),
                name="case_ended_says_how",
            ),
            models.CheckConstraint(
                condition=(Q(state="joined") & Q(joined_to__isnull=False))
                | (~Q(state="joined") & Q(joined_to__isnull=True)),
                name="case_joined_names_the_other",
            ),
            models.CheckConstraint(condition=~Q(current_grid="") & ~Q(reported_grid=""), name="case_lies_somewhere"),
            models.CheckConstraint(
                condition=(Q(lead__isnull=True) & Q(lead_path="")) | (Q(lead__isnull=False) & ~Q(lead_path="")),
                name="case_lead_in_pairs",
            ),
            models.UniqueConstraint(
                fields=["source_system", "source_no"], condition=~Q(source_no=""), name="case_source_number_once"
            ),
        ]
        indexes = [
            models.Index("reported_at", "id", name="case_newest"),
            models.Index("current_grid", "reported_at", name="case_grid"),
            models.Index(Left("current_grid", 9), "reported_at", "id", name="case_street"),
            models.Index("current_grid", "due_at", name="case_open_grid", condition=Q(state__in=[*OPEN])),
            models.Index("reported_at", name="case_open_newest", condition=Q(state__in=[*OPEN])),
            models.Index("category", "reported_at", name="case_category"),
            models.Index("batch", name="case_batch", condition=Q(batch__isnull=False)),
            models.Index("joined_to", name="case_joined", condition=Q(joined_to__isnull=False)),
            models.Index("holder_path", "reported_at", name="case_open_holder", condition=Q(state__in=[*OPEN])),
            models.Index("holder_path", "reported_at", "id", name="case_holder"),
            models.Index("source", "reported_at", "id", name="case_source"),
            # Small ones, each for a queue or a filter that asks for the few among the many.
            models.Index("state", "reported_at", "id", name="case_open_state", condition=Q(state__in=[*OPEN])),
            models.Index("due_at", "id", name="case_open_due", condition=Q(state__in=[*OPEN])),
            models.Index("reported_at", "id", name="case_open_again", condition=Q(state__in=[*OPEN], reopenings__gt=0)),
            models.Index(
                "reported_at", "id", name="case_open_returned", condition=Q(state__in=[*OPEN], is_returned=True)
            ),
            models.Index(
                "reported_at", "id", name="case_open_supervised", condition=Q(state__in=[*OPEN], supervision__gte=3)
            ),
            models.Index("urgency", "reported_at", "id", name="case_urgent", condition=~Q(urgency="normal")),
            models.Index("satisfaction", "reported_at", "id", name="case_unhappy", condition=Q(satisfaction__lte=2)),
            models.Index("lat", "lon", name="case_open_place", condition=Q(state__in=[*OPEN], lon__isnull=False)),
            models.Index("closed_at", name="case_to_archive", condition=Q(state="closed")),
            models.Index("refused_at", name="case_refused_to_archive", condition=Q(state="refused")),
        ]

    def __str__(self) -> str:
        return self.number


class CaseText(models.Model):
    """What is searched: kept apart, so that a move of the case does not rewrite its search index."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, primary_key=True, related_name="text")
    reported_at = models.DateTimeField()
    description = models.TextField(blank=True, default="")
    tokens = SearchVectorField()  # single characters and pairs (search.py)

    class Meta:
        db_table = "cases_text"
        # The index of tokens, and of the week they came in, is in migration 0055.
        indexes = [models.Index("reported_at", "case", name="text_newest")]

    def __str__(self) -> str:
        return str(self.case_id)


class Assignment(models.Model):
    """One unit charged with one case: one lead, any assisting. Ends when returned, recalled, transferred, closed."""

    class Role(models.TextChoices):
        LEAD = "lead", "主办"
        ASSIST = "assist", "协办"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, db_index=False, related_name="assignments")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    unit_path = models.TextField(db_collation=C)
    role = models.TextField(choices=Role.choices)
    # Copies of the case's, so that a unit's queue, by kind or by source too, is one index scan. Category and source are
    # filled in, and kept the same, by the database (migration 0044), whoever writes.
    reported_at = models.DateTimeField()
    category = models.ForeignKey(
        "cases.Category", on_delete=models.DO_NOTHING, null=True, db_index=False, db_constraint=False, related_name="+"
    )
    source = models.TextField(blank=True, default="")
    dispatched_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_how = models.TextField(blank=True, default="")  # returned, recalled, transferred, closed

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(role="lead", ended_at__isnull=True), name="one_lead_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["case", "unit"], condition=Q(ended_at__isnull=True), name="unit_charged_once"
            ),
            models.CheckConstraint(
                condition=(Q(ended_at__isnull=True) & Q(ended_how="")) | (Q(ended_at__isnull=False) & ~Q(ended_how="")),
                name="assignment_end_in_pairs",
            ),
        ]
        indexes = [
            models.Index("case", "unit_path", name="assignment_case"),
            models.Index(
                fields=["unit_path", "reported_at", "case"], include=["category", "source"], name="assignment_unit"
            ),
            models.Index("unit_path", "case", name="assignment_lasting", condition=~Q(ended_how="closed")),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.role} {self.unit_path}"


class Step(models.Model):
    """One line of a case's history with its words. Nobody edits it; a correction is a new line."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, db_index=False, related_name="steps")
    kind = models.TextField(db_collation=C)
    at = models.DateTimeField()
    state = models.TextField(db_collation=C)  # after it
    by_kind = models.TextField(default="person")
    by_user = models.BigIntegerField(null=True)
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    by_unit = models.TextField(blank=True, default="")
    by_unit_path = models.TextField(blank=True, default="", db_collation=C)
    text = models.TextField(blank=True, default="")
    data = models.JSONField(default=dict)
    centre_only = models.BooleanField(default=False)  # names or words of the reporter: never to the unit complained of

    class Meta:
        ordering = ["case", "id"]
        indexes = [models.Index("case", "id", name="step_case")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class Join(models.Model):
    """One joining of a duplicate, reversible: what moved with it is named here."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="joins")
    into = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    state_before = models.TextField()
    at = models.DateTimeField()
    moved = models.JSONField(default=dict)  # ids of followers and evidence that went over; the clock before
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(undone_at__isnull=True), name="joined_once"),
            models.CheckConstraint(condition=~Q(case=F("into")), name="not_joined_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} into {self.into_id}"
