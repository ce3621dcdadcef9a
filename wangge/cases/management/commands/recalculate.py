"""`wangge recalculate`: count open cases' time limits again now, instead of waiting for the worker."""

from typing import Any

from tqdm import tqdm

from wangge.cases.actions.recount import count_again, stale_clocks
from wangge.cases.configuration import configuration
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.management.command import TerminalCommand
from wangge.either import either

BY = Actor.system("calendar")
AT_ONCE = 200


class Command(TerminalCommand):
    help = either(
        "按现行日历和督办规则重算在办案件的时限。", "Count open time limits again by today's calendar and rules."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(BY):
            total = stale_clocks(configuration()).count()
        done = 0
        with tqdm(total=total, unit="", disable=not total) as progress:
            while counted := self._batch():
                done += counted
                progress.update(counted)
        self.stdout.write(either(f"重算 {done} 项。", f"{done} counted again."))

    def _batch(self) -> int:
        with acting(BY):
            return count_again(by=BY, at=clock.now(), limit=AT_ONCE)
