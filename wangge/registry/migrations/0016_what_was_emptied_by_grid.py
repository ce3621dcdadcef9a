"""What retention empties is kept by grid and no longer counted when asked: a million people took a second of a city."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0015_what_was_emptied"),
    ]

    operations = [
        migrations.RemoveIndex("change", "registry_change_emptied"),
        migrations.RemoveIndex("organisationperson", "registry_part_emptied"),
        migrations.RemoveIndex("organisationperson", "registry_part_erased"),
        migrations.RemoveIndex("person", "registry_person_erased"),
        migrations.AddField("quality", "by_retention", ArrayField(models.IntegerField(), default=list, db_default=[])),
        migrations.AddIndex(
            "change",
            models.Index(
                models.F("code"),
                models.F("at"),
                condition=models.Q(("source", "retention")),
                name="registry_change_retained",
            ),
        ),
        migrations.AddIndex(
            "organisationperson",
            models.Index(models.F("code"), condition=models.Q(("to_date__isnull", False)), name="registry_part_code"),
        ),
        # Counted anew by the worker, a hundred grids at a time.
        migrations.RunSQL(
            "update registry_quality set counted_at = counted_at - interval '1 day'", migrations.RunSQL.noop
        ),
    ]
