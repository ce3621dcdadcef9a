"""Pairs that look like one person and are two, so that nobody is asked again; under the policies of a grid (0002)."""

from django.db import migrations, models

POLICIES = """
alter table registry_apart enable row level security;
create policy registry_apart_read on registry_apart for select using (
  (select actor_is_system()) or ((select actor_may('registry.read')) and actor_covers(code))
);
create policy registry_apart_made on registry_apart for insert with check (
  (select actor_is_system()) or ((select actor_may('registry.edit')) and actor_covers(code))
);
create policy registry_apart_changed on registry_apart for update using (
  (select actor_is_system()) or ((select actor_may('registry.edit')) and actor_covers(code))
);
create policy registry_apart_erased on registry_apart for delete using ((select actor_is_system()));
"""


class Migration(migrations.Migration):
    dependencies = [("registry", "0006_words_of_two")]
    operations = [
        migrations.CreateModel(
            name="Apart",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("one", models.UUIDField()),
                ("other", models.UUIDField()),
                ("by_name", models.TextField()),
                ("at", models.DateTimeField()),
                ("code", models.TextField(db_collation="C")),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(models.F("other"), name="registry_apart_other"),
                    models.Index(models.F("code"), name="registry_apart_code"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("one__lt", models.F("other"))), name="apart_in_order"),
                    models.UniqueConstraint(fields=("one", "other"), name="apart_once"),
                ],
            },
        ),
        migrations.RunSQL(POLICIES, migrations.RunSQL.noop),
    ]
