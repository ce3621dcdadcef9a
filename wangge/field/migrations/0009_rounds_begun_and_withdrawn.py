from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0008_homes_unmarked"),
    ]

    operations = [
        migrations.AddField("patrolday", "withdrawn", models.SmallIntegerField(db_default=0, default=0)),
    ]
