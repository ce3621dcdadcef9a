from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_partner_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="post",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
    ]
