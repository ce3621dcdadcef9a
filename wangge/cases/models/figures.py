"""Counts that are kept, not counted: narrow roll-ups that a journal reader keeps exact (rollups.py).

`Grain` is what each case counted as when it was last read (`MusterGrain`: each department called to one); a batch adds
the new grain and takes away the old one.
Days are Beijing days. What came in or was closed counts where it was reported; what is open, where it lies now.

Places stand in the roll-ups at every level: a case in a grid counts for the grid, its community, sub-district,
district, city, province and the whole (""), so a figure of any place is one row for each day, never a sum over grids.
"""

from django.db import models

C = "C"
HOURS = tuple(f"h{hour:02d}" for hour in range(24))


class Grain(models.Model):
    case = models.UUIDField(primary_key=True)
    state = models.TextField(db_collation=C)
    reported_day = models.DateField()
    reported_hour = models.SmallIntegerField(default=0)  # 0–23, Beijing
    closed_day = models.DateField(null=True)
    reported_grid = models.TextField(db_collation=C)
    current_grid = models.TextField(db_collation=C)
    category = models.BigIntegerField(default=0)  # 0 for none
    source = models.TextField(default="", db_collation=C)
    outcome = models.TextField(default="", db_collation=C)  # of one that is closed
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
            # What is open of chosen categories: a few ten thousand, whatever the number of all cases.
            models.Index("current_grid", name="grain_open", condition=models.Q(is_open=True)),
        ]

    def __str__(self) -> str:
        return str(self.case)


class MusterGrain(models.Model):
    """One department called to one whistle."""

    muster = models.BigIntegerField(primary_key=True)
    case = models.UUIDField()
    code = models.TextField(db_collation=C)  # grid that asked
    called_day = models.DateField()
    arrived = models.BooleanField()
    arrived_in_10 = models.BooleanField()  # minutes, from the call
    arrival_s = models.IntegerField()  # from the call, 0 while nobody has come

    class Meta:
        indexes = [models.Index("case", name="muster_grain_case")]

    def __str__(self) -> str:
        return str(self.muster)


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


class DayBySource(Counts):
    """Down to the sub-district."""

    code = models.TextField(db_collation=C)
    day = models.DateField()
    source = models.TextField(db_collation=C)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "day", "source"], name="day_by_source")]

    def __str__(self) -> str:
        return f"{self.day} {self.source}"


class DayByOutcome(models.Model):
    """What was closed that day, down to the sub-district."""

    code = models.TextField(db_collation=C)
    day = models.DateField()
    outcome = models.TextField(db_collation=C)
    closed = models.IntegerField(default=0)
    closed_in_time = models.IntegerField(default=0)
    self_settled = models.IntegerField(default=0)
    rated = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "day", "outcome"], name="day_by_outcome")]

    def __str__(self) -> str:
        return f"{self.day} {self.outcome}"


class DayByHour(models.Model):
    """What came in, by hour, category of the first level and place down to the sub-district.

    One row has the 24 hours of its day (`h00` … `h23`): a row for each hour would make as many rows as there are cases.
    """

    code = models.TextField(db_collation=C)
    day = models.DateField()
    category = models.BigIntegerField()  # of the first level; 0 for none

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "day", "category"], name="day_by_hour")]

    def __str__(self) -> str:
        return f"{self.day} {self.category}"


for _hour in HOURS:
    DayByHour.add_to_class(_hour, models.IntegerField(default=0))


class DayByMuster(models.Model):
    """Departments called by whistle that day, where the grid lay that asked."""

    code = models.TextField(db_collation=C)
    day = models.DateField()
    called = models.IntegerField(default=0)
    arrived = models.IntegerField(default=0)  # of those called that day
    arrived_in_10 = models.IntegerField(default=0)
    arrival_s = models.IntegerField(default=0)  # all that came, added up

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "day"], name="day_by_muster")]

    def __str__(self) -> str:
        return f"{self.day} {self.code}"


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
