"""Category schemes side by side, each with its version and source; limits, conditions and standard procedures."""

from django.db import models
from django.db.models import F, Q

C = "C"


class Scheme(models.Model):
    code = models.TextField(db_collation=C)
    version = models.TextField()
    name_zh = models.TextField()
    name_en = models.TextField(blank=True, default="")
    source = models.TextField()  # standard or document it comes from
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="scheme_version_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="scheme_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class Category(models.Model):
    """One node of a scheme. Limits are `{stage: {"kind": LimitKind, "amount": "2"}}` (rules/limits.py)."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="categories")
    code = models.TextField(db_collation=C)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    path = models.TextField(db_collation=C)  # codes from the root, each followed by "/"
    name_zh = models.TextField()
    name_en = models.TextField(blank=True, default="")
    is_leaf = models.BooleanField(default=True)
    urgency = models.TextField(default="normal")
    limits = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)  # photo types needed to close: ["before", "after"]
    first_handler = models.TextField(blank=True, default="")  # unit code, or "community" / "street" / "district"
    supervisor = models.TextField(blank=True, default="")  # competent department, as the standard names it
    legal_basis = models.TextField(blank=True, default="")
    collect = models.TextField(blank=True, default="")  # what to record on the spot (采集要求)
    settle_on_spot = models.BooleanField(default=True)
    is_complaint = models.BooleanField(default=False)  # about a unit: asks which one
    is_active = models.BooleanField(default=True)
    successor = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="+")  # to use in its place

    class Meta:
        ordering = ["scheme", "path"]
        constraints = [models.UniqueConstraint(fields=["scheme", "path"], name="category_path_once")]

    def __str__(self) -> str:
        return self.path


class Condition(models.Model):
    """立案条件 with its own limit and 结案条件: one subclass has several."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="conditions")
    number = models.SmallIntegerField()
    accept_when = models.TextField()
    close_when = models.TextField(blank=True, default="")
    limits = models.JSONField(default=dict)
    unit_text = models.TextField(blank=True, default="")  # 处置单位, as the standard writes it
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    legal_basis = models.TextField(blank=True, default="")
    legal_text = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["category", "number"]
        constraints = [models.UniqueConstraint(fields=["category", "number"], name="condition_number_once")]

    def __str__(self) -> str:
        return f"{self.category_id}#{self.number}"


class ProcedureStep(models.Model):
    """One step of a category's standard procedure; every step is signed off in turn."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="procedure")
    number = models.SmallIntegerField()
    name_zh = models.TextField()
    name_en = models.TextField(blank=True, default="")
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    limit = models.JSONField(null=True)

    class Meta:
        ordering = ["category", "number"]
        constraints = [models.UniqueConstraint(fields=["category", "number"], name="procedure_step_once")]

    def __str__(self) -> str:
        return f"{self.category_id}/{self.number}"
