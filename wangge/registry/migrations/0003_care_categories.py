"""The statutory categories (product.md). Each with the provision it stands on; none other can be without one."""

from typing import Any

from django.db import migrations

APPROVAL = "随产品提供，启用前由本级主管部门核准"

# code, zh, en, legal basis, competent department, days between visits
CATEGORIES: list[tuple[str, str, str, str, str, int]] = [
    ("subsistence", "最低生活保障对象", "Subsistence allowance", "社会救助暂行办法 第二章", "民政", 90),
    ("extreme_poverty", "特困供养人员", "Support for extreme poverty", "社会救助暂行办法 第三章", "民政", 30),
    ("disability", "持证残疾人", "Persons with disabilities", "中华人民共和国残疾人保障法", "残联", 90),
    ("elderly_alone", "高龄独居老人", "Elderly living alone", "中华人民共和国老年人权益保障法", "民政", 15),
    (
        "child_in_need",
        "困境儿童、留守儿童",
        "Children in need or left behind",
        "中华人民共和国未成年人保护法 第九十一条、国发〔2016〕36号",
        "民政",
        30,
    ),
    ("veteran", "优抚对象", "Preferential treatment of veterans", "军人抚恤优待条例", "退役军人事务", 180),
    ("correction", "社区矫正对象", "Community correction", "中华人民共和国社区矫正法", "司法行政", 30),
    ("resettlement", "安置帮教对象", "Resettlement after release", "中华人民共和国监狱法 第三十七条", "司法行政", 60),
    (
        "rehabilitation",
        "社区戒毒、社区康复人员",
        "Community drug rehabilitation",
        "中华人民共和国禁毒法 第三十三条、第四十八条",
        "公安",
        30,
    ),
    (
        "mental_health",
        "严重精神障碍患者服务",
        "Severe mental disorder services",
        "中华人民共和国精神卫生法",
        "卫生健康",
        30,
    ),
]


def ship(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("registry", "CareCategory").objects.using(schema_editor.connection.alias)
    rows.bulk_create(
        rows.model(
            code=code, name_zh=zh, name_en=en, legal_basis=basis, approval=APPROVAL, department=department,
            interval_days=days,
        )
        for code, zh, en, basis, department, days in CATEGORIES
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_policies")]
    operations = [migrations.RunPython(ship, migrations.RunPython.noop, elidable=False)]
