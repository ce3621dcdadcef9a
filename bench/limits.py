"""What this machine can do at all, in the same run: the figures that ours stand beside."""

from __future__ import annotations

import threading
import time

import psycopg

from bench.client import Hammer
from bench.stage import Served, Stage

SECONDS = 4.0


def commits_per_second(stage: Stage, connections: int) -> float:
    """One narrow row for each commit, to disk."""
    with stage.owner() as connection:
        connection.execute("create table if not exists bench_commits (at timestamptz, note text)")
    done = [0] * connections
    end = time.monotonic() + SECONDS

    def work(number: int) -> None:
        with psycopg.connect(stage.cluster.owner_url, autocommit=True) as own:
            while time.monotonic() < end:
                own.execute("insert into bench_commits values (now(), 'x')")
                done[number] += 1

    run([lambda number=number: work(number) for number in range(connections)])
    with stage.owner() as connection:
        connection.execute("drop table bench_commits")
    return sum(done) / SECONDS


def copy_rows_per_second(stage: Stage) -> float:
    """Rows of about 200 bytes by COPY on one connection."""
    line = b"0123456789\t" + b"x" * 180 + b"\t2026-01-01T00:00:00+00:00\n"
    rows = 400_000
    with stage.owner() as connection:
        connection.execute("create table bench_copy (a text, b text, c timestamptz)")
        began = time.monotonic()
        with connection.cursor() as cursor, cursor.copy("copy bench_copy from stdin") as copy:
            for _ in range(rows // 1000):
                copy.write(line * 1000)
        took = time.monotonic() - began
        connection.execute("drop table bench_copy")
    return rows / took


def empty_requests_per_second(served: Served, connections: int) -> float:
    """The server and the client alone: an answer without a database behind it."""
    return Hammer(served.port, connections).run(lambda number, turn: ("GET", "/health", None), per_connection=300).rate


def run(jobs: list[object]) -> None:
    threads = [threading.Thread(target=job) for job in jobs]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
