from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "wangge.imports"
    label = "imports"

    def ready(self) -> None:
        from wangge.core import resealing
        from wangge.core.setting_changes import register as keep_history
        from wangge.imports.resealing import WAITING_FILES
        from wangge.imports.settings_kept import ALL as SETTINGS

        resealing.register(WAITING_FILES)

        for keeper in SETTINGS:
            keep_history(keeper)
