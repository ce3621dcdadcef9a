from django.db import migrations, models

# When it was is not known: rounds walked until now keep the point, those to come do not have it.
FILL = "update field_patrolpoint set dropped_at = now() where is_dropped"


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0005_who_walks_and_visits"),
    ]

    operations = [
        migrations.AddField(
            model_name="patrolpoint",
            name="dropped_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveField(
            model_name="patrolpoint",
            name="is_dropped",
        ),
    ]
