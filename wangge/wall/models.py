"""What walls show: themes, one row for each version from the day it takes effect, and the weather somebody told."""

from django.db import models
from django.db.models import Q

C = "C"


class Theme(models.Model):
    """One version of one theme. Nobody edits a version; what is shown on a day is the newest that has begun by then."""

    code = models.TextField(db_collation=C)  # its address: /wall/<code>
    number = models.IntegerField()
    valid_from = models.DateField()
    name_zh = models.TextField()
    name_en = models.TextField(blank=True, default="")
    definition = models.JSONField()  # definition.py
    is_shown = models.BooleanField(default=True)  # false: put away from that day on
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering = ["code", "-valid_from", "-number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="theme_version_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class Weather(models.Model):
    """What was said of the weather at a time, by a person or a partner; older than a few hours it is not shown."""

    code = models.TextField(db_collation=C)  # division it is said of
    observed_at = models.DateTimeField()
    text_zh = models.TextField()
    text_en = models.TextField(blank=True, default="")
    temperature_c = models.FloatField(null=True)
    warning = models.TextField(blank=True, default="", db_collation=C)  # colour of the warning in force: rules.Warning
    warning_text_zh = models.TextField(blank=True, default="")
    warning_text_en = models.TextField(blank=True, default="")
    by_name = models.TextField()

    class Meta:
        ordering = ["-observed_at", "-id"]
        indexes = [models.Index("code", "observed_at", name="weather_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(warning__in=["", "blue", "yellow", "orange", "red"]), name="weather_warning"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.observed_at}"
