"""Row-level security under who reported, what they sent and how they rated; the serial of case numbers."""

from django.db import migrations

NOT_COMPLAINED_OF = "not (complained_root <> '' and starts_with(actor_unit(), complained_root))"

CHARGED = """exists (select from cases_assignment a where a.case_id = {table}.case_id and a.unit_path >= actor_unit()
  and a.unit_path < actor_unit() || '~' and actor_unit() <> '-')"""

SOMEBODY = "actor_kind() not in ('', 'nobody')"

POLICIES = f"""
create sequence case_serial maxvalue 999999 cycle;
create sequence whistle_serial maxvalue 999999 cycle;

alter table cases_reporter enable row level security;
create policy reporter_read on cases_reporter for select using (
  actor_is_system() or (actor_may('reporter.read') and actor_covers(code) and {NOT_COMPLAINED_OF})
);
create policy reporter_made on cases_reporter for insert with check ({SOMEBODY});
create policy reporter_changed on cases_reporter for update using (actor_is_system());
create policy reporter_erased on cases_reporter for delete using (actor_is_system());

alter table cases_rating enable row level security;
create policy rating_read on cases_rating for select using (
  actor_is_system() or (actor_covers(code) and {NOT_COMPLAINED_OF})
);
create policy rating_made on cases_rating for insert with check ({SOMEBODY});
create policy rating_changed on cases_rating for update using (actor_is_system());
create policy rating_erased on cases_rating for delete using (actor_is_system());

alter table cases_attachment enable row level security;
create policy attachment_read on cases_attachment for select using (
  actor_is_system()
  or (case_id is null and by_post::text = current_setting('wangge.post', true))
  or (case_id is not null
      and (actor_covers(code) or {CHARGED.format(table="cases_attachment")})
      and (not from_reporter or is_released or {NOT_COMPLAINED_OF}))
);
create policy attachment_made on cases_attachment for insert with check ({SOMEBODY});
create policy attachment_changed on cases_attachment for update using (
  actor_is_system()
  or (case_id is null and by_post::text = current_setting('wangge.post', true))
  or (case_id is not null and actor_covers(code))
) with check ({SOMEBODY});
create policy attachment_erased on cases_attachment for delete using (actor_is_system());
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_tables")]
    operations = [migrations.RunSQL(POLICIES)]
