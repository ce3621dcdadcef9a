"""`wangge demo`: a district of invented people, places and cases, to look at and to try things on."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from wangge.core.management.command import TerminalCommand
from wangge.core.management.keys_at_hand import check_keys
from wangge.demo.filing import NoCategories
from wangge.demo.load import Loaded, NotEmpty, load
from wangge.either import either


class Command(TerminalCommand):
    help = either("装入演示区：地名、人名、事件全部虚构。", "Load the demonstration district (all invented).")

    def add_arguments(self, parser: ArgumentParser) -> None:
        size = either("两个街道、300 件", "two sub-districts, 300 cases")
        parser.add_argument("--small", action="store_true", help=size)
        same = either("同一种子，同一个区", "the same seed, the same district")
        parser.add_argument("--seed", type=int, default=20_260, help=same)
        empty = either("库非空时不做任何事", "do nothing unless the database is empty")
        parser.add_argument("--if-empty", action="store_true", help=empty)

    def handle(self, *args: Any, small: bool, seed: int, if_empty: bool, verbosity: int, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                either(
                    "演示账号只在演示模式下可用，请先设 WANGGE_DEMO=1。",
                    "Its accounts work in demonstration mode only: set WANGGE_DEMO=1 first.",
                )
            )
        check_keys()
        try:
            loaded = load(small, seed, show=verbosity > 0)
        except NotEmpty:
            if if_empty:
                return
            raise CommandError(
                either(
                    "数据库不是空的，演示数据只装入空库；可另设 WANGGE_HOME 再试。",
                    "The database is not empty; the demonstration goes into an empty one (set another WANGGE_HOME).",
                )
            ) from None
        except NoCategories as missing:
            zh = f"缺少示范类别 {missing}，请先运行 wangge migrate。"
            raise CommandError(either(zh, f"Categories are missing: {missing}. Run wangge migrate first.")) from None
        write_accounts(loaded, Path(settings.HOME) / "demo.json")
        self._tell(loaded)

    def _tell(self, loaded: Loaded) -> None:
        self.stdout.write(
            either(
                f"\n演示区已装入：{loaded.grids} 个网格，{loaded.workers} 名网格员，{loaded.cases} 件\n"
                f"演示账号（只能从本机登录），密码：{loaded.password}\n",
                f"\nloaded: {loaded.grids} grids, {loaded.workers} workers, {loaded.cases} cases\n"
                f"demonstration accounts (from this machine only), password: {loaded.password}\n",
            )
        )
        for desk in loaded.accounts:
            self.stdout.write(f"  {desk.username:<14} {desk.role:<18} {desk.name}  {desk.unit_name}\n")


def write_accounts(loaded: Loaded, path: Path) -> None:
    """What `wangge up` shows below the address."""
    accounts = [{"username": desk.username, "role": desk.role, "name": desk.name} for desk in loaded.accounts]
    path.write_text(json.dumps({"password": loaded.password, "accounts": accounts}, ensure_ascii=False, indent=1))
