from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_one_power"),
    ]

    operations = [
        migrations.AddField(
            model_name="partnersystem",
            name="old_key_sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="partnersystem",
            name="old_key_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="partnersystem",
            name="old_key_used_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddConstraint(
            model_name="partnersystem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("old_key_sealed__isnull", True), ("old_key_until__isnull", True)),
                    models.Q(("old_key_sealed__isnull", False), ("old_key_until__isnull", False)),
                    _connector="OR",
                ),
                name="partner_old_key_has_an_end",
            ),
        ),
    ]
