"""Where people on duty are and went: batches as they came, the newest position apart, and what a day came to.

Batches are written by wangge.field.ingest and read by queries/tracks.py, both in SQL; the tables of batches are made
in SQL (migrations/0001), by Beijing day. lon, lat: WGS-84 degrees; accuracy metres; speed m/s.
"""

from typing import TYPE_CHECKING

from django.db import models

from wangge.field.models.duty import in_reach

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


class Batch(models.Model):
    """`points`: rules/points.pack. The rows of a post and day become one at night; its id is then all zeros."""

    pk = models.CompositePrimaryKey("day", "post_id", "id")
    day = models.DateField()  # Beijing
    post_id = models.BigIntegerField()
    id = models.UUIDField()  # the sender's
    code = models.TextField(db_collation=C)
    since_ms = models.BigIntegerField()
    until_ms = models.BigIntegerField()
    received_at = models.DateTimeField()
    points = models.BinaryField()

    class Meta:
        managed = False
        db_table = "field_batch"

    def __str__(self) -> str:
        return f"{self.day} {self.post_id}"


class NewestQuerySet(models.QuerySet["Newest"]):
    def visible_to(self, actor: "Actor") -> "NewestQuerySet":
        return self.filter(in_reach(actor))


class Newest(models.Model):
    """One row for each post: its latest sound or unsound position, and when anything was heard at all."""

    post = models.OneToOneField("accounts.Post", on_delete=models.CASCADE, primary_key=True, related_name="+")
    code = models.TextField(db_collation=C)
    ms = models.BigIntegerField()
    lon = models.FloatField()
    lat = models.FloatField()
    accuracy = models.FloatField()
    speed = models.FloatField()
    odd = models.SmallIntegerField()  # rules/points.Odd
    battery = models.SmallIntegerField(null=True)  # per cent
    source = models.TextField()  # phone, tracker, mqtt
    heard_at = models.DateTimeField()

    objects = NewestQuerySet.as_manager()

    class Meta:
        ordering = ["post"]

    def __str__(self) -> str:
        return f"{self.post_id} {self.ms}"


class TrackDayQuerySet(models.QuerySet["TrackDay"]):
    def visible_to(self, actor: "Actor") -> "TrackDayQuerySet":
        return self.filter(in_reach(actor))


class TrackDay(models.Model):
    """What somebody's Beijing day came to (rules/tracks.py). A gap is time on duty in which nothing was heard."""

    post = models.ForeignKey("accounts.Post", on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    code = models.TextField(db_collation=C)
    metres = models.FloatField()
    duty_s = models.IntegerField()
    heard_s = models.IntegerField()
    gaps = models.IntegerField()
    stops = models.IntegerField()
    points = models.IntegerField()
    odd = models.JSONField(default=dict)  # flag -> how many points
    computed_at = models.DateTimeField()

    objects = TrackDayQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "post"]
        constraints = [models.UniqueConstraint(fields=["post", "day"], name="one_track_of_a_day")]
        indexes = [models.Index("day", "code", name="track_day_code")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.day}"
