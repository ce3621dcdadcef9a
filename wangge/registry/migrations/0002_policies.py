"""Row-level security on people's data (ADR 20). Settings are asked once for a statement, hence the sub-selects.

Buildings, organisations, places, facilities and the keyed tokens stand without: no personal data, and the indexes of
their searches (trigrams) are not used under a policy, because their operators are not leakproof.
"""

from django.db import migrations

IN_GRID = (
    "registry_dwelling",
    "registry_person",
    "registry_residence",
    "registry_household",
    "registry_member",
    "registry_organisationperson",
    "registry_change",
    "registry_difference",
    "registry_merge",
)

OF_A_GRID = """
alter table {table} enable row level security;
create policy {table}_read on {table} for select using (
  (select actor_is_system()) or ((select actor_may('registry.read')) and actor_covers(code))
);
create policy {table}_made on {table} for insert with check (
  (select actor_is_system()) or ((select actor_may('registry.edit')) and actor_covers(code))
);
create policy {table}_changed on {table} for update using (
  (select actor_is_system()) or ((select actor_may('registry.edit')) and actor_covers(code))
);
create policy {table}_erased on {table} for delete using ((select actor_is_system()));
"""

MINE = """
  (select actor_may('care.read')) and (
    (unit_path >= (select actor_unit()) and unit_path < (select actor_unit()) || '~' and (select actor_unit()) <> '-'
     and (select actor_unit_is_department()))
    or nullif(current_setting('wangge.post', true), '')::bigint = any (posts)
  )
"""

OF_CARE = f"""
create function actor_unit_is_department() returns boolean language sql stable as
  $$ select exists (select from accounts_unit where path = actor_unit() and kind <> 'centre') $$;

alter table registry_care enable row level security;
create policy care_read on registry_care for select using ((select actor_is_system()) or ({MINE}));
create policy care_made on registry_care for insert with check ((select actor_is_system()));
create policy care_changed on registry_care for update using ((select actor_is_system()));
create policy care_erased on registry_care for delete using ((select actor_is_system()));
"""

# Through the care row, which is asked under its own policy.
WITH_CARE = """
alter table {table} enable row level security;
create policy {table}_read on {table} for select using (
  (select actor_is_system()) or exists (select from registry_care c where c.id = care_id)
);
create policy {table}_made on {table} for insert with check ((select actor_is_system()));
create policy {table}_changed on {table} for update using ((select actor_is_system()));
create policy {table}_erased on {table} for delete using ((select actor_is_system()));
"""

SQL = "".join(
    (
        *(OF_A_GRID.format(table=table) for table in IN_GRID),
        OF_CARE,
        *(WITH_CARE.format(table=table) for table in ("registry_carehelper", "registry_carevisit")),
    )
)


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_tables"), ("accounts", "0011_registry")]
    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
