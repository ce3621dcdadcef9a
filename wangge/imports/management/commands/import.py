"""`wangge import KIND FILE`: check, show the report, ask, stage with a progress bar, apply."""

import argparse
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from tqdm import tqdm

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.errors import DomainError
from wangge.core.importing.export import csv_lines
from wangge.core.importing.faults import name_of
from wangge.core.importing.importer import importers, options_of
from wangge.core.management.command import TerminalCommand, refused
from wangge.core.management.keys_at_hand import check_keys
from wangge.either import either, language
from wangge.imports import actions, files, queries, running
from wangge.imports.models import WAITING, Batch, RowFault
from wangge.imports.reading import mapping_named

BY = replace(Actor.system("wangge import"), language=language())
SHOWN_FAULTS = 20
ASK_EVERY_S = 0.5
ORDER = either(
    "先检查（不写入），列出每一处问题；再暂存（中断后可继续）；最后一次生效，要么全部、要么全不。",
    "A check that writes nothing lists every fault; then rows are staged (and staging resumes); one apply, all or "
    "nothing.",
)
EPILOG = f"""{either("例子", "examples")}:
  wangge import divisions areas.csv --check
  wangge import divisions villages.csv.gz --mapping "code=社区代码,name=社区" --yes
  wangge import divisions villages.csv.gz --mapping "code=streetCode,name=街道" --yes
  wangge import boundaries grids.geojson --valid-from 2026-01-01 --faults faults.csv
  wangge import places 小区.xlsx --crs gcj02
  wangge import boundaries streets.geojson --mapping "code=stat_code_2023" --skip-faulty --yes

{ORDER}
"""


