from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0047_category_successor")]
    operations = [
        migrations.AddField("attachment", "tells_itself", models.BooleanField(null=True)),
        migrations.AddIndex(
            "attachment",
            models.Index(
                "sha256",
                "at",
                name="attachment_same_file",
                condition=models.Q(kind="picture", case__isnull=False),
            ),
        ),
    ]
