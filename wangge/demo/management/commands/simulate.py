"""`wangge simulate`: the demonstration accounts at work, through the public API alone."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from wangge.demo.simulate.browser import NoAnswer
from wangge.demo.simulate.directory import NoDistrict
from wangge.demo.simulate.killing import NobodyToKill
from wangge.demo.simulate.laps import Laps, run_laps
from wangge.demo.simulate.ledger import Ledger
from wangge.demo.simulate.run import Wish, simulate


class Command(BaseCommand):
    help = "以演示账号通过接口模拟工作日 / live through working days as the demonstration accounts"
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--hours", type=float, default=8, help="模拟多少小时 / hours to live through")
        parser.add_argument("--speed", type=float, default=60, help="快多少倍 / how much faster than life")
        parser.add_argument("--url", default=f"http://127.0.0.1:{settings.PORT}")
        parser.add_argument("--rate", type=float, default=24, help="每小时上报件数 / reports in an hour")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--kill-random", action="store_true", help="随机终止 wangge up 的进程 / kill -9 processes of wangge up"
        )
        parser.add_argument(
            "--lifecycles", type=int, default=0, help="尽快走完 N 件全程 / N whole lifecycles, flat out"
        )
        parser.add_argument("--connections", type=int, default=16, help="与 --lifecycles 同用 / with --lifecycles")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines, is_good = _laps(options) if options["lifecycles"] else _days(options)
        except (NoDistrict, NoAnswer) as why:
            raise CommandError(
                f"{options['url']} 没有可用的演示区（{why}）；请先运行 wangge up。\n"
                f"No demonstration district answers there ({why}); start it with wangge up first."
            ) from None
        except NobodyToKill:
            raise CommandError("没有找到正在运行的 wangge up / no running wangge up was found") from None
        self.stdout.write("\n".join(lines) + "\n")
        if not is_good:
            raise CommandError("模拟中有错误，见上 / there were errors, see above")


def _days(options: dict[str, Any]) -> tuple[list[str], bool]:
    wish = Wish(
        url=options["url"],
        hours=options["hours"],
        speed=options["speed"],
        rate=options["rate"],
        seed=options["seed"],
        kill_in=Path(settings.HOME) if options["kill_random"] else None,
    )
    with tqdm(total=round(options["hours"] * 60), unit="min", disable=options["verbosity"] < 1) as bar:

        def tell(ledger: Ledger, now_s: float) -> None:
            bar.update(min(int(now_s / 60), bar.total) - bar.n)
            bar.set_postfix_str(f"上报 {len(ledger.cases)} 办结 {ledger.completed}", refresh=False)

        outcome = simulate(wish, tell=tell)
    return outcome.lines, outcome.is_good


def _laps(options: dict[str, Any]) -> tuple[list[str], bool]:
    laps = Laps(
        url=options["url"], count=options["lifecycles"], connections=options["connections"], seed=options["seed"]
    )
    outcome = run_laps(laps)
    return outcome.lines, outcome.is_good
