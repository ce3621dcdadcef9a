from django.apps import AppConfig


class CommandConfig(AppConfig):
    name = "wangge.command"
    label = "command"
