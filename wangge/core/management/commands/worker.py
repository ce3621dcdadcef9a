"""`wangge worker`: deadlines, roll-ups, retention and whatever else an app names in its tasks.py."""

import os
import signal
import threading
from typing import Any

import structlog
from django.core.management.base import CommandParser

from wangge.core import duties, worker
from wangge.core.management.command import TerminalCommand
from wangge.core.management.keys_at_hand import check_keys
from wangge.either import either

log = structlog.get_logger()

BEHIND = 5  # whoever waits at a page comes first


class Command(TerminalCommand):
    help = either(
        "后台任务：超期、督办、汇总、归档、清理（up 会自动启动）。",
        "The background work alone: deadlines, supervision, roll-ups, archive, retention (up starts it by itself).",
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", nargs="*", metavar="DUTY", help=either("只做这些任务", "only these duties"))
        parser.add_argument("--list", action="store_true", help=either("列出各项任务", "list the duties"))

    def handle(self, *args: Any, **options: Any) -> None:
        found = duties.found()
        if options["list"]:
            for duty in found:
                self.stdout.write(f"{duty.name:<24} {duty.lane:<14} {duty.every.total_seconds():g} s")
            return
        if options["only"] is not None:
            found = [duty for duty in found if duty.name in options["only"]]
        check_keys()
        os.nice(BEHIND)
        stop = threading.Event()
        for order in (signal.SIGINT, signal.SIGTERM):
            signal.signal(order, lambda *_: stop.set())
        log.info("worker.started", duties=[duty.name for duty in found])
        worker.run(found, stop)
        log.info("worker.stopped")
