"""Who should handle what, where: rules in order, first match wins, explained."""

from django.db import models
from django.db.models import F, Q

C = "C"


class DispatchRule(models.Model):
    """Category path prefix × division prefix → unit. A rule whose unit has ended is shouted about, never skipped."""

    order = models.IntegerField()
    scheme = models.ForeignKey("cases.Scheme", on_delete=models.CASCADE, null=True, related_name="+")
    category_path = models.TextField(blank=True, default="", db_collation=C)  # "" any
    code = models.TextField(blank=True, default="", db_collation=C)  # "" anywhere
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True, default="")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="dispatch_rule_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.category_path}@{self.code} -> {self.unit_id}"
