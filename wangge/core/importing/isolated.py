"""The reading process seen from the serving one: started, listened to, and ended with whoever listens."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wangge.core.importing.faults import Fault, FaultKind, FileRefused
from wangge.core.importing.files import DEFAULT_LIMITS, MEGABYTE, TOO_LARGE, ZIP_ENCRYPTED, FileKind

BROKEN = FaultKind("file.broken", "文件已损坏，读不出来：{reason}", "The file is damaged and cannot be read: {reason}")
NOT_GEOJSON = FaultKind(
    "file.not_geojson",
    "这个 JSON 不是 GeoJSON 要素集（FeatureCollection）。",
    "This JSON is no GeoJSON FeatureCollection.",
)
NO_PART = FaultKind(
    "file.no_part", "没有叫“{name}”的表或图层，有：{names}。", "No sheet or layer “{name}”; there are: {names}."
)
SEVERAL_PARTS = FaultKind(
    "file.several_parts", "文件里有几个图层，请选一个：{names}。", "The file holds several layers; choose one: {names}."
)
NO_LAYER = FaultKind("file.no_layer", "文件里没有带几何的图层。", "The file holds no layer with geometry.")
NESTED = FaultKind(
    "file.nested_column",
    "“{name}”列是嵌套结构（{type}），不能导入，请展开成普通列。",
    "The column “{name}” is nested ({type}) and cannot be taken; make plain columns of it.",
)
WRONG_TYPE = FaultKind(
    "file.column_type",
    "“{name}”列的类型（{type}）不是文字、数字、日期或是否，不能导入。",
    "The column “{name}” is of a type ({type}) that is no text, number, day or yes/no.",
)
TOO_DEMANDING = FaultKind(
    "file.too_demanding",
    "读这个文件要用的内存或时间太多，已停止。请删去空白的行列，或拆成几个文件。",
    "Reading this file takes too much memory or time and was stopped. Remove blank rows and columns, or split it.",
)

PACKAGE_ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Head:
    columns: list[str] | None  # None: the first row names them
    reference: str | None
    encoding: str


Record = tuple[int, list[Any], str | None, list[str]]  # number, cells, WKB hex, notes


@contextmanager
def reading(kind: FileKind, path: Path, part: str | None) -> Iterator[tuple[Head, Iterator[Record]]]:
    """What the file says of itself, and its records. The process ends with the block, read to the end or not."""
    command = [
        sys.executable,
        "-m",
        "wangge.core.importing.reading_process",
        kind.value,
        str(path.resolve()),
        part or "",
    ]
    # One thread of linear algebra: a pool would reserve more address space than the limit leaves.
    environment = {"PYTHONPATH": str(PACKAGE_ROOT), "OPENBLAS_NUM_THREADS": "1", "PATH": os.environ.get("PATH", "")}
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=environment
    )
    try:
        lines = _lines(process)
        head = next(lines)
        yield Head(head["columns"], head["reference"], head["encoding"]), ((*line,) for line in lines)
    finally:
        process.kill()
        if process.stdout:
            process.stdout.close()
        process.wait()


def _lines(process: "subprocess.Popen[bytes]") -> Iterator[Any]:
    for text in process.stdout or ():
        line = json.loads(text)
        if isinstance(line, dict) and line.get("end"):
            return
        if isinstance(line, dict) and "refused" in line:
            raise FileRefused(_refusal(line))
        yield line
    raise FileRefused(TOO_DEMANDING())


def _refusal(line: dict[str, str]) -> Fault:
    words: dict[str, Any] = {name: word for name, word in line.items() if name != "refused"}
    match line["refused"]:
        case "encrypted":
            return ZIP_ENCRYPTED()
        case "not_geojson":
            return NOT_GEOJSON()
        case "no_part":
            return NO_PART(**words)
        case "several_parts":
            return SEVERAL_PARTS(**words)
        case "nested":
            return NESTED(**words)
        case "column_type":
            return WRONG_TYPE(**words)
        case "no_layer":
            return NO_LAYER()
        case "too_large":
            limit = DEFAULT_LIMITS.json_bytes // MEGABYTE
            return TOO_LARGE(size_mb=f">{limit}", limit_mb=limit)
        case "fault":
            return Fault(code=words["code"], zh=words["zh"], en=words["en"])
        case _:
            return BROKEN(reason=words.get("reason", ""))
