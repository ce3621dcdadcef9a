from django.db import migrations, models

CLEAR = "update field_subject set lon = null, lat = null, version = version + 1 where kind = 'household' and lon is not null"


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0007_rounds_withdrawn"),
    ]

    operations = [
        migrations.RunSQL(CLEAR, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="subject",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "household"), _negated=True), ("lon__isnull", True), _connector="OR"
                ),
                name="subject_home_unmarked",
            ),
        ),
    ]
