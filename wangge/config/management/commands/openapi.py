"""`wangge openapi`: the OpenAPI document, for the generated client and for partners."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from wangge.core.management.command import TerminalCommand
from wangge.either import either


class Command(TerminalCommand):
    help = either("输出接口说明（OpenAPI）。", "Write the OpenAPI document.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        file = either("写到哪里；不写则为标准输出", "where to; standard output when left out")
        parser.add_argument("file", nargs="?", type=Path, help=file)
        check = either("与 file 比较，不写入", "compare with the file instead of writing it")
        parser.add_argument("--check", action="store_true", help=check)

    def handle(self, *args: Any, file: Path | None, check: bool, **options: Any) -> None:
        from wangge.config.api import documented

        text = json.dumps(documented(), ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"
        if file is None:
            sys.stdout.write(text)
        elif not check:
            file.write_text(text, encoding="utf-8")
        elif not file.is_file() or file.read_text(encoding="utf-8") != text:
            zh = f"{file} 与代码不一致，请运行 wangge openapi {file}。"
            self.stderr.write(either(zh, f"{file} is not in step with the code: run wangge openapi {file}."))
            sys.exit(1)
