"""Exports of the journal are among all exports now (insight); which there were before, and their hashes, the journal
says itself (`journal.export_made`)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_exports"), ("insight", "0002_one_way_of_exporting")]
    operations = [migrations.DeleteModel("JournalExport")]
