from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "wangge.accounts"
    label = "accounts"

    def ready(self) -> None:
        from wangge.accounts.importers import ALL
        from wangge.core.importing.importer import register

        for importer in ALL:
            register(importer)
