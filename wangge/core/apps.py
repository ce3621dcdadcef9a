from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate  # noqa: TID251 - partitions follow the schema, no domain logic

from wangge.core import logs


class CoreConfig(AppConfig):
    name = "wangge.core"
    label = "core"

    def ready(self) -> None:
        logs.configure()
        post_migrate.connect(_make_months, sender=self)


def _make_months(using: str, **_: Any) -> None:
    from wangge.core import journal

    journal.make_months(using=using)
