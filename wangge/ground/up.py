"""`wangge up`: checks, database, migrations, demonstration, processes, and the address to open."""

import argparse
import fcntl
import json
import math
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from wangge.either import either
from wangge.ground import certificate, checks, secret_file, stamp
from wangge.ground.child import Child, Recipe
from wangge.ground.database import Database, check_outside, in_use
from wangge.ground.home import ROOT, home_folder, keys_file
from wangge.ground.supervisor import Stopped, Supervisor
from wangge.ground.words import Fault, tell

READY_TIMEOUT_S = 60.0
AT_ONCE = 8  # requests in work together in each api process
THREADS = 64  # of each: the others wait for bodies that come slowly (config/admission.py)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # and where we ask ourselves then  # noqa: S104 - not bound here


@dataclass(frozen=True)
class Options:
    home: Path
    host: str
    port: int
    live_port: int
    positions_port: int
    https: bool
    demo: bool
    processes: int
    at_once: int

    @property
    def scheme(self) -> str:
        return "https" if self.https else "http"


def main(arguments: list[str]) -> int:
    options = _read(arguments)
    began = time.monotonic()
    checks.home_usable(options.home)
    checks.nothing_half_restored(options.home)
    with _only_one(options):
        checks.port_free(options.host, options.port, "--port")
        checks.port_free(options.host, options.live_port, "--live-port")
        checks.port_free(options.host, options.positions_port, "--positions-port")
        with in_use(options.home) as database:
            supervisor = Supervisor(database.cluster)
            with supervisor.listening():
                _run(supervisor, options, database, began)
    tell("全部已停止,数据留在原处。", "everything has stopped; the data stays.")
    return 0


def _run(supervisor: Supervisor, options: Options, database: Database, began: float) -> None:
    environment = _environment(options)
    try:
        _prepare(supervisor, options, database, environment)
        supervisor.children = [
            Child(recipe, options.home / "log") for recipe in _recipes(options, database, environment)
        ]
        for child in supervisor.children:
            if child.recipe.serves:
                child.start()
        _wait_until_served(supervisor, options)
        for child in supervisor.children:
            if not child.recipe.serves:
                child.start()
        _greet(options, time.monotonic() - began)
        supervisor.watch()
    except Stopped:
        pass
    finally:
        if supervisor.children:
            tell("正在停止…", "stopping…")
        supervisor.stop_children()


def _prepare(supervisor: Supervisor, options: Options, database: Database, environment: dict[str, str]) -> None:
    if database.cluster is None:
        check_outside(database)
    marks = stamp.read(database.owner_url)
    environment = environment | database.environment()
    is_new = stamp.code() not in marks
    if is_new:
        tell("更新数据库结构…", "bringing the tables up to date…")
        supervisor.run_step([sys.executable, "-m", "wangge", "migrate", "--verbosity", "0"], environment)
        marks = stamp.read(database.owner_url)
    # With other keys than the database's nothing may start: what they seal could never be read beside the rest. The api
    # looks itself each time; before it, where keys may be made or are gone.
    if is_new or not keys_file(options.home).exists():
        supervisor.run_step([sys.executable, "-m", "wangge", "keys", "--check"], environment)
    if options.demo and stamp.DEMO not in marks:
        tell("装入演示数据(仅在空库时)…", "loading the demonstration (into an empty database only)…")
        supervisor.run_step([sys.executable, "-m", "wangge", "demo", "--if-empty"], environment)
        stamp.write(database.owner_url, marks | {stamp.DEMO})


