"""`wangge openapi`: the OpenAPI document, for the generated client and for partners."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "输出接口说明 (OpenAPI)。 Write the OpenAPI document."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="where to; standard output when left out")
        parser.add_argument("--check", action="store_true", help="compare with FILE instead of writing it")

    def handle(self, *args: Any, file: Path | None, check: bool, **options: Any) -> None:
        from wangge.config.api import documented

        text = json.dumps(documented(), ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
        if file is None:
            sys.stdout.write(text)
        elif not check:
            file.write_text(text, encoding="utf-8")
        elif not file.is_file() or file.read_text(encoding="utf-8") != text:
            self.stderr.write(f"{file} 与代码不一致，请运行 wangge openapi {file}。 It is not in step with the code.")
            sys.exit(1)
