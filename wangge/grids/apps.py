from django.apps import AppConfig


class GridsConfig(AppConfig):
    name = "wangge.grids"
    label = "grids"

    def ready(self) -> None:
        from wangge.core.importing.importer import register
        from wangge.grids.importers import ALL

        for importer in ALL:
            register(importer)
