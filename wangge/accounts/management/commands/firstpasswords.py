"""`wangge firstpasswords FILE`: first passwords for every account that has none yet, into one file, once."""

import csv
import os
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.management.base import CommandError, CommandParser
from django.db.models import QuerySet
from tqdm import tqdm

from wangge.accounts.actions.people import give_first_passwords
from wangge.accounts.models import Unit, User
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.importing.export import csv_safe
from wangge.core.management.command import TerminalCommand
from wangge.either import either

HEADINGS = (either("用户名", "username"), either("姓名", "name"), either("初始密码", "first password"))


class Command(TerminalCommand):
    help = either(
        "给尚无密码的账号（刚导入的）发放初始密码，写入 file（只有本人可读），分发后请删除。",
        "First passwords for accounts that have none (imported ones), into a file for you alone; delete it after use.",
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        unit = either("只限此单位及下级（单位编码）", "only the unit of this code and those under it")
        parser.add_argument("--unit", help=unit, default="")

    def handle(self, *args: Any, **options: Any) -> None:
        users = User.objects.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX, is_active=True)
        if options["unit"]:
            users = users.filter(posts__unit__in=self._units(options["unit"])).distinct()
        ids = list(users.order_by("username").values_list("pk", flat=True))
        try:
            descriptor = os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            file, why = options["file"], error.strerror
            raise CommandError(either(f"不能写入 {file}：{why}", f"cannot write {file}: {why}")) from None
        with os.fdopen(descriptor, "w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADINGS)
            # One transaction each: what stands in the file is real, also after an interruption.
            for user_id in tqdm(ids, unit=either("人", " people"), disable=None):
                with acting(Actor.system("firstpasswords")) as by:
                    (first,) = give_first_passwords(user_ids=[user_id], by=by, at=clock.now())
                    writer.writerow([first.user.username, csv_safe(first.user.name), first.password])
                    file.flush()
        self.stdout.write(f"{len(ids)} {either('个账号', 'accounts')} → {options['file']}")

    def _units(self, code: str) -> QuerySet[Unit]:
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandError(either(f"没有单位“{code}”。", f"There is no unit {code!r}."))
        return Unit.objects.filter(path__startswith=unit.path)
