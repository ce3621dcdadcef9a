from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "wangge.desk"
    label = "desk"

    def ready(self) -> None:
        from wangge.cases.actions.retention import waits_for_its_case
        from wangge.desk.queries.drafts import pieces_in_drafts

        waits_for_its_case(pieces_in_drafts)
