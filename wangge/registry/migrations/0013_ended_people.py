"""Whoever ended is looked for by the day they did (actions/retention.py); the others need not pay for it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0012_fields_as_numbers")]
    operations = [
        migrations.AddIndex(
            "person",
            models.Index(
                models.F("ended_at"),
                condition=models.Q(("ended_at__isnull", False), ("erased_at__isnull", True)),
                name="registry_person_ended",
            ),
        ),
    ]
