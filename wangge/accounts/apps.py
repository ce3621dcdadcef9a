from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "wangge.accounts"
    label = "accounts"

    def ready(self) -> None:
        from wangge.accounts.importers import ALL
        from wangge.accounts.settings_kept import ALL as SETTINGS
        from wangge.core.importing.importer import register
        from wangge.core.setting_changes import register as keep_history

        for importer in ALL:
            register(importer)
        for keeper in SETTINGS:
            keep_history(keeper)
