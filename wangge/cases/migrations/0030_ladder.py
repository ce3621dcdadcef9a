"""When each clock's next step of supervision is due, what waits to be archived, and a ladder to start from."""

from typing import Any

from django.db import migrations, models
from django.db.models import Q

# A proposal; no regulation fixes these times, and a district sets its own (rules/supervision.py, default_rules).
# step, share of the limit used, or how long overdue
HANDLE = (
    (1, 0.7, "", None),
    (2, 1.0, "", None),
    (3, None, "work_hours", 4),
    (4, None, "work_days", 1),
    (5, None, "work_days", 3),
)


def start_with_a_ladder(apps: Any, schema_editor: Any) -> None:
    rule = apps.get_model("cases", "SupervisionRule")
    if rule.objects.exists():
        return
    rule.objects.bulk_create(
        rule(stage="handle", step=step, fraction=fraction, after_kind=kind, after_amount=amount)
        for step, fraction, kind, amount in HANDLE
    )


class Migration(migrations.Migration):
    dependencies = [("cases", "0020_looks_and_attempts")]
    operations = [
        migrations.AddField("deadline", "ladder_step", models.SmallIntegerField(default=0)),
        migrations.AddField("deadline", "ladder_at", models.DateTimeField(null=True)),
        migrations.AddField("deadline", "ladder_by", models.TextField(blank=True, default="")),
        migrations.AddIndex(
            "deadline",
            models.Index(
                models.F("ladder_at"),
                name="deadline_ladder",
                condition=Q(met_at__isnull=True, dropped_at__isnull=True, ladder_at__isnull=False),
            ),
        ),
        migrations.AddIndex(
            "case", models.Index(models.F("closed_at"), name="case_to_archive", condition=Q(state="closed"))
        ),
        migrations.RunPython(start_with_a_ladder, migrations.RunPython.noop),
    ]
