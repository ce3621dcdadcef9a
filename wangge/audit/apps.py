from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "wangge.audit"
    label = "audit"

    def ready(self) -> None:
        from wangge.audit.exports import JOURNAL
        from wangge.insight.makers import register

        register(JOURNAL)
