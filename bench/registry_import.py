"""People from a file into the registry, by the steps a worker takes: `python -m bench.registry_import FILE`.

A process of its own, so that its memory is its own; what it and its database backend used is said by step, as JSON.
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from bench import registry_fill as fill
from bench.city import City
from bench.positions import _ticks

HEAD = (
    "姓名", "公民身份号码", "性别", "学历", "联系电话", "人口类别", "出生日期", "户籍地", "户籍门（楼）详址",
    "现住门（楼）详址", "职业", "服务处所", "婚姻状况", "房屋编码", "经度", "纬度", "民族",
)  # fmt: skip
FIRST = 9_000_000  # cards that nobody of the city has
HZ = os.sysconf("SC_CLK_TCK")


def write_file(path: Path, city: City, share: float, rows: int, *, first: int = 0) -> None:
    """`first`: how many were written before; nobody comes twice. People who live in dwellings of the city; one in fifty has a wrong check digit, one in a hundred no number."""
    drawn = random.Random(5)
    dwellings = int(fill.WHOLE["dwelling"] * share)
    grids = min(city.grids, int(fill.WHOLE["building"] * share))
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for index in range(FIRST + first, FIRST + first + rows):
            house = drawn.randrange(dwellings)
            west, south, east, north = city.cell(((house + 1) * grids - 1) // dwellings)
            number, born, sex = fill.card(index)
            if index % 50 == 9:
                number = number[:17] + ("0" if number[17] != "0" else "1")
            home = fill.address(house // 15)
            out.writerow(
                (
                    fill.name(index), "" if index % 100 == 3 else number, ("男", "女")[int(sex) - 1], "本科",
                    fill.phone(index), "户籍", born.isoformat(), number[:6], f"测试市{home}", f"{home}2单元{index % 30}01室",
                    ("职员", "教师", "司机", "")[index % 4], f"测试市{home[:3]}有限公司" if index % 3 else "",
                    ("未婚", "已婚")[index % 2], f"H{house:010}",
                    f"{west + (east - west) * drawn.random():.7f}", f"{south + (north - south) * drawn.random():.7f}", "汉族",
                )
            )  # fmt: skip


def lines_of(told: dict[str, Any], rows: int) -> Iterator[tuple[str, str]]:
    """People and their ties are both records of the registry."""
    ties = told["ties"]
    for name in ("check", "stage", "apply"):
        step = told[name]
        yield (
            f"import of {rows:,} people, {name}",
            (
                f"{rows / step['seconds']:,.0f} rows/s  {step['seconds']:.1f} s, processor for each row: ours"
                f" {step['ours_s'] / rows * 1e6:.0f} database {step['database_s'] / rows * 1e6:.0f} µs"
            ),
        )
    written, both = told["counts"].get("created", 0) + ties, told["stage"]["seconds"] + told["apply"]["seconds"]
    yield (
        "import, staged and applied",
        (
            f"{rows / both:,.0f} rows/s  {written / both:,.0f} records/s ({written:,} people and ties)"
            f"  all three steps {written / (both + told['check']['seconds']):,.0f} records/s"
            f"  peak {told['peak_mb']:.0f} MB  {told['counts']}  faulty {told['errors']}  {told['failure'] or ''}"
        ),
    )


def main(path: Path) -> None:
    import django

    django.setup()
    from django.db import connection

    from wangge.core import clock
    from wangge.core.actor import Actor, acting
    from wangge.imports import actions, files, running
    from wangge.imports.models import Batch
    from wangge.registry.models import Residence

    by = Actor.system("bench")
    with acting(by):
        batch = actions.receive_file(
            kind="people", file_name=path.name, kept=files.keep_path(path), options={}, mapping=[], by=by,
            at=clock.now(), again=True, wait=False,
        )  # fmt: skip
    told: dict[str, Any] = {}
    for name in ("check", "stage", "apply"):
        if name == "stage":
            with acting(by):
                actions.stage_import(batch_id=batch.pk, skip_faulty=True, by=by, at=clock.now(), wait=False)
        elif name == "apply":
            with acting(by):
                actions.apply_import(batch_id=batch.pk, by=by, at=clock.now(), wait=False)
        backend = _backend(connection)
        before = (time.monotonic(), time.process_time(), _ticks(backend))
        running.step(batch.pk, by=by)
        told[name] = {
            "seconds": time.monotonic() - before[0],
            "ours_s": time.process_time() - before[1],
            "database_s": (_ticks(backend) - before[2]) / HZ,
        }
    with acting(by):
        batch = Batch.objects.get(pk=batch.pk)
        told["ties"] = Residence.objects.filter(at=batch.applied_at or batch.received_at).count()
    told |= {"state": batch.state, "rows": batch.rows_total, "errors": batch.errors, "counts": batch.counts}
    told |= {"failure": batch.failure, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    print(json.dumps(told))


def copied_people_per_second(connection: psycopg.Connection, rows: int = 200_000) -> float:
    """What this machine takes in at all of such rows, without indexes."""
    line = connection.execute("select registry_person::text from registry_person limit 1").fetchone()
    assert line is not None
    connection.execute("drop table if exists bench_people; create table bench_people (like registry_person)")
    with connection.cursor() as cursor:
        with cursor.copy("copy (select * from registry_person limit 1) to stdout") as out:
            text = b"".join(bytes(part) for part in out)
        began = time.monotonic()
        with cursor.copy("copy bench_people from stdin") as copy:
            for _ in range(rows // 1_000):
                copy.write(text * 1_000)
    took = time.monotonic() - began
    connection.execute("drop table bench_people")
    return rows / took


def _backend(connection: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        return int(cursor.fetchone()[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
