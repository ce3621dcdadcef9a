import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0046_figures_by_hour_channel_outcome"),
    ]

    operations = [
        migrations.AddField(
            model_name="category",
            name="successor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="cases.category"
            ),
        ),
    ]
