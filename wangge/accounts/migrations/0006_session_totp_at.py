from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_post_ended_at"),
    ]

    operations = [
        migrations.AddField(
            model_name="session",
            name="totp_at",
            field=models.DateTimeField(null=True),
        ),
    ]
