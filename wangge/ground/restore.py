"""`wangge restore FILE`: all or nothing. What was there before stays aside until the backup is whole in its place."""

import argparse
import fcntl
import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wangge.either import either
from wangge.ground import psql, stamp
from wangge.ground.backup import DUMP, FORMAT, MANIFEST
from wangge.ground.cluster import Cluster
from wangge.ground.cluster_making import DATABASE, OWNER
from wangge.ground.database import Database, in_use
from wangge.ground.home import files_folder, home_folder, keys_file, unfinished_restore
from wangge.ground.restore_files import Halfway, Staged, staged
from wangge.ground.words import Fault, tell

INCOMING, OUTGOING = "wangge_incoming", "wangge_outgoing"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="wangge restore", description=either("恢复前请先停止 wangge up。", "Stop wangge up first.")
    )
    parser.add_argument("file", type=Path, help=either("备份文件", "file written by wangge backup"))
    parser.add_argument("--replace", action="store_true", help=either("替换已有数据", "replace the data that is there"))
    read = parser.parse_args(arguments)
    home = home_folder()
    home.mkdir(parents=True, exist_ok=True)
    with (home / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Fault("wangge up 正在运行:请先停止再恢复。", "wangge up is running: stop it first.") from None
        with in_use(home) as database:
            put_back(read.file, database, home, replace=read.replace)
    tell("恢复完成。", "restored.")
    return 0


def put_back(source: Path, database: Database, home: Path, *, replace: bool) -> None:
    if _has_tables(database.owner_url) and not (replace and database.cluster):
        raise Fault(
            "数据库里已有数据:要替换请加 --replace(外部数据库请先换一个空库)。",
            "The database holds data: add --replace to replace it (an outside database must be empty).",
        )
    for left in home.glob("restore-*"):  # of one that was killed
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=home) as folder, _marked(home) as mark:
        unpacked = _unpack(source, Path(folder))
        with staged(unpacked, files_folder(home), keys_file(home)) as files:
            tell("导入数据库…", "loading the database…")
            if database.cluster:
                _replace(unpacked / DUMP, database.cluster, files, mark)
            else:
                _fill(unpacked / DUMP, database.owner_url, files, mark)
            # The next start migrates; it adds no demonstration to real data.
            stamp.write(database.owner_url, {stamp.DEMO})


@contextmanager
def _marked(home: Path) -> Iterator[Path]:
    """The mark stays behind only where a restore was killed, or could not undo what it had begun."""
    mark = unfinished_restore(home)
    stood = mark.exists()
    try:
        yield mark
    except Halfway:
        raise
    except BaseException:
        if not stood:
            mark.unlink(missing_ok=True)
        raise
    mark.unlink(missing_ok=True)


def _unpack(source: Path, into: Path) -> Path:
    try:
        with tarfile.open(source) as tar:
            # 3.11.0 to 3.11.3 know no filters; there the look at the names alone has to do.
            tar.extraction_filter = getattr(tarfile, "data_filter", lambda member, path: member)
            tar.extractall(into, members=[_harmless(member) for member in tar])  # noqa: S202 - each was looked at
        about = json.loads((into / MANIFEST).read_text())
    except (OSError, tarfile.TarError, ValueError) as error:
        raise Fault(f"{source} 不是完整的备份:{error}", f"{source} is not a whole backup: {error}") from None
    if about.get("format") != FORMAT or not (into / DUMP).exists():
        raise Fault(f"{source} 由更新的版本写成:请先升级。", f"{source} was written by a newer version: upgrade first.")
    return into


def _harmless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    path = Path(member.name)
    if path.is_absolute() or ".." in path.parts or not (member.isreg() or member.isdir()):
        raise tarfile.TarError(member.name)
    return member


def _replace(dump: Path, cluster: Cluster, files: Staged, mark: Path) -> None:
    cluster.drop_database(INCOMING)
    cluster.create_database(INCOMING)
    try:
        _load(dump, cluster.url("postgres", INCOMING), f"--role={OWNER}")
        cluster.drop_database(OUTGOING)  # of a restore that was killed
        mark.touch()
        _rename(cluster, (DATABASE, OUTGOING), (INCOMING, DATABASE))
    except BaseException:
        cluster.drop_database(INCOMING)
        raise
    try:
        files.swap()
    except BaseException:
        files.undo()
        _rename(cluster, (DATABASE, INCOMING), (OUTGOING, DATABASE))
        cluster.drop_database(INCOMING)
        raise
    files.keep()
    cluster.drop_database(OUTGOING)


def _fill(dump: Path, owner_url: str, files: Staged, mark: Path) -> None:
    """An empty database of somebody else's server: all in one transaction, so the files go first."""
    mark.touch()
    try:
        files.swap()
        _load(dump, owner_url, "--single-transaction")
    except BaseException:
        files.undo()
        raise
    files.keep()


def _rename(cluster: Cluster, *pairs: tuple[str, str]) -> None:
    """All or none."""
    renames = "; ".join(f"alter database {was} rename to {now}" for was, now in pairs)
    try:
        psql.ask(cluster.url("postgres", "postgres"), f"begin; {renames}; commit")
    except psql.Refused as refused:
        raise Fault(
            f"数据库正被使用,换不下来:{refused}", f"The database is in use and cannot be replaced: {refused}"
        ) from None


def _load(dump: Path, url: str, *options: str) -> None:
    location, environment = psql.for_libpq(url)
    command = [str(psql.binary("pg_restore")), "--no-owner", "--exit-on-error", *options, "-d", location, str(dump)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Fault(f"数据库导入失败:{done.stderr.strip()}", f"The database cannot be loaded: {done.stderr.strip()}")


def _has_tables(owner_url: str) -> bool:
    return psql.ask(owner_url, "select exists (select from pg_tables where schemaname = 'public')") == "t"
