"""`wangge recalculate`: count open cases' time limits again now, instead of waiting for the worker."""

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from wangge.cases.actions.recount import count_again, stale_clocks
from wangge.cases.configuration import configuration
from wangge.core import clock
from wangge.core.actor import Actor, acting

BY = Actor.system("calendar")
AT_ONCE = 200


class Command(BaseCommand):
    help = "按现行日历和督办规则重算在办案件的时限。Count open time limits again by today's calendar and rules."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        with acting(BY):
            total = stale_clocks(configuration()).count()
        done = 0
        with tqdm(total=total, unit="", disable=not total) as progress:
            while counted := self._batch():
                done += counted
                progress.update(counted)
        self.stdout.write(f"重算 {done} 项。{done} counted again.")

    def _batch(self) -> int:
        with acting(BY):
            return count_again(by=BY, at=clock.now(), limit=AT_ONCE)
