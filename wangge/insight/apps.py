from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "wangge.insight"
    label = "insight"

    def ready(self) -> None:
        from wangge.insight.makers import register
        from wangge.insight.tables import ANALYSIS, CASES, REGISTRY

        register(CASES)
        register(ANALYSIS)
        register(REGISTRY)
