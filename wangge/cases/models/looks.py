"""Kept beside the people's tables, without policies: only keys, hashes and counts, no personal value."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Look(models.Model):
    """What a picture looks like, cut into slices, so that one used again is found by an index (rules/evidence.py)."""

    attachment = models.UUIDField(primary_key=True)
    look = models.BigIntegerField()
    slices = ArrayField(models.IntegerField())

    class Meta:
        indexes = [GinIndex(fields=["slices"], name="look_slices", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.attachment)


class Attempt(models.Model):
    """How often one caller tried one thing in one span of time; the caller is a keyed hash (throttle.py)."""

    key = models.BinaryField(primary_key=True)
    span_end = models.DateTimeField()
    count = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["span_end"], name="attempt_span")]

    def __str__(self) -> str:
        return f"{self.count} until {self.span_end}"
