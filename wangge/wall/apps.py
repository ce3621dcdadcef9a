from django.apps import AppConfig


class WallConfig(AppConfig):
    name = "wangge.wall"
    label = "wall"

    def ready(self) -> None:
        from wangge.wall import duty, tiles

        tiles.register("duty", duty.on_duty_here)
