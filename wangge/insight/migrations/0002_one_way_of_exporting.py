"""Exports of every room are kept here: with their hash, and the signed statement where a room signs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_exports")]

    operations = [
        migrations.RenameField("export", "started_at", "told_at"),
        migrations.AlterField("export", "kind", models.TextField()),
        migrations.AddField("export", "code", models.TextField(blank=True, db_collation="C", default="")),
        migrations.AddField("export", "sha256", models.TextField(blank=True, default="")),
        migrations.AddField("export", "is_cut", models.BooleanField(default=False)),
        migrations.AddField("export", "statement", models.JSONField(null=True)),
        migrations.AddField("export", "tries", models.SmallIntegerField(default=0)),
    ]
