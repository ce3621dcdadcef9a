from django.db import migrations

# A city's history alone is more than a million; a serial that began again would meet imported cases of the same day.
RUN_ON = """
alter sequence case_serial no maxvalue no cycle;
alter sequence whistle_serial no maxvalue no cycle;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0044_charges_know_their_kind")]
    operations = [migrations.RunSQL(RUN_ON, migrations.RunSQL.noop)]
