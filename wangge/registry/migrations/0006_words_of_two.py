"""Words of two characters are found by trigrams of text written twice (models/doubled.py).

As SQL, for Django brackets an expression together with its operator class unless its own PostgreSQL app is installed.
"""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations, models


def doubled(column: str) -> Any:
    twice = (models.Value("(.)"), models.Value(r"\1\1"), models.Value("g"))
    return models.Func(models.F(column), *twice, function="regexp_replace", output_field=models.TextField())


SQL = r"""
drop index registry_building_address;
drop index registry_organisation_name;
create index registry_building_words on registry_building
  using gin (regexp_replace(address_key, '(.)', '\1\1', 'g') gin_trgm_ops);
create index registry_organisation_named on registry_organisation
  using gin (regexp_replace(name_key, '(.)', '\1\1', 'g') gin_trgm_ops);
"""
STATE: list[Any] = [
    migrations.RemoveIndex("building", "registry_building_address"),
    migrations.RemoveIndex("organisation", "registry_organisation_name"),
    migrations.AddIndex(
        "building", GinIndex(OpClass(doubled("address_key"), name="gin_trgm_ops"), name="registry_building_words")
    ),
    migrations.AddIndex(
        "organisation", GinIndex(OpClass(doubled("name_key"), name="gin_trgm_ops"), name="registry_organisation_named")
    ),
]


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_competence_and_merged")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(SQL, migrations.RunSQL.noop)], state_operations=STATE
        )
    ]
