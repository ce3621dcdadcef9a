"""What is a person's: who reported, what they sent, how they rated it. All three stand under row-level security."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from wangge.core.codes import END
from wangge.core.ranges import within
from wangge.core.sealed import SealedField

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


def not_complained_of(actor: "Actor") -> Q:
    """The unit complained of, with all its branches, is told nothing of who reported."""
    steps = actor.unit_path.split("/")[:-1]
    return ~Q(complained_root__in=["/".join(steps[: depth + 1]) + "/" for depth in range(len(steps))])


class ReporterQuerySet(models.QuerySet["Reporter"]):
    def visible_to(self, actor: "Actor") -> "ReporterQuerySet":
        """Only those who must call back: posts with `reporter.read` that cover the place. The policy says the same."""
        if actor.is_system:
            return self
        if not actor.may("reporter.read"):
            return self.none()
        return self.filter(within("code", actor.ranges)).filter(not_complained_of(actor))


class Reporter(models.Model):
    """Who reported a case, or follows it since theirs was joined. Telephones are sealed and found by keyed hash."""

    id = models.UUIDField(primary_key=True)  # not made by the database: RETURNING would ask the policy of readers
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, db_index=False, related_name="reporters")
    is_follower = models.BooleanField(default=False)
    name = models.TextField(blank=True, default="")
    phone_sealed = SealedField(null=True)
    phone_hash = models.BinaryField(null=True)
    phone_masked = models.TextField(blank=True, default="")
    is_anonymous = models.BooleanField(default=False)
    is_confidential = models.BooleanField(default=False)
    wants_call = models.BooleanField(default=True)
    follow_hash = models.BinaryField(null=True)  # of the code that opens the case to its reporter
    code = models.TextField(db_collation=C)  # current grid of the case
    complained_root = models.TextField(blank=True, default="", db_collation=C)
    at = models.DateTimeField()

    objects = ReporterQuerySet.as_manager()

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(phone_sealed__isnull=True, phone_hash__isnull=True)
                | Q(phone_sealed__isnull=False, phone_hash__isnull=False),
                name="reporter_phone_in_pairs",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(is_follower=False), name="one_main_reporter"),
        ]
        indexes = [
            models.Index("case", name="reporter_case"),
            models.Index("phone_hash", "at", name="reporter_phone", condition=Q(phone_hash__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"reporter of {self.case_id}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, actor: "Actor") -> "AttachmentQuerySet":
        """Evidence of the cases one sees, less what the reporter sent where one's own unit is complained of."""
        from wangge.cases.models.case import Assignment

        if actor.is_system:
            return self
        own = Q(case__isnull=True, by_post=actor.post_id) if actor.post_id else Q(pk__in=[])
        charged = Assignment.objects.filter(unit_path__gte=actor.unit_path, unit_path__lt=actor.unit_path + END)
        of_unit = Q(case_id__in=charged.values("case_id")) if actor.unit_path else Q(pk__in=[])
        seen = Q(case__isnull=False) & (within("code", actor.ranges) | of_unit)
        return self.filter(own | (seen & (Q(from_reporter=False) | Q(is_released=True) | not_complained_of(actor))))


class Attachment(models.Model):
    """One piece of evidence. The bytes lie in the content store under their SHA-256; this row gives access to them."""

    class Kind(models.TextChoices):
        PICTURE = "picture", "图片"
        SOUND = "sound", "录音"
        VIDEO = "video", "视频"
        DOCUMENT = "document", "文档"

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(
        "cases.Case", on_delete=models.CASCADE, null=True, db_index=False, related_name="attachments"
    )
    step = models.ForeignKey(
        "cases.Step", on_delete=models.SET_NULL, null=True, db_index=False, related_name="attachments"
    )
    kind = models.TextField(choices=Kind.choices)
    photo_type = models.TextField(blank=True, default="")  # near, far, reference, before, after
    name = models.TextField()
    mime = models.TextField()
    size = models.BigIntegerField()
    sha256 = models.TextField(db_collation=C)  # as sent, kept apart
    served_sha256 = models.TextField(db_collation=C)  # stripped of place, device and author
    small_sha256 = models.TextField(blank=True, default="", db_collation=C)
    medium_sha256 = models.TextField(blank=True, default="", db_collation=C)
    picture_hash = models.BigIntegerField(null=True)  # dHash, finds a reused picture
    taken_at = models.DateTimeField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    tells_itself = models.BooleanField(null=True)  # the file says when or where; null: sent before this was kept
    from_reporter = models.BooleanField(default=False)
    is_released = models.BooleanField(default=False)  # a centre decided that the unit complained of may see it
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    code = models.TextField(blank=True, default="", db_collation=C)
    complained_root = models.TextField(blank=True, default="", db_collation=C)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        indexes = [
            models.Index("case", "at", name="attachment_case"),
            models.Index("picture_hash", name="attachment_picture", condition=Q(picture_hash__isnull=False)),
            models.Index("sha256", "at", name="attachment_same_file", condition=Q(kind="picture", case__isnull=False)),
            models.Index("at", name="attachment_loose", condition=Q(case__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.name


class RatingQuerySet(models.QuerySet["Rating"]):
    def visible_to(self, actor: "Actor") -> "RatingQuerySet":
        if actor.is_system:
            return self
        return self.filter(within("code", actor.ranges)).filter(not_complained_of(actor))


class Rating(models.Model):
    """What the reporter says of it, by the follow page or on the telephone."""

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, db_index=False, related_name="ratings")
    score = models.SmallIntegerField()  # 1–5
    solved = models.BooleanField(null=True)
    text = models.TextField(blank=True, default="")
    by_phone = models.BooleanField(default=False)
    at = models.DateTimeField()
    code = models.TextField(db_collation=C)
    complained_root = models.TextField(blank=True, default="", db_collation=C)

    objects = RatingQuerySet.as_manager()

    class Meta:
        ordering = ["case", "id"]
        constraints = [models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="rating_one_to_five")]
        indexes = [models.Index("case", name="rating_case")]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.score}"
