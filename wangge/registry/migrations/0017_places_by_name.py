"""Public places are searched by their name as organisations are."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models

# As rules/names.py makes it of a name that was tidied when it came in.
FILL = r"update registry_place set name_key = lower(regexp_replace(normalize(name, NFKC), '[·\s.''’-]', '', 'g'))"
# As SQL for the reason of 0006.
INDEX = r"""
create index registry_place_named on registry_place
  using gin (regexp_replace(name_key, '(.)', '\1\1', 'g') gin_trgm_ops);
"""


def doubled(column: str) -> Any:
    twice = (models.Value("(.)"), models.Value(r"\1\1"), models.Value("g"))
    return models.Func(models.F(column), *twice, function="regexp_replace", output_field=models.TextField())


class Migration(migrations.Migration):
    dependencies = [("registry", "0016_what_was_emptied_by_grid")]
    operations = [
        migrations.AddField("place", "name_key", models.TextField(db_default="", default="")),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(INDEX, "drop index registry_place_named")],
            state_operations=[
                migrations.AddIndex(
                    "place", GinIndex(OpClass(doubled("name_key"), name="gin_trgm_ops"), name="registry_place_named")
                )
            ],
        ),
    ]
