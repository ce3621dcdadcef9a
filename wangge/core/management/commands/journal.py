"""`wangge journal`: how far the readers have come; resume one that stopped."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from wangge.core import clock, journal
from wangge.core.management.command import TerminalCommand
from wangge.core.models import JournalEntry, ReaderState
from wangge.either import either


class Command(TerminalCommand):
    help = either("查看日志读取进度，恢复停下的读取者。", "See the journal's readers; resume one that stopped.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--resume", metavar="NAME", help=either("恢复停下的读取者", "let a reader that stopped go on")
        )

    def handle(self, *args: Any, resume: str | None, **options: Any) -> None:
        if resume:
            if not ReaderState.objects.filter(pk=resume).exists():
                raise CommandError(either(f"没有名为 {resume} 的读取者。", f"There is no reader called {resume}."))
            journal.resume(resume)
        newest = JournalEntry.objects.order_by("-id").values_list("id", "at").first()
        if newest:
            when = f"{clock.local(newest[1]):%F %T}"
            self.stdout.write(either(f"最新一条：{newest[0]}，{when}", f"newest entry: {newest[0]} at {when}"))
        else:
            self.stdout.write(either("还没有日志", "no entry yet"))
        for state in ReaderState.objects.order_by("name"):
            as_of = f"{clock.local(state.as_of):%F %T}" if state.as_of else "-"
            stopped = f"  {either('已停下', 'STOPPED')}: {state.stopped_why}" if state.stopped_at else ""
            line = either(f"位置 {state.position}，数据截至 {as_of}", f"position {state.position}, as of {as_of}")
            self.stdout.write(f"{state.name}: {line}{stopped}")
