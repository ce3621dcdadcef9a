from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0048_evidence_tells_itself")]
    operations = [
        migrations.AddIndex("whistle", models.Index("called_at", "id", name="whistle_called")),
        migrations.AddIndex(
            "whistle",
            models.Index(
                "called_at",
                name="whistle_open",
                condition=models.Q(ended_at__isnull=True, refused_at__isnull=True),
            ),
        ),
    ]
