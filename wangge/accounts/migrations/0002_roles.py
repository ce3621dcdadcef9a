"""The roles shipped, as rows; the values are those of the day this was written (permissions.py has today's)."""

from typing import Any

from django.db import migrations

# code, power, name_zh, name_en, permissions
ROLES: list[tuple[str, str, str, str, str]] = [
    (
        "grid_worker",
        "work",
        "网格员",
        "Grid worker",
        "case.handle case.read case.report case.self_handle case.whistle grid.read",
    ),
    (
        "grid_chief",
        "work",
        "网格长",
        "Grid chief",
        "case.hand_up case.handle case.read case.report case.self_handle case.whistle dashboard.read grid.read",
    ),
    (
        "community",
        "work",
        "社区",
        "Community",
        "case.accept case.archive case.dispatch case.export case.extend case.hand_up case.handle case.read case.reopen case.report case.review case.self_handle case.supervise case.whistle dashboard.read grid.read reporter.read team.edit whistle.confirm",
    ),
    (
        "street_seat",
        "work",
        "街道坐席",
        "Sub-district seat",
        "case.accept case.archive case.dispatch case.export case.extend case.hand_up case.handle case.read case.reopen case.report case.review case.supervise case.whistle dashboard.read grid.edit grid.read reporter.read team.edit whistle.confirm",
    ),
    (
        "district_seat",
        "work",
        "区坐席",
        "District seat",
        "case.accept case.archive case.dispatch case.export case.extend case.hand_up case.read case.reopen case.report case.review case.supervise dashboard.read grid.read reporter.read whistle.confirm",
    ),
    (
        "commander",
        "work",
        "指挥长",
        "Commander",
        "calendar.edit case.accept case.archive case.command case.dispatch case.export case.extend case.hand_up case.read case.reopen case.report case.review case.supervise category.edit dashboard.read grid.approve grid.read reporter.read rule.edit whistle.confirm",
    ),
    ("department_clerk", "work", "部门经办", "Department clerk", "case.handle case.read grid.read"),
    (
        "department_leader",
        "work",
        "部门负责人",
        "Department leader",
        "case.export case.handle case.read dashboard.read grid.read",
    ),
    ("assessor", "work", "考核员", "Assessor", "case.export case.read dashboard.read grid.read"),
    (
        "administrator",
        "administration",
        "系统管理员",
        "Administrator",
        "account.edit account.read calendar.edit category.edit grid.edit grid.read import.run rule.edit team.edit",
    ),
    ("security_officer", "security", "安全管理员", "Security officer", "account.read role.edit security.edit"),
    ("auditor", "audit", "审计管理员", "Auditor", "journal.read"),
]


def ship(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("accounts", "Role").objects.using(schema_editor.connection.alias)
    rows.bulk_create(
        rows.model(code=code, power=power, name_zh=zh, name_en=en, permissions=permissions.split())
        for code, power, zh, en, permissions in ROLES
    )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_tables")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop, elidable=False)]