def _recipes(options: Options, database: Database, environment: dict[str, str]) -> list[Recipe]:
    """The owner's password stays with `migrate`: no process that answers people holds it."""
    environment = environment | {"DATABASE_URL": database.app_url}
    environment.pop("DATABASE_OWNER_URL", None)
    pooled = environment | {"WANGGE_POOL": "1", "WANGGE_POOL_SIZE": str(options.at_once + 2)}
    pooled["WANGGE_AT_ONCE"] = str(options.at_once)
    granian = [
        sys.executable,
        "-m",
        "granian",
        "--host",
        options.host,
        "--no-ws",
        "--log-level",
        "warning",
    ]
    granian += ["--workers-kill-timeout", "5"]
    if options.https:
        chain, key = certificate.ensure(options.home / "tls")
        granian += ["--ssl-certificate", str(chain), "--ssl-keyfile", str(key)]
    api = ["--port", str(options.port), "--interface", "wsgi", "--blocking-threads", str(THREADS)]
    api += ["--workers", str(options.processes)]
    if options.processes > 1:  # one that dies does not take the others with it
        api += ["--respawn-failed-workers", "--respawn-interval", "0.5"]
    alone = ["--interface", "asgi", "--loop", "uvloop", "--workers", "1"]
    live = ["--port", str(options.live_port), *alone, "wangge.live.asgi:application"]
    positions = ["--port", str(options.positions_port), *alone, "wangge.field.ingest.asgi:application"]
    return [
        Recipe("api", [*granian, *api, "wangge.config.wsgi:application"], pooled),
        Recipe("live", [*granian, *live], environment),
        Recipe("positions", [*granian, *positions], environment),
        Recipe("worker", [sys.executable, "-m", "wangge", "worker"], environment, serves=False),
    ]


def api_processes(cores: int) -> int:
    """Python runs one thread at a time in a process, and a request costs the database half of what it costs us."""
    return math.ceil(cores * 2 / 3)


def _environment(options: Options) -> dict[str, str]:
    ours = {
        "WANGGE_HOME": str(options.home),
        "WANGGE_SECRET_KEY": secret_file.read_or_make(options.home).secret_key,
        "WANGGE_PORT": str(options.port),
        "WANGGE_LIVE_PORT": str(options.live_port),
        "WANGGE_POSITIONS_PORT": str(options.positions_port),
        "WANGGE_HTTPS": "1" if options.https else "0",
        "WANGGE_DEMO": "1" if options.demo else "0",
        "DJANGO_SETTINGS_MODULE": "wangge.config.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
        "PYTHONUNBUFFERED": "1",
        "MALLOC_ARENA_MAX": "2",  # glibc gives each thread an arena otherwise, and keeps them
    }
    if not os.environ.get("WANGGE_HOSTS") and options.host not in LOOPBACK:
        own = certificate.addresses() if options.host in EVERYWHERE else [options.host]
        names = ["localhost", "127.0.0.1", "::1", socket.gethostname(), *own]
        ours["WANGGE_HOSTS"] = ",".join(f"[{name}]" if ":" in name else name for name in names)
    return dict(os.environ) | ours


def _wait_until_served(supervisor: Supervisor, options: Options) -> None:
    deadline = time.monotonic() + READY_TIMEOUT_S
    api = supervisor.children[0]
    while not _answers(options):
        if supervisor.stopping:
            raise Stopped
        code = api.death()
        if code is not None or time.monotonic() > deadline:
            print(api.latest_lines(), file=sys.stderr)
            raise Fault(
                f"服务没有起来,原因见上(日志 {api.log})。", f"The service did not come up; see above (log {api.log})."
            )
        supervisor.pause(0.05)


def _answers(options: Options) -> bool:
    """Whether a request is answered; granian accepts connections long before the application is loaded."""
    host = EVERYWHERE.get(options.host, options.host)
    try:
        with socket.create_connection((host, options.port), timeout=READY_TIMEOUT_S) as plain:
            request = f"GET /health HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
            if not options.https:
                plain.sendall(request)
                return plain.recv(12).startswith(b"HTTP/1.")
            import ssl  # megabytes that a supervisor without --https can spare

            trust = ssl.create_default_context(cafile=str(options.home / "tls" / "authority.pem"))
            with trust.wrap_socket(plain, server_hostname=host) as secure:
                secure.sendall(request)
                return secure.recv(12).startswith(b"HTTP/1.")
    except OSError:
        return False


