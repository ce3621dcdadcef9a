"""How good the records of a grid are, as a roll-up; and what somebody was asked to put right."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from wangge.registry.models.base import C, ScopedQuerySet


class Quality(models.Model):
    """One grid, counted from the base tables whenever something in it changed, and once a day (rollups.py).

    `complete`: number, sex, birthday, kind, telephone. `fresh`: the record seen within a year; by field, each within
    its own time: `by_field`. `tied`: living in a known dwelling.
    `doubled`: people that the finder of doubles (queries/duplicates.py) lays beside another of the community, but for
    pairs that somebody told apart; counted a little later than the rest, by `doubles_due`.
    `unchecked`: rented dwellings not checked for 90 days. `by_retention`: what goes within a month because its time is
    over, and went in the last.
    """

    code = models.TextField(primary_key=True, db_collation=C)
    people = models.IntegerField(default=0)
    complete = models.IntegerField(default=0)
    faulty = models.IntegerField(default=0)
    fresh = models.IntegerField(default=0)
    tied = models.IntegerField(default=0)
    doubled = models.IntegerField(default=0)
    dwellings = models.IntegerField(default=0)
    rented = models.IntegerField(default=0)
    unchecked = models.IntegerField(default=0)
    households = models.IntegerField(default=0)
    organisations = models.IntegerField(default=0)
    # Of each field of people that goes stale, in the order of dictionary.STALE: how many have it, and how many of them
    # freshly. One array of numbers: to sum up 17,784 grids of a city, JSON took four times as long.
    by_field = ArrayField(models.IntegerField(), default=list, db_default=[])
    by_retention = ArrayField(models.IntegerField(), default=list, db_default=[])  # in the order of retained.NUMBERS
    counted_at = models.DateTimeField()
    doubles_due = models.BooleanField(default=True, db_default=True)  # something changed since `doubled` was counted

    objects: ClassVar[ScopedQuerySet["Quality"]] = ScopedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["code"]
        indexes = [
            models.Index("counted_at", name="registry_quality_age"),
            models.Index("code", name="registry_quality_due", condition=models.Q(doubles_due=True)),
        ]

    def __str__(self) -> str:
        return self.code


class RetentionRun(models.Model):
    """When each part of retention last ran, and when it last left nothing whose time was over."""

    name = models.TextField(primary_key=True)  # people, fields, parts, care
    ran_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Asked(models.Model):
    """A grid was asked to put something right: within the cool-down nobody is asked for it twice (一表通)."""

    record = models.UUIDField()
    problem = models.TextField()
    code = models.TextField(db_collation=C)
    at = models.DateTimeField()
    by_name = models.TextField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index("record", "problem", "at", name="registry_asked_record")]

    def __str__(self) -> str:
        return f"{self.problem} {self.record}"
