"""Positions: the steady load of a city's terminals, the peak, the newest map, one worker's day among 90 days of all.

A cluster of its own: 14,262 workers on duty, each with a session; kept days are packed rows by COPY, one for each
worker and day, as the night leaves them, at a tenth of the points.
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg

from bench.client import Hammer
from bench.stage import HOME, ROOT, Served, Stage
from wangge.ground.cluster import Cluster

WORKERS = 14_262
EVERY_S, POINTS = 60, 6  # one point each ten seconds, six at once
CONNECTIONS = 64
MANY = 512  # at the peak: each sender waits for the commit, so few of them cannot fill a group
PEAK_S = 15
DEAD_ZONE = 60  # points of who comes out of one after ten minutes
TENTH = 288  # points of a worker's day: a tenth of eight hours
VARIANTS = 40  # different rows of one day
READ = 150
NIL = uuid.UUID(int=0)  # of a row the night made
HZ = os.sysconf("SC_CLK_TCK")
Line = tuple[str, str]

TODAY = "select (now() at time zone 'Asia/Shanghai')::date"


@contextmanager
def standing(*, days: int, fresh: bool) -> Iterator[Stage]:
    stage = Stage(HOME / "positions")
    stage.open()
    try:
        made = stage.home / "made.txt"
        if fresh or not made.exists() or made.read_text() != str(days):
            stage.cluster.drop_database("wangge")
            stage.cluster.create_database("wangge")
        stage.bring_up_to_date()
        with stage.owner() as connection:
            if not the_one(connection, "select count(*) from accounts_post"):
                people(connection)
            on_duty_now(connection)
        yield stage
    finally:
        stage.cluster.stop()


def figures(stage: Stage, *, minutes: float, days: int) -> Iterator[Line]:
    yield "limit: COPY of rows of 6 points, one connection", f"{copied_points_per_second(stage):,.0f} points/s"
    with stage.serving(positions=True, live=False, worker=False, processes=1) as served:
        yield steady(stage, served, minutes)
        for points in (POINTS, DEAD_ZONE):
            yield peak(stage, served, points)
        yield newest_map(stage, served)
        took = 0.0
        for kept in (days // 10, days) if days >= 10 else (days,):  # how the answer grows with what is kept
            began = time.monotonic()
            yield from list(kept_days(stage, kept))
            took += time.monotonic() - began
            if kept == days:
                yield f"  {days} days made by COPY in", f"{took:.0f} s"
            yield day_track(stage, served, kept)
    (stage.home / "made.txt").write_text(str(days))


def steady(stage: Stage, served: Served, minutes: float) -> Line:
    """Ours is the process that takes positions; the database is said beside it."""
    before = stored(stage)
    ours, database = Used(served.pids[1:2]), Used([postmaster(stage)])
    told = load(served, seconds=minutes * 60, points=POINTS, every=EVERY_S)
    share, beside = ours.share(told["seconds"]), database.share(told["seconds"])
    lost = told["kept"] - (stored(stage) - before)
    name = f"{WORKERS:,} terminals × 10 s, batches of {POINTS}, {minutes:g} min"
    return name, (
        f"{told['kept'] / told['seconds']:,.0f} points/s  {told['requests'] / told['seconds']:.0f} requests/s"
        f"  ours {share:.0%} of a core  database {beside:.0%}  p50 {told['p50_ms']:.0f} p99 {told['p99_ms']:.0f} ms"
        f"  LOST {lost}  {wrong(told)}"
    )


def peak(stage: Stage, served: Served, points: int) -> Line:
    before = stored(stage)
    ours = Used(served.pids[1:2])
    told = load(served, seconds=PEAK_S, points=points, every=0)
    lost = told["kept"] - (stored(stage) - before)
    return f"peak, batches of {points}", (
        f"{told['kept'] / told['seconds']:,.0f} points/s  {told['requests'] / told['seconds']:,.0f} requests/s"
        f"  ours {ours.share(told['seconds']):.0%} of a core  the load itself {told['cpu_s'] / told['seconds']:.0%}"
        f"  p99 {told['p99_ms']:.0f} ms  LOST {lost}  {wrong(told)}"
    )


def newest_map(stage: Stage, served: Served) -> Line:
    with stage.owner() as connection:
        connection.execute("vacuum analyze field_newest, field_dutyspan")
    result = Hammer(served.port, 1, "watcher").run(
        lambda number, turn: ("GET", "/api/field/watch/map", None), per_connection=40, keep=True
    )
    found = json.loads(result.bodies[-1])["posts"]
    return f"newest position of all on duty ({len(found):,})", (
        f"p50 {result.percentile(0.5):.0f} p95 {result.percentile(0.95):.0f} ms  {len(result.bodies[-1]) / 1000:.0f} kB"
    )


def day_track(stage: Stage, served: Served, days: int) -> Line:
    with stage.owner() as connection:
        posts = [
            row[0] for row in connection.execute("select id from accounts_post where title = 'worker' order by id")
        ]
        today = the_one(connection, TODAY)
    chosen = random.Random(7)
    paths = [
        f"/api/field/tracks/{chosen.choice(posts)}/{today - timedelta(days=chosen.randint(1, days))}"
        for _ in range(READ)
    ]
    result = Hammer(served.port, 1, "watcher").run(
        lambda number, turn: ("POST", paths[turn], {"reason": "bench reads"}), per_connection=READ, keep=True
    )
    points = statistics.median(len(json.loads(body)["positions"]) for body in result.bodies)
    return f"one worker's day ({points:.0f} points) among {days} days of all", (
        f"p50 {result.percentile(0.5):.0f} p95 {result.percentile(0.95):.0f} p99 {result.percentile(0.99):.0f} ms"
    )


def kept_days(stage: Stage, days: int) -> Iterator[Line]:
    with stage.owner() as connection:
        posts = connection.execute(
            "select id, codes[1] from accounts_post where title = 'worker' order by id"
        ).fetchall()
        today = the_one(connection, TODAY)
        for back in range(1, days + 1):
            day = today - timedelta(days=back)
            if one_day(connection, day, posts) and back in {1, days // 3, days * 2 // 3}:
                yield f"  after {back} days", disk(connection)
        connection.execute("vacuum analyze field_batch")
        yield f"kept: {days} days × {len(posts):,} workers × {TENTH} points", disk(connection)


def the_one(connection: psycopg.Connection, query: str) -> Any:
    """The value of a query that answers one."""
    row = connection.execute(query).fetchone()
    if row is None:
        raise LookupError(query)
    return row[0]


def one_day(connection: psycopg.Connection, day: date, posts: list[tuple[int, str]]) -> bool:
    """Whether it had to be made."""
    connection.execute("select field_make_day(%s)", [day])
    name = f"field_batch_{day:%Y%m%d}"
    if the_one(connection, f"select count(*) from {name} where id < '{'0' * 8}-0000-0000-0000-0000000000ff'"):
        return False
    rows = [packed(day, seed) for seed in range(VARIANTS)]
    columns = "day, post_id, id, code, since_ms, until_ms, received_at, points"
    with connection.cursor() as cursor, cursor.copy(f"copy {name} ({columns}) from stdin (format binary)") as copy:
        copy.set_types(["date", "int8", "uuid", "text", "int8", "int8", "timestamptz", "bytea"])
        for number, (post, code) in enumerate(posts):
            since, until, points, at = rows[number % VARIANTS]
            copy.write_row((day, post, NIL, code, since, until, at, points))
    connection.execute(
        """
        insert into field_dutyspan (id, post_id, user_id, code, unit_path, began_at, ended_at, ended_by, heard_at)
        select gen_random_uuid(), p.id, p.user_id, p.codes[1], 'B/',
               (%s + time '08:30') at time zone 'Asia/Shanghai', (%s + time '17:30') at time zone 'Asia/Shanghai',
               'self', now() from accounts_post p where p.title = 'worker'
        """,
        [day, day],
    )
    return True


def packed(day: date, seed: int) -> tuple[int, int, bytes, Any]:
    """A walk with stops and coarse places; the first instant, the last, the row, when it was received."""
    from wangge.core.clock import day_start
    from wangge.field.rules.points import Odd, Point, pack

    drawn = random.Random(f"{day}{seed}")
    since = int(day_start(day).timestamp() * 1000) + 9 * 3_600_000
    lon, lat, points = 118.5 + drawn.random(), 32 + drawn.random(), []
    for n in range(TENTH):
        if n % 20 > 5:
            lon, lat = lon + drawn.uniform(-4e-4, 6e-4), lat + drawn.uniform(-4e-4, 5e-4)
        wander = drawn.gauss(0, 3e-5)
        coarse = drawn.random() < 0.02
        accuracy = drawn.uniform(4, 25) if not coarse else drawn.uniform(120, 900)
        odd = Odd.COARSE if coarse else Odd.NOTHING
        points.append(
            Point(since + n * 100_000 + drawn.randint(0, 900), lon + wander, lat - wander, accuracy, 1.1, odd)
        )
    return points[0].ms, points[-1].ms, pack(points), day_start(day + timedelta(days=1))


def disk(connection: psycopg.Connection) -> str:
    row = connection.execute(
        """
        select coalesce(sum(pg_total_relation_size(i.inhrelid)), 0), pg_database_size(current_database()),
               (select coalesce(sum(get_byte(points, 1) + 256 * get_byte(points, 2)), 0) from field_batch)
          from pg_inherits i where i.inhparent = 'field_batch'::regclass
        """
    ).fetchone()
    assert row is not None
    batches, whole, points = (int(value) for value in row)
    return (
        f"{points / 1e6:,.0f} million points  {batches / 1e9:.2f} GB on disk  {batches / max(points, 1):.1f} bytes/point"
        f"  the database whole {whole / 1e9:.2f} GB"
    )


def copied_points_per_second(stage: Stage) -> float:
    """What this machine takes in at all of such rows."""
    since, until, points, at = packed(date(2026, 1, 1), 1)
    six = points[: len(points) // 12]  # as many bytes as six points take when they come alone
    rows = 150_000
    with stage.owner() as connection:
        connection.execute("drop table if exists bench_copy; create table bench_copy (like field_batch including all)")
        began = time.monotonic()
        with connection.cursor() as cursor, cursor.copy("copy bench_copy from stdin (format binary)") as copy:
            copy.set_types(["date", "int8", "uuid", "text", "int8", "int8", "timestamptz", "bytea"])
            for number in range(rows):
                copy.write_row((date(2026, 1, 1), number, NIL, "320104001001001", since, until, at, six))
        took = time.monotonic() - began
        connection.execute("drop table bench_copy")
    return rows * POINTS / took


def stored(stage: Stage) -> int:
    """Points of all batches of today and yesterday: each row says in its second and third byte how many it holds."""
    with stage.owner() as connection:
        row = connection.execute(
            """
            select coalesce(sum(get_byte(points, 1) + 256 * get_byte(points, 2)), 0) from field_batch
             where received_at > now() - interval '1 day' and id > '00000000-0000-0000-0000-0000000000ff'
            """
        ).fetchone()
    assert row is not None
    return int(row[0])


def load(served: Served, *, seconds: float, points: int, every: float) -> dict[str, Any]:
    words = [served.positions_port, WORKERS, seconds, points, CONNECTIONS if every else MANY, every]
    done = subprocess.run(
        [sys.executable, "-m", "bench.terminals", *map(str, words)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def wrong(told: dict[str, Any]) -> str:
    others = {status: count for status, count in told["statuses"].items() if status != "200"}
    late = f"the load was {told['late_s']:.1f} s late" if told["late_s"] > 1 else ""
    return " ".join(
        filter(
            None, [f"WRONG {others}" if others else "", f"refused {told['refused']}" if told["refused"] else "", late]
        )
    )


def people(connection: psycopg.Connection) -> None:
    """One street for each hundred workers, a community for each ten. Tokens are `worker-N`, of who watches `watcher`."""
    connection.execute(
        """
        insert into accounts_unit (code, name, short_name, kind, path, division, phone, totp_required, valid_from)
        values ('B', '测试市指挥中心', '', 'centre', 'B/', '3209', '', false, '2020-01-01');
        insert into accounts_user (username, name, password, is_active, is_demo, must_change_password, totp_step, created_at)
        select 'worker-' || n, '网格员' || n, '!', true, false, false, 0, now() from generate_series(0, %(last)s) n;
        """.replace("%(last)s", str(WORKERS - 1))
    )
    connection.execute(
        """
        insert into accounts_post (user_id, unit_id, role_id, title, codes, valid_from)
        select u.id, (select id from accounts_unit), (select id from accounts_role where code = 'grid_worker'), 'worker',
               array['320901' || lpad((n / 100 + 1)::text, 3, '0') || lpad((n / 10 %% 10 + 1)::text, 3, '0')
                     || lpad((n %% 10 + 1)::text, 3, '0')], '2020-01-01'
          from generate_series(0, %(last)s) n join accounts_user u on u.username = 'worker-' || n
        """,
        {"last": WORKERS - 1},
    )
    connection.execute(
        """
        with watcher as (
          insert into accounts_user (username, name, password, is_active, is_demo, must_change_password, totp_step, created_at)
          values ('watcher', '指挥长', '!', true, false, false, 0, now()) returning id)
        insert into accounts_post (user_id, unit_id, role_id, title, codes, valid_from)
        select watcher.id, (select id from accounts_unit), (select id from accounts_role where code = 'commander'), '',
               array['3209'], '2020-01-01' from watcher
        """
    )


def on_duty_now(connection: psycopg.Connection) -> None:
    """Since half an hour ago, signed in a moment ago, nothing of today kept."""
    connection.execute(
        "delete from accounts_session; delete from field_newest; delete from field_dutyspan where ended_at is null or ended_at > now() - interval '1 day'"
    )
    connection.execute(
        """
        insert into accounts_session (token_hash, user_id, post_id, stage, started_at, seen_at, ended_by, agent)
        select sha256(convert_to(u.username, 'UTF8')), u.id, p.id, 'signed_in', now(), now(), '', ''
          from accounts_user u join accounts_post p on p.user_id = u.id;
        insert into field_dutyspan (id, post_id, user_id, code, unit_path, began_at, ended_by, heard_at)
        select gen_random_uuid(), p.id, p.user_id, p.codes[1], 'B/', now() - interval '30 minutes', '', now()
          from accounts_post p where p.title = 'worker';
        analyze;
        """
    )


class Used:
    """Processor time of processes and their children, since it was made."""

    def __init__(self, pids: list[int]) -> None:
        self.pids = pids
        self.before = self._seconds()

    def share(self, seconds: float) -> float:
        return (self._seconds() - self.before) / seconds

    def _seconds(self) -> float:
        from bench.__main__ import family

        return sum(_ticks(pid) for pid in family(self.pids)) / HZ


def _ticks(pid: int) -> int:
    """Of its own threads, and of children that have ended and were waited for."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return sum(int(value) for value in fields[11:15])


def postmaster(stage: Stage) -> int:
    pid = Cluster(stage.home).pid()
    assert pid is not None
    return pid
