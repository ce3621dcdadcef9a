"""Nobody holds posts of two powers, whoever writes; and what partners sent once is remembered."""

import django.db.models.deletion
from django.db import migrations, models

# GB/T 22239-2019 8.1.4.2. The person's row is locked, so that two posts given at once see each other.
ONE_POWER = """
create function accounts_post_one_power() returns trigger language plpgsql as $$
begin
  if new.revoked_at is not null then return new; end if;
  perform 1 from accounts_user where id = new.user_id for no key update;
  if exists (
    select from accounts_post other
      join accounts_role mine on mine.id = new.role_id
      join accounts_role theirs on theirs.id = other.role_id
     where other.user_id = new.user_id and other.id <> new.id and other.revoked_at is null
       and daterange(other.valid_from, other.valid_to) && daterange(new.valid_from, new.valid_to)
       and theirs.power <> mine.power
  ) then
    raise exception 'posts of two powers' using errcode = 'check_violation', constraint = 'post_one_power';
  end if;
  return new;
end $$;
create trigger accounts_post_one_power after insert or update of user_id, role_id, valid_from, valid_to, revoked_at
  on accounts_post for each row execute function accounts_post_one_power();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_roles")]
    operations = [
        migrations.RunSQL(
            ONE_POWER,
            "drop trigger accounts_post_one_power on accounts_post; drop function accounts_post_one_power();",
        ),
        migrations.CreateModel(
            name="PartnerNonce",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nonce", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="nonces",
                        to="accounts.partnersystem",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("partner", "nonce"), name="partner_nonce_once")],
                "indexes": [models.Index(fields=["at"], name="accounts_nonce_at")],
            },
        ),
    ]
