from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0006_when_points_were_dropped"),
    ]

    operations = [
        migrations.AlterField(
            model_name="round",
            name="state",
            field=models.TextField(
                choices=[
                    ("planned", "待巡查"),
                    ("begun", "巡查中"),
                    ("kept", "已完成"),
                    ("ended", "提前结束"),
                    ("missed", "未巡查"),
                    ("withdrawn", "已取消"),
                ],
                db_collation="C",
                default="planned",
            ),
        ),
    ]
