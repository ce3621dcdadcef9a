from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "wangge.cases"
    label = "cases"

    def ready(self) -> None:
        from wangge.cases.importers import ALL
        from wangge.cases.redraw import cases_follow
        from wangge.core.importing.importer import register
        from wangge.grids.following import on_redraw

        on_redraw(cases_follow)
        for importer in ALL:
            register(importer)
