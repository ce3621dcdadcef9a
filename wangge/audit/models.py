"""Impact assessments of what is done with people's data (个人信息保护影响评估, 个人信息保护法 §55, §56)."""

from django.db import models
from django.db.models import F, Q


class Assessment(models.Model):
    """Written once: the database refuses to change or delete a row (migration 0003); a later one supersedes it.

    §56 asks for three years; none is ever deleted.
    """

    processing = models.TextField()  # rules.py: Processing
    purpose = models.TextField()
    basis = models.TextField()
    necessity = models.TextField()
    risks = models.TextField()
    measures = models.TextField()
    conclusion = models.TextField()
    assessed_by = models.TextField()
    assessed_on = models.DateField()
    valid_until = models.DateField()  # the last day
    supersedes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="superseded_by")
    by_user = models.BigIntegerField(null=True)
    by_name = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(valid_until__gte=F("assessed_on")), name="assessment_period"),
            models.UniqueConstraint(
                fields=["processing"], condition=Q(supersedes=None), name="assessment_one_line_of_versions"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.processing} {self.assessed_on}"