def _greet(options: Options, seconds: float) -> None:
    tell(
        f"网格已就绪,用时 {seconds:.1f} 秒。按 Ctrl-C 停止。",
        f"wangge is ready after {seconds:.1f} s. Ctrl-C stops it.",
    )
    everywhere = options.host in EVERYWHERE
    names = ["localhost" if options.https else "127.0.0.1", *certificate.addresses()] if everywhere else [options.host]
    for name in names:
        print(f"    {options.scheme}://{f'[{name}]' if ':' in name else name}:{options.port}/")
    if options.https:
        print(
            either("    手机先安装根证书:", "    install this authority on the phone first: ")
            + f"{options.home}/tls/authority.pem"
        )
    if not (Path(os.environ.get("WANGGE_WEB") or ROOT / "web" / "dist")).exists():
        tell(
            "页面还没有构建:请用 script/start 启动一次。", "the pages are not built yet: start once with script/start."
        )
    if options.demo:
        _show_accounts(options.home / "demo.json")
    sys.stdout.flush()


def _show_accounts(path: Path) -> None:
    """`demo.json` is written by `wangge demo`: {"password": …, "accounts": [{"username": …, "role": …, "name": …}]}."""
    if not path.exists():
        return
    shown = json.loads(path.read_text())
    print(
        either("    演示账号(只能从本机登录),密码 ", "    demonstration accounts (from this machine only), password ")
        + shown["password"]
    )
    for account in shown["accounts"]:
        print(f"      {account['username']:<16} {account['role']}  {account['name']}")


@contextmanager
def _only_one(options: Options) -> Iterator[None]:
    with (options.home / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            running = lock.read().strip()
            raise Fault(f"已经在运行:{running}", f"It is running already: {running}") from None
        lock.truncate(0)
        lock.write(f"{options.scheme}://{options.host}:{options.port}/ (pid {os.getpid()})\n")
        lock.flush()
        yield


def _read(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(
        prog="wangge up",
        description=either(
            "启动数据库、接口、实时推送、定位接收和后台任务;Ctrl-C 全部停止。",
            "Start database, api, live, positions and worker; Ctrl-C stops them all.",
        ),
        epilog=either("手机访问:wangge up --host 0.0.0.0 --https", "For phones: wangge up --host 0.0.0.0 --https"),
    )
    port, live = int(os.environ.get("WANGGE_PORT") or 8000), int(os.environ.get("WANGGE_LIVE_PORT") or 8001)
    parser.add_argument("--host", default="127.0.0.1", help=either("监听地址", "address to listen on"))
    parser.add_argument("--port", type=int, default=port, help=either("页面与接口的端口", "port of pages and api"))
    parser.add_argument("--live-port", type=int, default=live, help=either("实时推送的端口", "port of the live feed"))
    positions = int(os.environ.get("WANGGE_POSITIONS_PORT") or 0)
    parser.add_argument(
        "--positions-port",
        type=int,
        default=positions,
        help=either("定位接收的端口(默认为页面端口加 2)", "port that takes positions (that of the pages + 2)"),
    )
    parser.add_argument("--https", action="store_true", help=either("本机签发证书", "with a certificate made here"))
    parser.add_argument(
        "--no-demo", action="store_true", help=either("不装演示数据,停用演示账号", "no demonstration data or accounts")
    )
    processes = int(os.environ.get("WANGGE_PROCESSES") or api_processes(os.cpu_count() or 1))
    parser.add_argument("--processes", type=int, default=processes, help=either("接口进程数", "processes of the api"))
    at_once = int(os.environ.get("WANGGE_AT_ONCE") or AT_ONCE)
    parser.add_argument(
        "--at-once",
        type=int,
        default=at_once,
        help=either("每进程同时处理的请求数", "requests that each of them works on together"),
    )
    read = parser.parse_args(arguments)
    return Options(
        home=home_folder(),
        host=read.host,
        port=read.port,
        live_port=read.live_port,
        positions_port=read.positions_port or read.port + 2,
        https=read.https,
        demo=not read.no_demo,
        processes=read.processes,
        at_once=read.at_once,
    )
