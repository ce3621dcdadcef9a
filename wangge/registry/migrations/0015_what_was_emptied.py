"""When retention ran, and indexes for what it emptied of late."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0014_parts_that_ended"),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("ran_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                models.F("at"), condition=models.Q(("source", "retention")), name="registry_change_emptied"
            ),
        ),
        migrations.AddIndex(
            model_name="organisationperson",
            index=models.Index(
                models.F("erased_at"), condition=models.Q(("erased_at__isnull", False)), name="registry_part_erased"
            ),
        ),
        migrations.AddIndex(
            model_name="person",
            index=models.Index(
                models.F("erased_at"), condition=models.Q(("erased_at__isnull", False)), name="registry_person_erased"
            ),
        ),
    ]
