"""Staged rows lie sealed. What was staged in clear is checked once more: its file is still there."""

from django.db import migrations, models

AGAIN = """
update imports_batch set state = 'received', rows_staged = 0, staged_to = 0, attempts = 0, failure = null
 where state in ('staging', 'staged', 'applying', 'failed')
   and exists (select from imports_stagedpage p where p.batch_id = imports_batch.id)
"""
AS_IT_IS = "alter table imports_stagedpage alter column sealed set storage external"


class Migration(migrations.Migration):
    dependencies = [("imports", "0005_staged_in_pages")]
    operations = [
        migrations.RunSQL(AGAIN, migrations.RunSQL.noop),
        migrations.RunSQL("truncate imports_stagedpage", migrations.RunSQL.noop),
        migrations.RemoveField("stagedpage", "rows"),
        migrations.AddField("stagedpage", "sealed", models.BinaryField(default=b""), preserve_default=False),
        migrations.RunSQL(AS_IT_IS, migrations.RunSQL.noop),
    ]
