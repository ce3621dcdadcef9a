import django.db.models.deletion
from django.db import migrations, models

# No phone drew it until now: what was checked before has no sheet.
SINCE = "update field_patrolplan set form_since = now() where form_id is not null"


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0010_sheets_of_the_registry"),
    ]

    operations = [
        migrations.AddField(
            model_name="patrolplan",
            name="form_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="roundcheck",
            name="record",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="field.record",
            ),
        ),
    ]
