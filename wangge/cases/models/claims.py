"""Who is on which case now. Beside the case: renewing rewrites a narrow row, not the case, its version, its indexes."""

from django.db import models

C = "C"


class Seat(models.Model):
    """A person at their post. The names are as they were then."""

    post_id = models.BigIntegerField()
    by_name = models.TextField()
    by_unit = models.TextField()
    by_unit_path = models.TextField(db_collation=C)
    since = models.DateTimeField()

    class Meta:
        abstract = True


class Claim(Seat):
    """占用: one seat at work on one case (rules/claims.py)."""

    case = models.OneToOneField("cases.Case", on_delete=models.CASCADE, primary_key=True, related_name="claim")
    move = models.TextField(db_collation=C)  # that was begun
    renewed_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)  # when the worker said that nobody renews it

    def __str__(self) -> str:
        return f"{self.case_id} {self.by_name}"


class Looking(Seat):
    """Somebody has the case open. Not logged by the database and in no journal: kept while it is so, no longer."""

    case = models.ForeignKey(
        "cases.Case", on_delete=models.DO_NOTHING, db_index=False, db_constraint=False, related_name="+"
    )
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "post_id"], name="looking_once")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.by_name}"
