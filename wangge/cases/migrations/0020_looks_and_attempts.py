"""Pictures found again by their look, and how often one caller tried."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_policies")]
    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                ("attachment", models.UUIDField(primary_key=True, serialize=False)),
                ("look", models.BigIntegerField()),
                ("slices", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=["slices"], name="look_slices")
                ]
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False)),
                ("span_end", models.DateTimeField()),
                ("count", models.IntegerField()),
            ],
            options={"indexes": [models.Index(fields=["span_end"], name="attempt_span")]},
        ),
    ]
