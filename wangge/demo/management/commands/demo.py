"""`wangge demo`: a district of invented people, places and cases, to look at and to try things on."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from wangge.core.management.keys_at_hand import check_keys
from wangge.demo.filing import NoCategories
from wangge.demo.load import Loaded, NotEmpty, load


class Command(BaseCommand):
    help = "装入演示区：地名、人名、事件全部虚构 / load the demonstration district (all invented)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--small", action="store_true", help="两个街道、300 件 / two sub-districts, 300 cases")
        parser.add_argument(
            "--seed", type=int, default=20_260, help="同一种子，同一个区 / the same seed, the same district"
        )
        parser.add_argument("--if-empty", action="store_true", help="库非空时不做任何事 / do nothing unless empty")

    def handle(self, *args: Any, small: bool, seed: int, if_empty: bool, verbosity: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "演示账号只在演示模式下可用，请先设 WANGGE_DEMO=1。\n"
                "Its accounts work in demonstration mode only: set WANGGE_DEMO=1 first."
            )
        check_keys()
        try:
            loaded = load(small, seed, show=verbosity > 0)
        except NotEmpty:
            if if_empty:
                return
            raise CommandError(
                "数据库不是空的，演示数据只装入空库；可另设 WANGGE_HOME 再试。\n"
                "The database is not empty; the demonstration goes into an empty one (set another WANGGE_HOME)."
            ) from None
        except NoCategories as missing:
            raise CommandError(f"缺少示范类别，请先运行 wangge migrate / categories missing: {missing}") from None
        write_accounts(loaded, Path(settings.HOME) / "demo.json")
        self._tell(loaded)

    def _tell(self, loaded: Loaded) -> None:
        self.stdout.write(
            f"\n演示区已装入 loaded: {loaded.grids} 网格 grids, {loaded.workers} 人 workers, {loaded.cases} 件 cases\n"
            f"演示账号（只能从本机登录），密码 password: {loaded.password}\n"
        )
        for desk in loaded.accounts:
            self.stdout.write(f"  {desk.username:<14} {desk.role:<18} {desk.name}  {desk.unit_name}\n")


def write_accounts(loaded: Loaded, path: Path) -> None:
    """What `wangge up` shows below the address."""
    accounts = [{"username": desk.username, "role": desk.role, "name": desk.name} for desk in loaded.accounts]
    path.write_text(json.dumps({"password": loaded.password, "accounts": accounts}, ensure_ascii=False, indent=1))
