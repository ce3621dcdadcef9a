from django.apps import AppConfig


class CommandConfig(AppConfig):
    name = "wangge.command"
    label = "command"

    def ready(self) -> None:
        from wangge.command.queries.notices import unread
        from wangge.command.queries.orders import owed_count
        from wangge.field.unread import counted_by

        counted_by("notices", lambda by, at: unread(by=by, at=at).told)
        counted_by("orders", lambda by, at: owed_count(by=by))
