"""`wangge rollups check|rebuild`: are the kept figures what the base tables say; make them so."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from wangge.cases import rollups

TRIES = 5


class Command(BaseCommand):
    help = (
        "核对汇总数与原始数据是否一致（check），或从原始数据重算（rebuild）。"
        "Compare the kept figures with the cases, or recompute them."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["check", "rebuild"])

    def handle(self, *args: Any, **options: Any) -> None:
        if options["what"] == "rebuild":
            self._rebuild()
        differences = rollups.check()
        for one in differences:
            self.stdout.write(f"{one.table} {one.key}: kept {one.kept}, counted {one.counted}")
        if differences:
            raise CommandError(f"有 {len(differences)} 处不一致。{len(differences)} differences.")
        self.stdout.write("汇总数与原始数据一致，差异 0。The kept figures agree with the cases: no difference.")

    def _rebuild(self) -> None:
        for left in reversed(range(TRIES)):
            try:
                return rollups.rebuild()
            except OperationalError:  # the reader counted a batch meanwhile: begin again on a newer snapshot
                if not left:
                    raise
