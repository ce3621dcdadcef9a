"""The search table: keyed tokens and ids only, so it needs no policy and its index is always used (ADR 20)."""

from django.db import models

from wangge.registry.models.base import C


class Token(models.Model):
    """`token`: 8 bytes of a keyed hash of a gram (rules/tokens.py); read in the order of code, within ranges."""

    pk = models.CompositePrimaryKey("token", "code", "record")
    token = models.BigIntegerField()
    code = models.TextField(db_collation=C)
    record = models.UUIDField()  # a person

    class Meta:
        indexes = [models.Index("record", name="registry_token_record")]

    def __str__(self) -> str:
        return str(self.record)
