"""The registry of a city of eight million: 33.83 million records, found by name, number, telephone and address.

A cluster of its own. Rows come by COPY (registry_fill.py), the figures of quality by the product. Everything is asked
through the API, one request after the other, with row-level security on.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg

from bench import registry_fill as fill
from bench import registry_import as imports
from bench.city import City
from bench.client import Hammer
from bench.stage import ROOT, Served, Stage, make_units_and_grids, sign_in, take_down
from wangge.core import clock

HOME = Path(os.environ.get("WANGGE_BENCH_REGISTRY_HOME", ROOT / ".wangge" / "bench-registry"))
SIZES = {"full": 1.0, "quarter": 0.25, "tenth": 0.1, "hundredth": 0.01}
ASKED = 200  # requests for each figure
MILLION = 1_000_000
HOME_GRID = 100  # whose seat asks
Line = tuple[str, str]
TABLES = tuple(f"registry_{kind}" for kind in fill.COLUMNS)


@contextmanager
def standing(size: str, *, fresh: bool) -> Iterator[tuple[Stage, City]]:
    stage = Stage(HOME)
    stage.open()
    try:
        made = stage.home / "made.txt"
        if not fresh and made.exists() and made.read_text().split()[0] == size:
            stage.bring_up_to_date()
            yield stage, City(now=datetime.fromisoformat(made.read_text().split()[1]), cases=0)
            return
        for old in (made, stage.home / "brought.txt"):
            old.unlink(missing_ok=True)
        city = City(now=clock.now(), cases=0)
        make(stage, city, SIZES[size])
        made.write_text(f"{size} {city.now.isoformat()}")
        yield stage, city
    finally:
        stage.cluster.stop()


def make(stage: Stage, city: City, share: float) -> None:
    began = time.monotonic()
    stage.cluster.drop_database("wangge")
    stage.cluster.create_database("wangge")
    stage.bring_up_to_date()
    with stage.owner() as connection:
        make_units_and_grids(connection, city)
        put_back = take_down(connection, TABLES, keys_of=("registry_token",))
        words = [sys.executable, "-m", "bench.registry_fill"]
        parts = [
            subprocess.Popen(
                [*words, str(part), "2", str(share), city.now.isoformat()], env=stage.environment, cwd=ROOT
            )
            for part in range(2)
        ]
        if any(part.wait() for part in parts):
            raise SystemExit("filling failed")
        copied = time.monotonic()
        put_back(connection)
        connection.execute("vacuum analyze")
    counted = time.monotonic()
    count_quality(city)
    print(
        f"  made in {time.monotonic() - began:.0f} s: COPY {copied - began:.0f}, indexes and analyze"
        f" {counted - copied:.0f}, quality of {city.grids:,} grids {time.monotonic() - counted:.0f}",
        flush=True,
    )
    with stage.owner() as connection:
        connection.execute("vacuum analyze registry_quality")


def brought_in(stage: Stage, city: City, size: str, rows: int) -> Iterator[Line]:
    """A file of people by the real steps, beside what the machine copies at all. They stay: each file has others."""
    path, told_before = stage.home / "people.csv", stage.home / "brought.txt"
    before = int(told_before.read_text()) if told_before.exists() else 0
    told_before.write_text(str(before + rows))
    imports.write_file(path, city, SIZES[size], rows, first=before)
    with stage.owner() as connection:
        limit = imports.copied_people_per_second(connection)
        yield "limit: COPY of people's rows, no index, one connection", f"{limit:,.0f}/s"
        done = subprocess.run(
            [sys.executable, "-m", "bench.registry_import", str(path)],
            env=stage.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(done.stderr[-3000:])
        told = json.loads(done.stdout.splitlines()[-1])
        yield from imports.lines_of(told, rows)


def count_quality(city: City) -> None:
    import django

    django.setup()
    from wangge.core import clock
    from wangge.core.actor import Actor, acting
    from wangge.registry.rollups import count_grids

    with acting(Actor.system("bench")):
        count_grids(set(city.grid_codes), at=clock.now())


def figures(stage: Stage, city: City, size: str) -> Iterator[Line]:
    with stage.owner() as connection:
        yield "records", sizes_of(connection)
    people = int(fill.WHOLE["person"] * SIZES[size])
    grid = city.grid_codes[HOME_GRID]
    with stage.serving(live=False, worker=False, processes=1) as served:
        for scope, role, codes, most_ms in (("city", "district_seat", grid[:4], 50), ("grid", "grid_worker", grid, 30)):
            token = sign_in(stage, scope, role, codes[:12], [codes])
            for what, words in questions(people, HOME_GRID if scope == "grid" else None, size).items():
                yield f"search, {scope}: {what}", timed(served, token, found_by(words), most_ms)
        token = sign_in(stage, "community", "community", city.grid_codes[0][:12], [city.grid_codes[0][:12]])
        tower = f"/api/registry/records/building/{fill.uid('building', fill.BEYOND)}"
        yield "file of a building of 400 dwellings", timed(served, token, lambda turn: ("GET", tower, None), 100)
        token = sign_in(stage, "city", "district_seat", grid[:4], [grid[:4]])
        for code in (grid[:4], grid[:6], grid[:12]):
            path = f"/api/registry/quality?code={code}"
            name = {4: f"quality, city ({city.grids:,} grids)", 6: "quality, district", 12: "quality, community"}[
                len(code)
            ]
            yield name, timed(served, token, partial(_get, path), 100)
        for name, path in {
            "freshness of each field, city": f"/api/registry/quality/fields?code={grid[:4]}",
            "what retention empties and emptied, city": f"/api/registry/quality/retention?code={grid[:4]}",
            "what retention empties and emptied, district": f"/api/registry/quality/retention?code={grid[:6]}",
            "who turns eighty, city": "/api/registry/reminders",
        }.items():
            yield name, timed(served, token, partial(_get, path), 100)
    yield doubles(city)


def _get(path: str, turn: int) -> tuple[str, str, None]:
    return "GET", path, None


def doubles(city: City) -> Line:
    """Who is registered twice, community by community, as the worker looks for them; a million people at most."""
    import django

    django.setup()
    from django.db.models import Sum

    from wangge.core.actor import Actor, acting
    from wangge.core.ranges import within
    from wangge.registry.models import Quality
    from wangge.registry.rollups import doubles_of

    people, seconds, processor = 0, 0.0, 0.0
    for code in sorted({grid[:12] for grid in city.grid_codes}):
        with acting(Actor.system("bench")) as by:
            people += Quality.objects.filter(within("code", (code,))).aggregate(sum=Sum("people"))["sum"] or 0
            began = time.monotonic(), time.process_time()
            doubles_of(code, by=by)
            seconds, processor = seconds + time.monotonic() - began[0], processor + time.process_time() - began[1]
        if people >= MILLION:
            break
    whole = seconds / max(people, 1) * MILLION
    return f"doubles among {people:,} people", (
        f"{seconds:.1f} s  ours {processor:.1f} s of processor  a million people in {whole:.0f} s (wanted 600)"
        f"  {'OVER' if whole > 600 else ''}"
    )


def questions(people: int, grid: int | None, size: str) -> dict[str, list[str]]:
    """By what it is: words to ask, of people in that grid where one is given."""
    drawn = random.Random(7)
    grids = min(City(now=clock.now(), cases=0).grids, int(fill.WHOLE["building"] * SIZES[size]))
    low, high = (grid * people // grids, (grid + 1) * people // grids) if grid is not None else (0, people)
    chosen = [drawn.randrange(low, high) for _ in range(ASKED)]
    called = [fill.name(one) for one in chosen]
    buildings = int(fill.WHOLE["building"] * SIZES[size])
    first = (grid * buildings // grids, (grid + 1) * buildings // grids) if grid is not None else (0, buildings)
    where = [fill.address(drawn.randrange(*first)) for _ in range(ASKED)]
    return {
        "whole name": called,
        "beginning of a name, 1 character": [one[:1] for one in called],
        "beginning of a name, 2 characters": [one[:2] for one in called],
        "part of a name, 1 character": [one[1:2] for one in called],
        "part of a name, 2 characters": [one[1:3] for one in called],
        "rare characters": [fill.RARE[turn % len(fill.RARE)] for turn in range(ASKED)],
        "identity number": [fill.card(one)[0] for one in chosen],
        "telephone": [fill.phone(one) or "13000000001" for one in chosen],
        "address, road and number": [text[: text.index("号") + 1] for text in where],
        "address, estate and building": [text[text.index("号") + 1 :] for text in where],
        "address, road alone": [text[: next(at for at, sign in enumerate(text) if sign.isdigit())] for text in where],
        "address to the room": [f"{text}1单元101室" for text in where],
        "organisation": [f"{text[:2]}{drawn.choice(fill.GIVEN)}" for text in where],
    }


def found_by(words: list[str]) -> Callable[[int], Any]:
    return lambda turn: ("POST", "/api/registry/search", {"q": words[turn % len(words)]})


def timed(served: Served, token: str, ask: Callable[[int], Any], most_ms: int) -> str:
    hammer = Hammer(served.port, 1, token)
    hammer.run(lambda number, turn: ask(turn), per_connection=5)
    result = hammer.run(lambda number, turn: ask(turn), per_connection=ASKED, keep=True)
    wrong = {status: count for status, count in result.statuses.items() if status != 200}
    p50, p95, p99 = (result.percentile(share) for share in (0.5, 0.95, 0.99))
    empty = sum(body.startswith((b'{"items":[]', b'{"items": []')) for body in result.bodies)
    return (
        f"p50 {p50:6.1f}  p95 {p95:6.1f}  p99 {p99:6.1f} ms  (wanted p95 {most_ms})  {'OVER' if p95 > most_ms else ''}"
        + (f"  without a hit {empty} of {len(result.bodies)}" if empty else "")
        + (f"  WRONG {wrong}" if wrong else "")
    )


def sizes_of(connection: psycopg.Connection) -> str:
    row = connection.execute(
        """
        select sum(pg_relation_size(oid)), sum(pg_indexes_size(oid)), pg_database_size(current_database())
          from pg_class where relname like 'registry\\_%' and relkind = 'r'
        """
    ).fetchone()
    assert row is not None
    counts = [the_count(connection, f"registry_{kind}") for kind in fill.WHOLE]
    rows, indexes, whole = (float(value) / 1e9 for value in row)
    return (
        f"{sum(counts):,}  rows {rows:.2f} GB  indexes {indexes:.2f} GB ({indexes / (rows + indexes):.0%})"
        f"  database {whole:.2f} GB  tokens {the_count(connection, 'registry_token'):,}"
    )


def the_count(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0
