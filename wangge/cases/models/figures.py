"""Counts that are kept, not counted: narrow roll-ups that a journal reader keeps exact (rollups.py).

`Grain` is what each case counted as when it was last read; a batch adds the new grain and takes away the old one.
Days are Beijing days. What came in counts where it lay that day (reported_grid); what is open, where it lies now.
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
    category = models.BigIntegerField(null=True)
    holder_path = models.TextField(db_collation=C)
    lead_path = models.TextField(db_collation=C)
    dispatched_day = models.DateField(null=True)
    is_open = models.BooleanField()
    is_overdue = models.BooleanField()
    is_returned = models.BooleanField()
    in_time = models.BooleanField(null=True)  # closed with every stage kept
    self_settled = models.BooleanField()
    answered_in_5 = models.BooleanField(null=True)
    satisfaction = models.SmallIntegerField(null=True)
    reopenings = models.SmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.case)


class Counts(models.Model):
    """What is counted for a day: of what came in that day, and of what was closed that day."""

    reported = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    answered_in_5 = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    closed_in_time = models.IntegerField(default=0)
    self_settled = models.IntegerField(default=0)
    rated = models.IntegerField(default=0)
    satisfied = models.IntegerField(default=0)  # 4 or 5

    class Meta:
        abstract = True


class DayByPlace(Counts):
    day = models.DateField()
    code = models.TextField(db_collation=C)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "code"], name="day_by_place")]

    def __str__(self) -> str:
        return f"{self.day} {self.code}"


class DayByCategory(Counts):
    day = models.DateField()
    code = models.TextField(db_collation=C)  # sub-district (or what is known of it)
    category = models.BigIntegerField()  # 0 for none

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "code", "category"], name="day_by_category")]

    def __str__(self) -> str:
        return f"{self.day} {self.category}"


class DayByUnit(models.Model):
    day = models.DateField()
    unit_path = models.TextField(db_collation=C)
    dispatched = models.IntegerField(default=0)
    closed = models.IntegerField(default=0)
    closed_in_time = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "unit_path"], name="day_by_unit")]

    def __str__(self) -> str:
        return f"{self.day} {self.unit_path}"


class OpenByPlace(models.Model):
    code = models.TextField(db_collation=C)
    state = models.TextField(db_collation=C)
    open = models.IntegerField(default=0)
    overdue = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "state"], name="open_by_place")]

    def __str__(self) -> str:
        return f"{self.code} {self.state}"


class OpenByUnit(models.Model):
    unit_path = models.TextField(db_collation=C)
    state = models.TextField(db_collation=C)
    open = models.IntegerField(default=0)
    overdue = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit_path", "state"], name="open_by_unit")]

    def __str__(self) -> str:
        return f"{self.unit_path} {self.state}"
