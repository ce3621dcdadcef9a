from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate  # noqa: TID251 - partitions follow the schema, no domain logic


class FieldConfig(AppConfig):
    name = "wangge.field"
    label = "field"

    def ready(self) -> None:
        post_migrate.connect(_make_days, sender=self)
        post_migrate.connect(_ship_registry_forms, sender=self)
        from wangge.cases.actions.retention import waits_for_its_case
        from wangge.core.setting_changes import register as keep_history
        from wangge.field.actions.pieces import held_pieces
        from wangge.field.settings_kept import ALL as SETTINGS

        for keeper in SETTINGS:
            keep_history(keeper)
        waits_for_its_case(held_pieces)


def _make_days(using: str, **_: Any) -> None:
    from wangge.field.days import make_days

    make_days(using=using)


def _ship_registry_forms(using: str, **_: Any) -> None:
    from wangge.core import clock
    from wangge.field.actions.registry_forms import ship_registry_forms

    ship_registry_forms(at=clock.now(), using=using)
