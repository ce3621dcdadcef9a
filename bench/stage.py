"""Where a benchmark runs: a durable cluster of its own, the city in it, and the product's processes on loopback."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
from psycopg import sql

from bench.city import CITY, COMMUNITIES, DEPARTMENTS, DISTRICTS, STREETS, City, cell_wkb
from wangge.ground.cluster import Cluster
from wangge.ground.up import AT_ONCE, THREADS, api_processes

ROOT = Path(__file__).resolve().parents[1]
HOME = Path(os.environ.get("WANGGE_BENCH_HOME", ROOT / ".wangge" / "bench"))
MADE = HOME / "city.txt"


class Stage:
    def __init__(self, home: Path = HOME) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self.cluster = Cluster(home, durable=True)

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "WANGGE_HOME": str(self.home),
            "DATABASE_URL": self.cluster.app_url,
            "DATABASE_OWNER_URL": self.cluster.owner_url,
            "DJANGO_SETTINGS_MODULE": "wangge.config.settings",
            "WANGGE_SECRET_KEY": "bench",
            "PYTHONPATH": str(ROOT),
        }

    def open(self) -> None:
        self.cluster.start()
        os.environ.update(self.environment)

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}: {done.stderr[-2000:]}")
        return done.stdout

    def bring_up_to_date(self) -> None:
        """Tables and keys: without those no process of the house starts."""
        self.manage("migrate", "--database", "owner", "-v0")
        self.manage("keys")

    def owner(self) -> psycopg.Connection:
        return psycopg.connect(self.cluster.owner_url, autocommit=True)

    def caught_up(self, *, seconds: float = 300) -> None:
        """Waits until the worker has read all that was committed, so that one figure does not pay for the one before."""
        end = time.monotonic() + seconds
        with self.owner() as connection:
            while connection.execute(
                """
                select from core_journal_reader r where r.cluster = journal_cluster() and (r.target is not null
                    or exists (select from core_journal j
                                where j.cluster = r.cluster and not pg_visible_in_snapshot(j.xid, r.finished)))
                """
            ).fetchone():
                if time.monotonic() > end:
                    raise SystemExit(f"the worker has not caught up in {seconds:.0f} s")
                time.sleep(0.5)

    @contextmanager
    def serving(
        self,
        *,
        processes: int = 0,
        at_once: int = AT_ONCE,
        worker: bool = True,
        live: bool = True,
        positions: bool = False,
    ) -> Iterator[Served]:
        """api, live and worker as `wangge up` starts them, on free loopback ports. `processes` 0: as many as it does."""
        ports = [free_port(), free_port(), free_port()]
        environment = {
            **self.environment,
            "WANGGE_POOL": "1",
            "WANGGE_POOL_SIZE": str(at_once + 2),
            "WANGGE_AT_ONCE": str(at_once),
            "WANGGE_PORT": str(ports[0]),
            "WANGGE_LIVE_PORT": str(ports[1]),
            "WANGGE_POSITIONS_PORT": str(ports[2]),
        }
        granian = [
            str(Path(sys.executable).parent / "granian"),
            "--host",
            "127.0.0.1",
            "--log-level",
            "warning",
        ]
        commands = [
            [
                *granian,
                "--interface",
                "wsgi",
                "--port",
                str(ports[0]),
                "--no-ws",
                "--workers",
                str(processes or api_processes(os.cpu_count() or 1)),
                "--blocking-threads",
                str(THREADS),
                "wangge.config.wsgi:application",
            ]
        ]
        if live:
            commands.append([*granian, "--interface", "asgi", "--port", str(ports[1]), "wangge.live.asgi:application"])
        if positions:
            alone = ["--interface", "asgi", "--loop", "uvloop", "--no-ws", "--port", str(ports[2])]
            commands.append([*granian, *alone, "wangge.field.ingest.asgi:application"])
        if worker:
            commands.append([sys.executable, str(ROOT / "manage.py"), "worker"])
        with (self.home / "bench.log").open("ab") as log:
            running = [
                subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=ROOT) for command in commands
            ]
        try:
            for port, wanted in zip(ports, (True, live, positions), strict=True):
                if wanted:
                    wait_for(port)
            yield Served(ports, [process.pid for process in running])
        finally:
            for process in running:
                process.terminate()
            for process in running:
                try:
                    process.wait(timeout=20)
                except subprocess.TimeoutExpired:
                    process.kill()


class Served:
    def __init__(self, ports: list[int], pids: list[int]) -> None:
        self.port, self.live_port, self.positions_port = ports
        self.pids = pids


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"nothing answers at port {port}")


def prepare(stage: Stage, *, cases: int, fresh: bool = False) -> City:
    """The city, made once and kept: migrate, units and grids, history by COPY, indexes, roll-ups, analyze."""
    stage.open()
    stage.bring_up_to_date()
    if MADE.exists() and not fresh:
        now, made = MADE.read_text().split()
        if int(made) == cases:
            return City(now=datetime.fromisoformat(now), cases=cases)
    began = time.monotonic()
    stage.cluster.drop_database("wangge")
    stage.cluster.create_database("wangge")
    stage.bring_up_to_date()
    from wangge.core import clock

    city = City(now=clock.now(), cases=cases)
    with stage.owner() as connection:
        make_units_and_grids(connection, city)
        put_back = take_down(connection)
        parts = [
            subprocess.Popen(
                [sys.executable, "-m", "bench.fill", str(part), "2", city.now.isoformat(), str(cases)],
                env=stage.environment,
                cwd=ROOT,
            )
            for part in range(2)
        ]
        if any(part.wait() for part in parts):
            raise SystemExit("filling failed")
        put_back(connection)
        connection.execute("analyze")
    stage.manage("rollups", "rebuild")
    with stage.owner() as connection:
        connection.execute("vacuum analyze")
    MADE.write_text(f"{city.now.isoformat()} {cases}")
    print(f"city of {cases:,} cases made in {time.monotonic() - began:.0f} s", flush=True)
    return city


def take_down(
    connection: psycopg.Connection, tables: tuple[str, ...] = (), *, keys_of: tuple[str, ...] = ()
) -> Callable[[psycopg.Connection], None]:
    """Drops indexes and foreign keys of the big tables; what is returned makes them again. `keys_of`: primary ones too.

    Columns that the filling does not name get what the model gives them, for the time of it.
    """
    from bench.fill import BULK

    tables = tables or BULK
    defaults = model_defaults(tables)
    for table, column, value in defaults:
        connection.execute(
            sql.SQL("alter table {} alter column {} set default {}").format(
                sql.Identifier(table), sql.Identifier(column), sql.Literal(value)
            )
        )

    constraints = connection.execute(
        """
        select conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint
         where conrelid::regclass::text = any(%s)
           and (contype in ('f', 'u', 'x') or contype = 'p' and conrelid::regclass::text = any(%s))
         order by contype desc
        """,
        [list(tables), list(keys_of)],
    ).fetchall()
    indexes = connection.execute(
        """
        select i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) from pg_index i
         where i.indrelid::regclass::text = any(%s) and not i.indisprimary
           and not exists (select from pg_constraint c where c.conindid = i.indexrelid and c.contype <> 'f')
        """,
        [list(tables)],
    ).fetchall()
    for table, name, _ in constraints:
        connection.execute(f'alter table {table} drop constraint "{name}"')
    for name, _ in indexes:
        connection.execute(f"drop index {name}")

    def put_back(connection: psycopg.Connection) -> None:
        began = time.monotonic()
        for table, column, _ in defaults:
            connection.execute(f"alter table {table} alter column {column} drop default")
        connection.execute("set maintenance_work_mem = '1GB'")
        for _, definition in indexes:
            connection.execute(definition)
        for table, name, definition in constraints:
            connection.execute(f'alter table {table} add constraint "{name}" {definition}')
        print(f"  indexes and constraints: {time.monotonic() - began:.0f} s", flush=True)

    return put_back


def model_defaults(tables: tuple[str, ...]) -> list[tuple[str, str, object]]:
    import django

    django.setup()
    from django.apps import apps

    found: list[tuple[str, str, object]] = []
    for model in apps.get_models():
        if model._meta.db_table not in tables:
            continue
        for field in model._meta.local_concrete_fields:
            if field.column and field.has_default() and not field.null and not field.primary_key:
                value = field.get_default()
                found.append(
                    (
                        model._meta.db_table,
                        field.column,
                        json.dumps(value) if isinstance(value, (list, dict)) else value,
                    )
                )
    return found


def make_units_and_grids(connection: psycopg.Connection, city: City) -> None:
    since = (city.now.date().replace(month=1, day=1)).replace(year=city.now.year - 5)
    divisions = [(CITY, "测试市"), *((f"{CITY}{d + 1:02d}", f"第{d + 1}区") for d in range(DISTRICTS))]
    divisions += [(city.street_code(s), f"第{s + 1}街道") for s in range(STREETS)]
    divisions += [(city.community_code(c), f"第{c + 1}社区") for c in range(COMMUNITIES)]
    with connection.cursor() as cursor:
        with cursor.copy(
            "copy grids_division (code, name, short_name, level, urban_rural, valid_from) from stdin"
        ) as copy:
            for code, name in divisions:
                copy.write_row((code, name, "", len(code), "", since))
        with cursor.copy(
            "copy grids_grid (code, name, type, community, address, supervision_phone, valid_from) from stdin"
        ) as copy:
            for code in city.grid_codes:
                copy.write_row((code, f"第{code[-3:]}网格", "general", code[:12], "", "", since))
        with cursor.copy(
            "copy grids_boundary (code, geometry, west, south, east, north, area_m2, source, valid_from) from stdin"
        ) as copy:
            for index, code in enumerate(city.grid_codes):
                west, south, east, north = city.cell(index)
                copy.write_row((code, cell_wkb(city, index), west, south, east, north, 1e6, "bench", since))
    make_units(connection, city, divisions, since)
    make_categories(connection, since)
    connection.execute(
        "insert into core_revision (name, number) values ('grids', 1), ('units', 1), ('cases', 1)"
        " on conflict (name) do update set number = core_revision.number + 1"
    )


def make_units(connection: psycopg.Connection, city: City, divisions: list[tuple[str, str]], since: object) -> None:
    ids: dict[str, tuple[int, str]] = {}

    def add(code: str, name: str, kind: str, parent: str, division: str) -> None:
        path = (ids[parent][1] if parent else "") + code + "/"
        row = connection.execute(
            "insert into accounts_unit (code, name, short_name, kind, parent_id, path, division, phone, totp_required, valid_from)"
            " values (%s, %s, '', %s, %s, %s, %s, '', false, %s) returning id",
            [code, name, kind, ids[parent][0] if parent else None, path, division, since],
        ).fetchone()
        assert row is not None
        ids[code] = (row[0], path)

    with connection.transaction():
        for code, name in divisions:
            parent = {4: "", 6: code[:4], 9: code[:6], 12: code[:9]}[len(code)]
            add(code, f"{name}指挥中心", "centre", parent, code)
        for department in range(DEPARTMENTS):
            add(f"BD{department:02d}", f"第{department + 1}局", "department", "", CITY)
            for district in range(DISTRICTS):
                add(
                    f"BD{department:02d}-{district:02d}",
                    f"第{department + 1}局第{district + 1}分局",
                    "branch",
                    f"BD{department:02d}",
                    f"{CITY}{district + 1:02d}",
                )


def make_categories(connection: psycopg.Connection, since: object) -> None:
    from bench.city import CATEGORIES, THINGS

    with connection.transaction():
        scheme = connection.execute(
            "insert into cases_scheme (code, version, name_zh, name_en, source, valid_from) values ('BENCH', '1', '测量', '', 'bench', %s) returning id",
            [since],
        ).fetchone()
        assert scheme is not None
        for index in range(CATEGORIES):
            connection.execute(
                "insert into cases_category (scheme_id, code, path, name_zh, name_en, is_leaf, urgency, limits, evidence, first_handler,"
                " supervisor, legal_basis, collect, settle_on_spot, is_complaint, is_active)"
                " values (%s, %s, %s, %s, '', true, 'normal', '{}', '[]', '', '', '', '', true, false, true)",
                [scheme[0], f"B{index:03d}", f"B{index:03d}/", f"{THINGS[index % len(THINGS)]}{index}"],
            )


def sign_in(stage: Stage, name: str, role: str, unit_code: str, codes: list[str]) -> str:
    """An open session without the cost of a password; the cookie's value."""
    import hashlib

    token = secrets.token_urlsafe(24)
    with stage.owner() as connection:
        row = connection.execute(
            "insert into accounts_user (username, name, password, is_active, is_demo, must_change_password, totp_step, created_at)"
            " values (%s, %s, '!', true, false, false, 0, now()) returning id",
            [f"{name}-{token[:8]}", name],
        ).fetchone()
        assert row is not None
        post = connection.execute(
            "insert into accounts_post (user_id, unit_id, role_id, title, codes, valid_from)"
            " select %s, u.id, r.id, '', %s, current_date - 10 from accounts_unit u, accounts_role r where u.code = %s and r.code = %s returning id",
            [row[0], codes, unit_code, role],
        ).fetchone()
        if post is None:
            raise SystemExit(f"no unit {unit_code} or role {role}")
        connection.execute(
            "insert into accounts_session (token_hash, user_id, post_id, stage, started_at, seen_at, ended_by, agent)"
            " values (%s, %s, %s, 'signed_in', now(), now() + interval '1 hour', '', 'bench')",
            [hashlib.sha256(token.encode()).digest(), row[0], post[0]],
        )
    return token
