"""Who is on which case now: claims, and who has it open."""

import django.db.models.deletion
from django.db import migrations, models

# Presence is worth nothing after a crash: it needs no log, and no replica has it.
UNLOGGED = "alter table cases_looking set unlogged"


class Migration(migrations.Migration):
    dependencies = [("cases", "0050_dispatch_trials")]
    operations = [
        migrations.CreateModel(
            name="Claim",
            fields=[
                ("post_id", models.BigIntegerField()),
                ("by_name", models.TextField()),
                ("by_unit", models.TextField()),
                ("by_unit_path", models.TextField(db_collation="C")),
                ("since", models.DateTimeField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="claim",
                        serialize=False,
                        to="cases.case",
                    ),
                ),
                ("move", models.TextField(db_collation="C")),
                ("renewed_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="Looking",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post_id", models.BigIntegerField()),
                ("by_name", models.TextField()),
                ("by_unit", models.TextField()),
                ("by_unit_path", models.TextField(db_collation="C")),
                ("since", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("case", "post_id"), name="looking_once")]},
        ),
        migrations.RunSQL(UNLOGGED, migrations.RunSQL.noop),
    ]
