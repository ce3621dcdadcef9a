from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "wangge.cases"
    label = "cases"

    def ready(self) -> None:
        from wangge.accounts.obstacles import before_ending
        from wangge.cases.division_ends import still_open
        from wangge.cases.importers import ALL
        from wangge.cases.queries.moving import cases_would_move
        from wangge.cases.redraw import cases_follow
        from wangge.cases.settings_kept import ALL as SETTINGS
        from wangge.cases.unit_ends import still_naming
        from wangge.core.importing.importer import register
        from wangge.core.setting_changes import register as keep_history
        from wangge.grids import obstacles as of_places
        from wangge.grids.following import before_redraw, on_redraw

        on_redraw(cases_follow)
        before_redraw(cases_would_move)
        before_ending(still_naming)
        of_places.before_ending(still_open)
        for importer in ALL:
            register(importer)
        for keeper in SETTINGS:
            keep_history(keeper)
