from django.db import migrations, models
from django.db.models import DO_NOTHING

# Whoever writes a charge, and whoever corrects a case: the copies are the database's own affair.
COPIES = """
create function assignment_copies() returns trigger language plpgsql as $$
begin
  select c.category_id, c.source into new.category_id, new.source from cases_case c where c.id = new.case_id;
  new.source := coalesce(new.source, '');
  return new;
end $$;
create trigger assignment_copies before insert on cases_assignment
  for each row execute function assignment_copies();

create function assignment_follows() returns trigger language plpgsql as $$
begin
  update cases_assignment set category_id = new.category_id, source = new.source where case_id = new.id;
  return null;
end $$;
create trigger assignment_follows after update of category_id, source on cases_case
  for each row when (old.category_id is distinct from new.category_id or old.source <> new.source)
  execute function assignment_follows();
"""
NO_COPIES = """
drop trigger assignment_follows on cases_case;
drop trigger assignment_copies on cases_assignment;
drop function assignment_follows;
drop function assignment_copies;
"""
FILL = """
update cases_assignment a set category_id = c.category_id, source = c.source from cases_case c where c.id = a.case_id
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0043_refused_at")]

    operations = [
        migrations.RemoveIndex(model_name="assignment", name="assignment_unit"),
        migrations.AddField(
            model_name="assignment",
            name="category",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=DO_NOTHING,
                related_name="+",
                to="cases.category",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="source",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                fields=["unit_path", "reported_at", "case"], include=("category", "source"), name="assignment_unit"
            ),
        ),
        migrations.RunSQL(COPIES, NO_COPIES),
    ]