class Command(TerminalCommand):
    help = either(
        "导入文件：CSV、XLSX、XLS、GeoJSON、GeoPackage、zip 的 Shapefile。",
        "Import a file: CSV, XLSX, XLS, GeoJSON, GeoPackage, a Shapefile as zip.",
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = f"{_own_options()}\n\n{EPILOG}"
        kinds = {one.kind: one.zh for one in importers()}
        named = "、".join(f"{kind} {zh}" for kind, zh in kinds.items())
        parser.add_argument("kind", choices=sorted(kinds), help=either(named, "what the file holds"))
        parser.add_argument("file", type=Path)
        mapping = either(
            "保存的名称，或 \"字段=列,字段=列1+列2,字段='固定值'\"",
            "a saved one by its name, or \"field=column,field=column1+column2,field='fixed value'\"",
        )
        parser.add_argument("--mapping", default="", help=mapping)
        crs = either("坐标系", "reference system of the coordinates")
        parser.add_argument("--crs", default="", choices=["wgs84", "cgcs2000", "gcj02", "bd09"], help=crs)
        encoding = either("文字编码，如 gb18030（一般能自动识别）", "such as gb18030 (mostly found by itself)")
        parser.add_argument("--encoding", default="", help=encoding)
        parser.add_argument("--part", default="", help=either("工作表或图层", "sheet or layer"))
        valid_from = either("生效日期，默认今天", "day from which it holds; today unless said")
        parser.add_argument("--valid-from", default="", metavar="YYYY-MM-DD", help=valid_from)
        parser.add_argument(
            "--option",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help=either("本类导入自己的选项，见下", "an option of the kind, see below"),
        )
        check = either("只检查，不写入", "check only, write nothing")
        parser.add_argument("--check", "--dry-run", action="store_true", dest="check", help=check)
        skip = either("跳过有错误的行，其余导入", "leave out rows with errors, import the others")
        parser.add_argument("--skip-faulty", action="store_true", help=skip)
        faults = either("把全部问题写成 CSV", "write every fault into a CSV")
        parser.add_argument("--faults", type=Path, metavar="FILE", help=faults)
        again = either("同一文件已导入过也再导入", "also where the same file was imported before")
        parser.add_argument("--again", action="store_true", help=again)
        parser.add_argument("--yes", action="store_true", help=either("不询问", "do not ask"))

    def handle(self, *args: Any, **options: Any) -> None:
        check_keys()
        try:
            self._run(options)
        except DomainError as failure:
            raise refused(failure) from None

    def _run(self, options: dict[str, Any]) -> None:
        batch = self._received(options)
        _do(batch, either("检查", "check"))
        self._report(batch, options["faults"])
        if options["check"]:
            with acting(BY):
                actions.cancel_import(batch_id=batch.pk, by=BY, at=clock.now())
            if batch.errors:
                raise CommandError(either(f"{batch.errors} 处错误", f"{batch.errors} errors"))
            return
        if not (options["yes"] or self._confirmed(batch)):
            with acting(BY):
                actions.cancel_import(batch_id=batch.pk, by=BY, at=clock.now())
            raise CommandError(either("已取消", "cancelled"))
        with acting(BY):
            actions.stage_import(
                batch_id=batch.pk, skip_faulty=options["skip_faulty"], by=BY, at=clock.now(), wait=False
            )
        _do(batch, either("暂存", "stage"))
        with acting(BY):
            actions.apply_import(batch_id=batch.pk, by=BY, at=clock.now(), wait=False)
        _do(batch, either("生效", "apply"))
        self._result(batch)

    def _received(self, options: dict[str, Any]) -> Batch:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(either(f"没有这个文件：{path}", f"no such file: {path}"))
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
        total, errors, warnings = batch.rows_total, batch.errors, batch.warnings
        say(
            either(
                f"{total} 行 · {errors} 处错误 · {warnings} 处提醒",
                f"{total} rows · {errors} errors · {warnings} warnings",
            )
        )
        for code, count in batch.by_fault.items():
            say(f"  {count:>8}  {code}  {name_of(code, language())}")
        for fault in RowFault.objects.filter(batch=batch).order_by("id")[:SHOWN_FAULTS]:
            where = either(f"第 {fault.row} 行", f"row {fault.row}") if fault.row is not None else ""
            say("  " + " ".join(filter(None, (where, fault.subject, either(fault.zh, fault.en)))))
        if errors + warnings > SHOWN_FAULTS:
            say(either("  …（--faults FILE 写出全部）", "  … (--faults FILE writes them all)"))
        if target is not None:
            headings, rows = queries.fault_table(batch.pk, by=BY)
            with target.open("w", encoding="utf-8", newline="") as file:
                file.writelines(csv_lines(headings, rows))

    def _confirmed(self, batch: Batch) -> bool:
        if not sys.stdin.isatty():
            raise CommandError(
                either("请加 --yes 确认导入（没有终端可询问）。", "Add --yes: there is no terminal to ask.")
            )
        return input(either("导入吗？[y/N] ", "Import it? [y/N] ")).strip().lower() in {"y", "yes", "是"}

    def _result(self, batch: Batch) -> None:
        if batch.state != Batch.State.APPLIED:
            failure = batch.failure or {"zh": batch.state, "en": batch.state}
            raise CommandError(failure[language()])
        created, changed, unchanged = (batch.counts[name] for name in ("created", "changed", "unchanged"))
        self.stdout.write(
            either(
                f"新增 {created} · 更新 {changed} · 不变 {unchanged}",
                f"created {created} · changed {changed} · unchanged {unchanged}",
            )
        )


def _do(batch: Batch, what: str) -> None:
    """The step the batch waits for, here and now; or the worker has it already, and we wait for that."""
    with tqdm(desc=what, unit=either("行", " rows"), total=batch.rows_total or None, disable=None) as bar:

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
    lines = [either("--option 的选项:", "of --option:")]
    for one in importers():
        named = ", ".join(f"{option.name} ({either(option.zh, option.en)})" for option in options_of(one))
        lines += [f"  {one.kind:<14} {named}"] if named else []
    return "\n".join(lines)
