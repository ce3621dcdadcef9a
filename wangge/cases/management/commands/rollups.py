"""`wangge rollups check|rebuild`: are the kept figures what the base tables say; make them so."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.db import OperationalError

from wangge.cases import rollups
from wangge.core.management.command import TerminalCommand
from wangge.either import either

TRIES = 5


class Command(TerminalCommand):
    help = either(
        "核对汇总数与原始数据是否一致（check），或从原始数据重算（rebuild）。",
        "Compare the kept figures with the cases, or recompute them.",
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["check", "rebuild"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "rebuild":
            self._rebuild()
        differences = rollups.check()
        for one in differences:
            said = either(f"汇总 {one.kept}，实数 {one.counted}", f"kept {one.kept}, counted {one.counted}")
            self.stdout.write(f"{one.table} {one.key}: {said}")
        if differences:
            count = len(differences)
            raise CommandError(either(f"有 {count} 处不一致。", f"{count} differences."))
        self.stdout.write(
            either("汇总数与原始数据一致，差异 0。", "The kept figures agree with the cases: no difference.")
        )

    def _rebuild(self) -> None:
        for left in reversed(range(TRIES)):
            try:
                return rollups.rebuild()
            except OperationalError:  # the reader counted a batch meanwhile: begin again on a newer snapshot
                if not left:
                    raise
