"""A part ends with its organisation at the latest, and what it held of somebody after its time (actions/retention.py)."""

from django.db import migrations, models

# Until now they stood open in organisations that were gone, and would have been kept for ever.
END_WITH_THEM = """
update registry_organisationperson p set to_date = greatest((o.ended_at at time zone 'Asia/Shanghai')::date, p.from_date)
  from registry_organisation o where o.id = p.organisation_id and o.ended_at is not null and p.to_date is null
"""


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0013_ended_people"),
    ]

    operations = [
        migrations.RunSQL(END_WITH_THEM, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="organisationperson",
            name="erased_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="organisationperson",
            name="phone_emptied_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="organisationperson",
            index=models.Index(
                models.F("to_date"),
                condition=models.Q(("erased_at__isnull", True), ("to_date__isnull", False)),
                name="registry_part_ended",
            ),
        ),
        migrations.AddIndex(
            model_name="organisationperson",
            index=models.Index(
                models.F("phone_emptied_at"),
                condition=models.Q(("phone_emptied_at__isnull", False)),
                name="registry_part_emptied",
            ),
        ),
        migrations.AddConstraint(
            model_name="organisationperson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(("name", ""), ("person__isnull", True), ("phone_sealed__isnull", True)),
                    _connector="OR",
                ),
                name="organisation_person_erased_is_empty",
            ),
        ),
    ]
