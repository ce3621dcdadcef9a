"""The journal and its readers, as Django sees them. The tables are made in SQL (migrations/0001), by month."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from wangge.core.sealed import SealedField


class JournalEntry(models.Model):
    """One immutable entry for each write: who, by which permission, what, which subject, where, which fields.

    Personal values are never in it: field names and references only. `xid` and `cluster` order it for readers.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.TextField()
    subject_type = models.TextField()
    subject_id = models.TextField()
    code = models.TextField()
    unit_paths = ArrayField(models.TextField())
    actor_kind = models.TextField()
    actor_user = models.BigIntegerField(null=True)
    actor_post = models.BigIntegerField(null=True)
    actor_name = models.TextField()
    permission = models.TextField()
    changed = ArrayField(models.TextField())
    data = models.JSONField()

    class Meta:
        managed = False
        db_table = "core_journal"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_type}:{self.subject_id}"


class ReaderState(models.Model):
    """How far one reader of the journal has come (see journal.py)."""

    name = models.TextField(primary_key=True)
    cluster = models.BigIntegerField()
    finished = models.TextField()  # pg_snapshot: everything visible in it is done
    target = models.TextField(null=True)  # noqa: DJ001 - null says: no batch is under way
    done_id = models.BigIntegerField(default=0)
    position = models.BigIntegerField(default=0)
    as_of = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_why = models.TextField(default="")

    class Meta:
        managed = False
        db_table = "core_journal_reader"

    def __str__(self) -> str:
        return self.name


class KeyWitness(models.Model):
    """One row: by which keys this database is written (key_check.py)."""

    id = models.SmallIntegerField(primary_key=True)
    sealed = SealedField()
    hashed = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_key_witness")]

    def __str__(self) -> str:
        return "key witness"


class Idempotency(models.Model):
    """What a repeated POST is answered with: the same key and content get the first answer again."""

    key = models.UUIDField(primary_key=True)
    owner = models.TextField()
    fingerprint = models.BinaryField()
    status = models.SmallIntegerField()
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="core_idempotency_at")]

    def __str__(self) -> str:
        return str(self.key)


class Revision(models.Model):
    """Raised by every change of some configuration, so that each process knows when to read it again."""

    name = models.TextField(primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class SettingChange(models.Model):
    """One change of one setting, with what stood before and after: never changed, never deleted (setting_changes.py).

    A state is a JSON object of parts. `before` null: it was made; `after` null: it was removed; else only the parts
    that differ. `effective_date`: the first Beijing day it holds for.
    """

    at = models.DateTimeField()
    kind = models.TextField(db_collation="C")
    subject = models.TextField(db_collation="C")
    name_zh = models.TextField()
    name_en = models.TextField()
    code = models.TextField(db_collation="C", blank=True, default="")  # the place it holds for; "" everywhere
    effective_date = models.DateField()
    parts = ArrayField(models.TextField(db_collation="C"), default=list)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    by_user = models.BigIntegerField(null=True)
    by_post = models.BigIntegerField(null=True)
    by_name = models.TextField()
    undoes = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index("kind", "subject", "id", name="setting_change_subject"),
            models.Index("effective_date", "id", name="setting_change_effective"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.subject} {self.at}"

    @property
    def is_whole(self) -> bool:
        """Made or removed: it touches every part there is."""
        return self.before is None or self.after is None
