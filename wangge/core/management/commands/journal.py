"""`wangge journal`: how far the readers have come; resume one that stopped."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from wangge.core import clock, journal
from wangge.core.models import JournalEntry, ReaderState


class Command(BaseCommand):
    help = "查看日志读取进度，恢复停下的读取者。 See the journal's readers; resume one that stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--resume", metavar="NAME", help="let a reader that stopped go on")

    def handle(self, *args: Any, resume: str | None, **options: Any) -> None:
        if resume:
            if not ReaderState.objects.filter(pk=resume).exists():
                raise CommandError(f"没有名为 {resume} 的读取者。 There is no reader called {resume}.")
            journal.resume(resume)
        newest = JournalEntry.objects.order_by("-id").values_list("id", "at").first()
        self.stdout.write(f"newest entry: {newest[0]} at {clock.local(newest[1]):%F %T}" if newest else "no entry yet")
        for state in ReaderState.objects.order_by("name"):
            as_of = f"{clock.local(state.as_of):%F %T}" if state.as_of else "-"
            stopped = f"  STOPPED: {state.stopped_why}" if state.stopped_at else ""
            self.stdout.write(f"{state.name}: position {state.position}, as of {as_of}{stopped}")
