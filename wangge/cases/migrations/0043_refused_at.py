from django.db import migrations, models
from django.db.models import Q

# Nothing can be done with a refused case, so it changed last when it was refused (or its grid was redrawn since).
SINCE = "update cases_case set refused_at = changed_at where state = 'refused'"


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0042_imported_backlog"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="refused_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(SINCE, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_closed_has_outcome",
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=Q(
                    Q(
                        ("state__in", ["closed", "archived"]),
                        Q(("outcome", ""), _negated=True),
                        closed_at__isnull=False,
                    ),
                    Q(("state", "archived"), ("outcome", ""), ("refused_at__isnull", False)),
                    Q(("state__in", ["closed", "archived"]), _negated=True),
                    _connector="OR",
                ),
                name="case_ended_says_how",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(models.F("refused_at"), condition=Q(state="refused"), name="case_refused_to_archive"),
        ),
    ]
