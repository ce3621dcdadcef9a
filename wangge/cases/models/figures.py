"""Counts that are kept, not counted: narrow roll-ups that a journal reader keeps exact (rollups.py).

`Grain` is what each case counted as when it was last read; a batch adds the new grain and takes away the old one.
Days are Beijing days. What came in or was closed counts where it was reported; what is open, where it lies now.

Places stand in the roll-ups at every level: a case in a grid counts for the grid, its community, sub-district,
district, city, province and the whole (""), so a figure of any place is one row for each day, never a sum over grids.
"""

from django.db import models

C = "C"


class Grain(models.Model):
    case = models.UUIDField(primary_key=True)
    state = models.TextField(db_collation=C)
    reported_day = models.DateField()
    closed_day = models.DateField(null=True)
    reported_grid = models.TextField(db_collation=C)
    current_grid = models.TextField(db_collation=C)
    category = models.BigIntegerField(default=0)  # 0 for none
    lead_path = models.TextField(db_collation=C)
    dispatched_day = models.DateField(null=True)
    is_open = models.BooleanField()
    is_overdue = models.BooleanField()
    is_returned = models.BooleanField()
    is_supervised = models.BooleanField(default=False)
    in_time = models.BooleanField(null=True)  # closed with every stage kept
    self_settled = models.BooleanField()
    is_answered = models.BooleanField(default=False)
    answered_in_5 = models.BooleanField(default=False)
    satisfaction = models.SmallIntegerField(null=True)

    class Meta:
        indexes = [
            # For figures by category below the sub-district, which no roll-up keeps.
            models.Index("reported_grid", "reported_day", name="grain_reported"),
        ]

    def __str__(self) -> str:
        return str(self.case)


class Counts(models.Model):
    """What is counted for a day: of what came in that day, and of what was closed that day."""

    reported = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)  # of those reported
    answered_in_5 = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    closed_in_time = models.IntegerField(default=0)
    self_settled = models.IntegerField(default=0)  # of those closed
    rated = models.IntegerField(default=0)  # of those closed
    satisfied = models.IntegerField(default=0)  # 4 or 5

    class Meta:
        abstract = True


class DayByPlace(Counts):
    code = models.TextField(db_collation=C)
    day = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "day"], name="day_by_place")]

    def __str__(self) -> str:
        return f"{self.day} {self.code}"


class DayByCategory(Counts):
    """Down to the sub-district."""

    code = models.TextField(db_collation=C)
    day = models.DateField()
    category = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "day", "category"], name="day_by_category")]

    def __str__(self) -> str:
        return f"{self.day} {self.category}"


class DayByUnit(models.Model):
    """By the unit that leads, itself alone: with its branches is a range on the path."""

    unit_path = models.TextField(db_collation=C)
    day = models.DateField()
    dispatched = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    closed_in_time = models.IntegerField(default=0)
    rated = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_path", "day"], name="day_by_unit")]
        indexes = [models.Index("day", "unit_path", name="day_of_units")]  # a centre has hundreds below it

    def __str__(self) -> str:
        return f"{self.day} {self.unit_path}"


class Open(models.Model):
    open = models.IntegerField(default=0)
    overdue = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    supervised = models.IntegerField(default=0)

    class Meta:
        abstract = True


class OpenByPlace(Open):
    code = models.TextField(db_collation=C)
    state = models.TextField(db_collation=C)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "state"], name="open_by_place")]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"


class OpenByUnit(Open):
    """By the unit that leads, itself alone."""

    unit_path = models.TextField(db_collation=C)
    state = models.TextField(db_collation=C)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_path", "state"], name="open_by_unit")]

    def __str__(self) -> str:
        return f"{self.unit_path} {self.state}"


class OpenCharge(models.Model):
    """One open case on the desk of one unit, as holder or charged: so that a unit's scope is counted exactly.

    A case of several units below one's own is one case, and one that lies in one's own codes is counted there.
    """

    unit_path = models.TextField(db_collation=C)
    case = models.UUIDField()
    current_grid = models.TextField(db_collation=C)
    state = models.TextField(db_collation=C)
    is_overdue = models.BooleanField()
    is_returned = models.BooleanField()
    is_supervised = models.BooleanField()
    reads_below = models.BooleanField()  # charged: a unit above sees it too; held: its holder alone

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_path", "case", "reads_below"], name="open_charge")]
        indexes = [models.Index("case", name="open_charge_case")]

    def __str__(self) -> str:
        return f"{self.unit_path} {self.case}"
