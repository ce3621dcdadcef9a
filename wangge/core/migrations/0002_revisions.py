from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0001_journal")]
    operations = [
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(default=0)),
            ],
        ),
    ]
