"""How fresh each field is as one array of numbers, which a city's grids are summed up by in a quarter of the time."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_old_by_birthday")]
    operations = [
        migrations.RemoveField("quality", "fields"),
        migrations.AddField("quality", "by_field", ArrayField(models.IntegerField(), default=list, db_default=[])),
        # Counted anew by the worker, a hundred grids at a time.
        migrations.RunSQL(
            "update registry_quality set counted_at = counted_at - interval '1 day'", migrations.RunSQL.noop
        ),
    ]
