"""Quality by grid, who was asked, and numbers that came with a wrong check digit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0003_care_categories"),
    ]

    operations = [
        migrations.AddField(
            model_name="person",
            name="number_faulty",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="Asked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record", models.UUIDField()),
                ("problem", models.TextField()),
                ("code", models.TextField(db_collation="C")),
                ("at", models.DateTimeField()),
                ("by_name", models.TextField()),
            ],
            options={
                "ordering": ["-at", "-id"],
                "indexes": [
                    models.Index(models.F("record"), models.F("problem"), models.F("at"), name="registry_asked_record")
                ],
            },
        ),
        migrations.CreateModel(
            name="Quality",
            fields=[
                ("code", models.TextField(db_collation="C", primary_key=True, serialize=False)),
                ("people", models.IntegerField(default=0)),
                ("complete", models.IntegerField(default=0)),
                ("faulty", models.IntegerField(default=0)),
                ("fresh", models.IntegerField(default=0)),
                ("tied", models.IntegerField(default=0)),
                ("doubled", models.IntegerField(default=0)),
                ("dwellings", models.IntegerField(default=0)),
                ("rented", models.IntegerField(default=0)),
                ("unchecked", models.IntegerField(default=0)),
                ("households", models.IntegerField(default=0)),
                ("organisations", models.IntegerField(default=0)),
                ("counted_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["code"],
                "indexes": [models.Index(models.F("counted_at"), name="registry_quality_age")],
            },
        ),
    ]
