from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate  # noqa: TID251 - partitions follow the schema, no domain logic


class FieldConfig(AppConfig):
    name = "wangge.field"
    label = "field"

    def ready(self) -> None:
        post_migrate.connect(_make_days, sender=self)


def _make_days(using: str, **_: Any) -> None:
    from wangge.field.days import make_days

    make_days(using=using)
