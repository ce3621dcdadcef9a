"""A house that was running before notices came is told of what happens from now on, not of all its history."""

from django.db import migrations

BEGIN = """
insert into core_journal_reader (name, finished) values ('notices', pg_current_snapshot()) on conflict do nothing
"""


class Migration(migrations.Migration):
    dependencies = [("command", "0004_orders_and_meetings"), ("core", "0001_journal")]
    operations = [migrations.RunSQL(BEGIN, migrations.RunSQL.noop)]
