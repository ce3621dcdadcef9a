"""Themes saved before the span of a chart was checked: what it never did is no longer written there."""

from typing import Any

from django.db import migrations

ONLY = {"places": "now", "hours": "today"}


def say_what_is_shown(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("wall", "Theme").objects.using(schema_editor.connection.alias)
    for theme in rows.iterator():
        panels = theme.definition["panels"]
        for panel in panels:
            if panel["kind"] == "chart" and panel["of"] in ONLY:
                panel["span"] = ONLY[panel["of"]]
            if panel["kind"] == "numbers" and theme.definition.get("categories"):
                panel["tiles"] = _counted(panel["tiles"])
        theme.save(update_fields=["definition"])


def _counted(tiles: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the tile that always said 0 of 0; one is left."""
    return [tile for tile in tiles if tile["metric"] != "arrived_in_10"] or [{"metric": "open", "span": "now"}]


class Migration(migrations.Migration):
    dependencies = [("wall", "0001_tables")]
    operations = [migrations.RunPython(say_what_is_shown, migrations.RunPython.noop)]
