"""Duty, orders, announcements and meetings: which of the roles shipped may. A role a district has made is left alone."""

from typing import Any

from django.db import migrations

COMMAND = ("duty.edit", "order.give", "notice.publish", "meeting.hold")
GIVEN: dict[str, tuple[str, ...]] = {
    "community": COMMAND,
    "street_seat": COMMAND,
    "district_seat": COMMAND,
    "commander": COMMAND,
    "department_leader": ("duty.edit", "meeting.hold"),
    "administrator": ("notice.publish",),
}


def give(apps: Any, schema_editor: Any) -> None:
    roles = apps.get_model("accounts", "Role").objects.using(schema_editor.connection.alias)
    for role in roles.filter(code__in=GIVEN):
        role.permissions = sorted({*role.permissions, *GIVEN[role.code]})
        role.save(update_fields=["permissions"])


class Migration(migrations.Migration):
    dependencies = [("command", "0001_duty"), ("accounts", "0006_session_totp_at")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=False)]
