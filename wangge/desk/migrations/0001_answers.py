import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

# Questions name people, and who asked is sealed: the same lines as `visible_to` of both.
POLICIES = """
alter table desk_consultation enable row level security;
create policy consultation_read on desk_consultation for select using (
  actor_is_system() or by_post::text = current_setting('wangge.post', true)
  or (actor_may('case.accept') and actor_covers(code))
);
create policy consultation_made on desk_consultation for insert with check (actor_kind() not in ('', 'nobody'));
create policy consultation_erased on desk_consultation for delete using (actor_is_system());

alter table desk_asker enable row level security;
create policy asker_read on desk_asker for select using (
  actor_is_system() or (actor_may('reporter.read') and actor_covers(code))
);
create policy asker_made on desk_asker for insert with check (actor_kind() not in ('', 'nobody'));
create policy asker_erased on desk_asker for delete using (actor_is_system());
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0007_answer_edit"),
        ("cases", "0045_serials_run_on"),
    ]

    operations = [
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.TextField(db_collation="C")),
                ("title_zh", models.TextField()),
                ("title_en", models.TextField(blank=True, default="")),
                ("text_zh", models.TextField()),
                ("text_en", models.TextField(blank=True, default="")),
                (
                    "keywords",
                    django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list, size=None),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("tokens", django.contrib.postgres.search.SearchVectorField()),
                ("version", models.IntegerField(default=1)),
                ("changed_at", models.DateTimeField()),
                ("changed_by", models.TextField(blank=True, default="")),
                (
                    "category",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.category"
                    ),
                ),
            ],
            options={
                "ordering": ["title_zh", "id"],
            },
        ),
        migrations.CreateModel(
            name="AnswerVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.IntegerField()),
                ("values", models.JSONField()),
                ("restored", models.IntegerField(null=True)),
                ("by_user", models.BigIntegerField(null=True)),
                ("by_name", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="versions", to="desk.answer"
                    ),
                ),
            ],
            options={
                "ordering": ["answer", "-number"],
            },
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("source", models.TextField(db_collation="C")),
                ("question", models.TextField()),
                ("answer_version", models.IntegerField(null=True)),
                ("told", models.TextField(blank=True, default="")),
                ("code", models.TextField(db_collation="C")),
                ("by_user", models.BigIntegerField(null=True)),
                ("by_post", models.BigIntegerField(null=True)),
                ("by_name", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
                (
                    "answer",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="desk.answer",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.category",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Asker",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.TextField(blank=True, default="")),
                ("phone_sealed", models.BinaryField(null=True)),
                ("phone_hash", models.BinaryField(null=True)),
                ("phone_masked", models.TextField(blank=True, default="")),
                ("code", models.TextField(db_collation="C")),
                ("at", models.DateTimeField()),
                (
                    "consultation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="asker", to="desk.consultation"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "id"],
            },
        ),
        migrations.AddIndex(
            model_name="answer",
            index=django.contrib.postgres.indexes.GinIndex(fields=["tokens"], name="answer_tokens"),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(models.F("code"), name="answer_code"),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="answer_period",
            ),
        ),
        migrations.AddConstraint(
            model_name="answerversion",
            constraint=models.UniqueConstraint(fields=("answer", "number"), name="answer_version_once"),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(models.F("at"), models.F("id"), name="consultation_newest"),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(models.F("code"), models.F("at"), name="consultation_code"),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(models.F("answer"), models.F("at"), name="consultation_answer"),
        ),
        migrations.AddConstraint(
            model_name="consultation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer__isnull", False), ("answer_version__isnull", False)),
                    models.Q(
                        ("answer__isnull", True),
                        ("answer_version__isnull", True),
                        models.Q(("told", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="consultation_says_what_was_told",
            ),
        ),
        migrations.AddIndex(
            model_name="asker",
            index=models.Index(
                models.F("phone_hash"),
                models.F("at"),
                condition=models.Q(("phone_hash__isnull", False)),
                name="asker_phone",
            ),
        ),
        migrations.AddIndex(
            model_name="asker",
            index=models.Index(models.F("at"), name="asker_at"),
        ),
        migrations.AddConstraint(
            model_name="asker",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("phone_hash__isnull", True), ("phone_sealed__isnull", True)),
                    models.Q(("phone_hash__isnull", False), ("phone_sealed__isnull", False)),
                    _connector="OR",
                ),
                name="asker_phone_in_pairs",
            ),
        ),
        migrations.RunSQL(POLICIES),
    ]
