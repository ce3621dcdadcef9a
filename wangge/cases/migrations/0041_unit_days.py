"""Figures of all units below a centre, by days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0040_read_side"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="daybyunit",
            index=models.Index(models.F("day"), models.F("unit_path"), name="day_of_units"),
        ),
    ]
