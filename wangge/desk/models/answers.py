"""Standard answers with all their versions, and the questions that were answered without becoming a case."""

from datetime import date
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from wangge.core.codes import Level
from wangge.core.ranges import within
from wangge.core.sealed import SealedField

if TYPE_CHECKING:
    from wangge.core.actor import Actor

C = "C"


class AnswerQuerySet(models.QuerySet["Answer"]):
    def visible_to(self, actor: "Actor") -> "AnswerQuerySet":
        """What holds where one works: answers of the divisions above, of one's own, and of those one looks after."""
        if actor.is_system or "" in actor.ranges:
            return self
        own = {actor.division, *actor.ranges}
        above = {code[:level] for code in own for level in Level if level <= len(code)}
        return self.filter(within("code", actor.ranges) | Q(code__in=["", *above]))

    def on(self, day: date) -> "AnswerQuerySet":
        return self.filter(Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day)))


class Answer(models.Model):
    """What is told to whoever asks: a policy, opening hours, whose affair it is. As its newest version says."""

    code = models.TextField(db_collation=C)  # division it holds in; "" everywhere
    title_zh = models.TextField()
    title_en = models.TextField(blank=True, default="")
    text_zh = models.TextField()
    text_en = models.TextField(blank=True, default="")
    keywords = ArrayField(models.TextField(), default=list)
    category = models.ForeignKey("cases.Category", on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    tokens = SearchVectorField()  # pairs of characters: of title and keywords A, of the text D
    version = models.IntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.TextField(blank=True, default="")  # name

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["title_zh", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="answer_period"
            )
        ]
        indexes = [GinIndex(fields=["tokens"], name="answer_tokens"), models.Index("code", name="answer_code")]

    def __str__(self) -> str:
        return self.title_zh


class AnswerVersion(models.Model):
    """The answer as somebody left it. Nobody edits one; going back to an earlier one is a new version."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="versions")
    number = models.IntegerField()
    values = models.JSONField()
    restored = models.IntegerField(null=True)  # the earlier version that this one brings back
    by_user = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        ordering = ["answer", "-number"]
        constraints = [models.UniqueConstraint(fields=["answer", "number"], name="answer_version_once")]

    def __str__(self) -> str:
        return f"{self.answer_id} v{self.number}"


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, actor: "Actor") -> "ConsultationQuerySet":
        """The centres that look after the place, and who took it. The policy says the same."""
        if actor.is_system:
            return self
        own = Q(by_post=actor.post_id) if actor.post_id else Q(pk__in=[])
        return self.filter(own | within("code", actor.ranges)) if actor.may("case.accept") else self.filter(own)


class Consultation(models.Model):
    """A question that was answered and needs no case. Stands under row-level security: questions name people."""

    id = models.UUIDField(primary_key=True)
    source = models.TextField(db_collation=C)  # cases.rules.states.Source
    question = models.TextField()
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, null=True, db_index=False, related_name="+")
    answer_version = models.IntegerField(null=True)
    told = models.TextField(blank=True, default="")  # what was said, where no standard answer was read out
    category = models.ForeignKey(
        "cases.Category", on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    code = models.TextField(db_collation=C)  # grid or division it is about; the seat's own where nobody said
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, db_index=False, related_name="+")
    by_user = models.BigIntegerField(null=True)
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(answer__isnull=False) & Q(answer_version__isnull=False))
                | (Q(answer__isnull=True) & Q(answer_version__isnull=True) & ~Q(told="")),
                name="consultation_says_what_was_told",
            )
        ]
        indexes = [
            models.Index("at", "id", name="consultation_newest"),
            models.Index("code", "at", name="consultation_code"),
            models.Index("answer", "at", name="consultation_answer"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class AskerQuerySet(models.QuerySet["Asker"]):
    def visible_to(self, actor: "Actor") -> "AskerQuerySet":
        """As with reporters: only posts that call back, where they look after the place. The policy says the same."""
        if actor.is_system:
            return self
        if not actor.may("reporter.read"):
            return self.none()
        return self.filter(within("code", actor.ranges))


class Asker(models.Model):
    """Who asked, sealed as reporters are; erased when nobody can mean to call back any more (tasks.py)."""

    id = models.UUIDField(primary_key=True)  # not made by the database: RETURNING would ask the policy of readers
    consultation = models.OneToOneField(Consultation, on_delete=models.CASCADE, related_name="asker")
    name = models.TextField(blank=True, default="")
    phone_sealed = SealedField(null=True)
    phone_hash = models.BinaryField(null=True)
    phone_masked = models.TextField(blank=True, default="")
    code = models.TextField(db_collation=C)
    at = models.DateTimeField()

    objects = AskerQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(phone_sealed__isnull=True, phone_hash__isnull=True)
                | Q(phone_sealed__isnull=False, phone_hash__isnull=False),
                name="asker_phone_in_pairs",
            )
        ]
        indexes = [
            models.Index("phone_hash", "at", name="asker_phone", condition=Q(phone_hash__isnull=False)),
            models.Index("at", name="asker_at"),
        ]

    def __str__(self) -> str:
        return f"asker of {self.consultation_id}"
