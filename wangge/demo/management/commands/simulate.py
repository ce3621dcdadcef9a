"""`wangge simulate`: the demonstration accounts at work, through the public API alone."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from tqdm import tqdm

from wangge.core.management.command import TerminalCommand
from wangge.demo.simulate.browser import NoAnswer
from wangge.demo.simulate.directory import NoDistrict
from wangge.demo.simulate.killing import NobodyToKill
from wangge.demo.simulate.laps import Laps, run_laps
from wangge.demo.simulate.ledger import Ledger
from wangge.demo.simulate.run import Wish, simulate
from wangge.either import either


class Command(TerminalCommand):
    help = either("以演示账号通过接口模拟工作日。", "Live through working days as the demonstration accounts.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        hours = either("模拟多少小时，默认 8", "hours to live through, 8 unless said")
        parser.add_argument("--hours", type=float, default=8, help=hours)
        speed = either("快多少倍，默认 60", "how much faster than life, 60 unless said")
        parser.add_argument("--speed", type=float, default=60, help=speed)
        url = either("系统地址，默认 %(default)s", "address of the platform, %(default)s unless said")
        parser.add_argument("--url", default=f"http://127.0.0.1:{settings.PORT}", help=url)
        rate = either("每小时上报件数，默认 24", "reports in an hour, 24 unless said")
        parser.add_argument("--rate", type=float, default=24, help=rate)
        seed = either("同一种子，同样的一天", "the same seed, the same day")
        parser.add_argument("--seed", type=int, default=1, help=seed)
        kill = either("随机终止 wangge up 的进程", "kill -9 processes of wangge up")
        parser.add_argument("--kill-random", action="store_true", help=kill)
        laps = either("尽快走完 N 件全程", "N whole lifecycles, flat out")
        parser.add_argument("--lifecycles", type=int, default=0, metavar="N", help=laps)
        beside = either("同时几个连接，与 --lifecycles 同用", "connections at once, with --lifecycles")
        parser.add_argument("--connections", type=int, default=16, help=beside)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines, is_good = _laps(options) if options["lifecycles"] else _days(options)
        except (NoDistrict, NoAnswer) as why:
            raise CommandError(
                either(
                    f"{options['url']} 没有可用的演示区（{why}）；请先运行 wangge up。",
                    f"No demonstration district answers at {options['url']} ({why}); start it with wangge up first.",
                )
            ) from None
        except NobodyToKill:
            raise CommandError(either("没有找到正在运行的 wangge up。", "No running wangge up was found.")) from None
        self.stdout.write("\n".join(lines) + "\n")
        if not is_good:
            raise CommandError(either("模拟中有错误，见上。", "There were errors, see above."))


def _days(options: dict[str, Any]) -> tuple[list[str], bool]:
    wish = Wish(
        url=options["url"],
        hours=options["hours"],
        speed=options["speed"],
        rate=options["rate"],
        seed=options["seed"],
        kill_in=Path(settings.HOME) if options["kill_random"] else None,
    )
    with tqdm(total=round(options["hours"] * 60), unit=either("分钟", "min"), disable=options["verbosity"] < 1) as bar:

        def tell(ledger: Ledger, now_s: float) -> None:
            bar.update(min(int(now_s / 60), bar.total) - bar.n)
            reported, completed = len(ledger.cases), ledger.completed
            said = either(f"上报 {reported} 办结 {completed}", f"reported {reported} completed {completed}")
            bar.set_postfix_str(said, refresh=False)

        outcome = simulate(wish, tell=tell)
    return outcome.lines, outcome.is_good


def _laps(options: dict[str, Any]) -> tuple[list[str], bool]:
    laps = Laps(
        url=options["url"], count=options["lifecycles"], connections=options["connections"], seed=options["seed"]
    )
    outcome = run_laps(laps)
    return outcome.lines, outcome.is_good
