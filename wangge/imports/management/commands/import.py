"""`wangge import KIND FILE`: check, show the report, ask, stage with a progress bar, apply."""

import argparse
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.errors import DomainError
from wangge.core.importing.export import csv_lines
from wangge.core.importing.importer import importers, options_of
from wangge.core.management.keys_at_hand import check_keys
from wangge.imports import actions, files, queries, running
from wangge.imports.models import WAITING, Batch, RowFault
from wangge.imports.reading import mapping_named

BY = Actor.system("wangge import")
SHOWN_FAULTS = 20
ASK_EVERY_S = 0.5
EPILOG = """例子 examples:
  wangge import divisions areas.csv --check
  wangge import divisions villages.csv.gz --mapping "code=社区代码,name=社区" --yes
  wangge import divisions villages.csv.gz --mapping "code=streetCode,name=街道" --yes
  wangge import boundaries grids.geojson --valid-from 2026-01-01 --faults faults.csv
  wangge import places 小区.xlsx --crs gcj02
  wangge import boundaries streets.geojson --mapping "code=stat_code_2023" --skip-faulty --yes

先检查（不写入），列出每一处问题；再暂存（中断后可继续）；最后一次生效，要么全部、要么全不。
A check that writes nothing lists every fault; then rows are staged (and staging resumes); one apply, all or nothing.
"""


class Command(BaseCommand):
    help = "导入文件：CSV、XLSX、XLS、GeoJSON、GeoPackage、zip 的 Shapefile / import a file"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = EPILOG
        known = {one.kind: one.zh for one in importers()}
        parser.add_argument("kind", choices=sorted(known), help="、".join(f"{kind} {zh}" for kind, zh in known.items()))
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", default="", help="保存的名称，或 \"字段=列,字段=列1+列2,字段='固定值'\"")
        parser.add_argument("--crs", default="", choices=["wgs84", "cgcs2000", "gcj02", "bd09"], help="坐标系")
        parser.add_argument("--encoding", default="", help="文字编码，如 gb18030（一般能自动识别）")
        parser.add_argument("--part", default="", help="工作表或图层")
        parser.add_argument("--valid-from", default="", metavar="YYYY-MM-DD", help="生效日期，默认今天")
        parser.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help=_own_options())
        parser.add_argument("--check", "--dry-run", action="store_true", dest="check", help="只检查，不写入")
        parser.add_argument("--skip-faulty", action="store_true", help="跳过有错误的行，其余导入")
        parser.add_argument("--faults", type=Path, metavar="FILE", help="把全部问题写成 CSV")
        parser.add_argument("--again", action="store_true", help="同一文件已导入过也再导入")
        parser.add_argument("--yes", action="store_true", help="不询问")

    def handle(self, *args: Any, **options: Any) -> None:
        check_keys()
        try:
            self._run(options)
        except DomainError as failure:
            fields = [f"  {name}：{message.in_language('zh')}" for name, message in failure.fields.items()]
            raise CommandError("\n".join([failure.message("zh"), failure.message("en"), *fields])) from None

    def _run(self, options: dict[str, Any]) -> None:
        batch = self._received(options)
        _do(batch, "检查 check")
        self._report(batch, options["faults"])
        if options["check"]:
            with acting(BY):
                actions.cancel_import(batch_id=batch.pk, by=BY, at=clock.now())
            if batch.errors:
                raise CommandError(f"{batch.errors} 处错误 errors")
            return
        if not (options["yes"] or self._confirmed(batch)):
            with acting(BY):
                actions.cancel_import(batch_id=batch.pk, by=BY, at=clock.now())
            raise CommandError("已取消 cancelled")
        with acting(BY):
            actions.stage_import(
                batch_id=batch.pk, skip_faulty=options["skip_faulty"], by=BY, at=clock.now(), wait=False
            )
        _do(batch, "暂存 stage")
        with acting(BY):
            actions.apply_import(batch_id=batch.pk, by=BY, at=clock.now(), wait=False)
        _do(batch, "生效 apply")
        self._result(batch)

    def _received(self, options: dict[str, Any]) -> Batch:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"没有这个文件 no such file: {path}")
        kept = files.keep_path(path)
        own = dict(word.partition("=")[::2] for word in options["option"])
        common = {name: options[name] for name in ("crs", "encoding", "part", "valid_from")}
        try:
            with acting(BY):
                return actions.receive_file(
                    kind=options["kind"],
                    file_name=path.name,
                    kept=kept,
                    options={**own, **common},
                    mapping=mapping_named(options["kind"], options["mapping"]),
                    by=BY,
                    at=clock.now(),
                    again=options["again"] or options["check"],
                    wait=False,
                )
        except DomainError:
            actions.forget_file_of_a_refused(kept)
            raise

    def _report(self, batch: Batch, target: Path | None) -> None:
        say = self.stdout.write
        say(f"{batch.rows_total} 行 rows · {batch.errors} 处错误 errors · {batch.warnings} 处提醒 warnings")
        for code, count in batch.by_fault.items():
            say(f"  {count:>8}  {code}")
        for fault in RowFault.objects.filter(batch=batch).order_by("id")[:SHOWN_FAULTS]:
            where = f"第 {fault.row} 行 " if fault.row is not None else ""
            say(f"  {where}{fault.subject} {fault.zh}".rstrip())
        if batch.errors + batch.warnings > SHOWN_FAULTS:
            say("  …（--faults FILE 写出全部 writes them all）")
        if target is not None:
            headings, rows = queries.fault_table(batch.pk, by=BY)
            with target.open("w", encoding="utf-8", newline="") as file:
                file.writelines(csv_lines(headings, rows))

    def _confirmed(self, batch: Batch) -> bool:
        if not sys.stdin.isatty():
            raise CommandError("请加 --yes 确认导入（没有终端可询问）。Add --yes: there is no terminal to ask.")
        return input("导入吗？import? [y/N] ").strip().lower() in {"y", "yes", "是"}

    def _result(self, batch: Batch) -> None:
        if batch.state != Batch.State.APPLIED:
            failure = batch.failure or {"zh": batch.state, "en": ""}
            raise CommandError(f"{failure['zh']}\n{failure['en']}")
        counts = batch.counts
        self.stdout.write(
            f"新增 created {counts['created']} · 更新 changed {counts['changed']} · "
            f"不变 unchanged {counts['unchanged']}"
        )


def _do(batch: Batch, what: str) -> None:
    """The step the batch waits for, here and now; or the worker has it already, and we wait for that."""
    with tqdm(desc=what, unit="行", total=batch.rows_total or None, disable=None) as bar:

        def told(done: int) -> None:
            bar.update(done - bar.n)

        batch.refresh_from_db()
        while batch.state in WAITING:
            with running.claimed(batch.pk) as mine:
                if mine:
                    _step(batch, told)
            batch.refresh_from_db()
            told(batch.rows_staged)
            if not mine:
                time.sleep(ASK_EVERY_S)


def _step(batch: Batch, told: Callable[[int], None]) -> None:
    try:
        running.step(batch.pk, by=BY, told=told)
    except running.SomebodyElse:
        return
    except Exception as failure:
        running.set_aside(batch.pk, failure)
        raise


def _own_options() -> str:
    found = [f"{one.kind}：{option.name}（{option.zh}）" for one in importers() for option in options_of(one)]
    return "；".join(found) or "导入种类自己的选项"
