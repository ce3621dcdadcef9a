from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "wangge.registry"
    label = "registry"

    def ready(self) -> None:
        from wangge.core.importing.importer import register
        from wangge.grids.following import on_redraw
        from wangge.registry.importers import ALL
        from wangge.registry.redraw import registry_follows

        on_redraw(registry_follows)
        for importer in ALL:
            register(importer)
