"""What rows of a file are found by: the address of a building, the name of an organisation without a code.

The index of birthdays goes: nothing asks the whole city for a birthday, and every person written paid for it.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0007_told_apart")]
    operations = [
        migrations.RemoveIndex(model_name="person", name="registry_person_born"),
        migrations.AddIndex("building", models.Index(models.F("address_key"), name="registry_building_key")),
        migrations.AddIndex(
            "organisation",
            models.Index(
                models.F("name"), name="registry_organisation_uncoded", condition=models.Q(("credit_code", ""))
            ),
        ),
    ]
