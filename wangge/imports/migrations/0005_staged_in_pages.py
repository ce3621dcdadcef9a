"""Staged rows lie in pages of a few thousand. What was staged row by row is checked once more: its file is still there."""

from django.db import migrations, models

AGAIN = """
update imports_batch set state = 'received', rows_staged = 0, staged_to = 0, attempts = 0, failure = null
 where state in ('staging', 'staged', 'applying', 'failed')
   and exists (select from imports_stagedrow r where r.batch_id = imports_batch.id)
"""
# Pages are read whole, and once: compressing them would cost more than it saves.
AS_IT_IS = "alter table imports_stagedpage alter column rows set storage external"


class Migration(migrations.Migration):
    dependencies = [("imports", "0004_sent_by_partners")]
    operations = [
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
        migrations.DeleteModel("StagedRow"),
        migrations.CreateModel(
            name="StagedPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first", models.IntegerField()),
                ("count", models.IntegerField()),
                ("rows", models.TextField()),
                ("batch", models.ForeignKey("imports.batch", on_delete=models.CASCADE, related_name="pages")),
            ],
            options={
                "ordering": ["batch", "first"],
                "constraints": [models.UniqueConstraint(fields=("batch", "first"), name="staged_page_once")],
            },
        ),
        migrations.RunSQL(AS_IT_IS, migrations.RunSQL.noop),
    ]
