"""`wangge suggestions evaluate --since 2026-06-01`: how good the suggested units would have been."""

import uuid
from argparse import ArgumentParser
from datetime import date
from typing import Any

from wangge.cases.suggestions import evaluate
from wangge.core import clock
from wangge.core.management.command import TerminalCommand
from wangge.either import either


class Command(TerminalCommand):
    help = either(
        "推荐承办单位的准确率：用 --since 之前一年的案件学习，在之后的案件上检验，互不重叠。",
        "How often the suggested unit was the one that had the case: learned from the year before --since, tried on "
        "what came after.",
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["evaluate"])
        since = either("检验从哪一天开始（YYYY-MM-DD）", "first day of the later part, YYYY-MM-DD")
        parser.add_argument("--since", type=date.fromisoformat, required=True, help=since)
        until = either("检验到哪一天之前，默认到现在", "the day after the last; now unless said")
        parser.add_argument("--until", type=date.fromisoformat, help=until)
        parser.add_argument(
            "--batch", type=uuid.UUID, help=either("只看某次导入的案件", "only the cases of one import")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        until = clock.day_start(options["until"]) if options["until"] else clock.now()
        found = evaluate(since=clock.day_start(options["since"]), until=until, batch=options["batch"])
        lines = [
            ("学习所用案件", "learned from", f"{found.learned_from}"),
            ("检验的案件", "tried on", f"{found.cases}"),
            ("给出推荐", "answered", f"{found.answered} ({found.share(found.answered):.1%})"),
            ("首选正确", "right at first", f"{found.first} ({found.share(found.first):.1%})"),
            ("前三含正确", "right among three", f"{found.among_three} ({found.share(found.among_three):.1%})"),
            ("其中规则命中", "by a rule", f"{found.by_rule} / {found.rules_asked}"),
            ("遇到失效规则", "met a broken rule", f"{found.broken}"),
            ("只猜最忙单位", "naming the busiest unit", f"{found.share(found.most_frequent):.1%}"),
        ]
        for zh, en, value in lines:
            self.stdout.write(f"{either(zh, en)}: {value}")
