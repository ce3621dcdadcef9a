"""Whoever turns eighty is asked for by birthday over a whole city (queries/care.py); the young need not pay for it."""

from datetime import date

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_fresh_by_field")]
    operations = [
        migrations.AddIndex(
            "person",
            models.Index(
                models.F("birth_date"),
                condition=models.Q(("birth_date__lt", date(1970, 1, 1)), ("ended_at__isnull", True)),
                name="registry_person_old",
            ),
        ),
    ]
