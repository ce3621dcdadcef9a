"""`wangge restore FILE`: all or nothing. What was there before stays aside until the backup is whole in its place."""

import argparse
import fcntl
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from wangge.ground import psql, stamp
from wangge.ground.backup import DUMP, FILES, FORMAT, KEYS, MANIFEST
from wangge.ground.cluster import Cluster
from wangge.ground.cluster_making import DATABASE, OWNER
from wangge.ground.database import Database, in_use
from wangge.ground.home import home_folder
from wangge.ground.words import Fault, either, tell

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
    with tempfile.TemporaryDirectory(prefix="restore-", dir=home) as folder:
        unpacked = _unpack(source, Path(folder))
        tell("导入数据库…", "loading the database…")
        if database.cluster:
            _swap_database(unpacked / DUMP, database.cluster)
        else:
            _load(unpacked / DUMP, database.owner_url, "--single-transaction")
        _swap_files(unpacked, home)
    stamp.write(database.owner_url, {stamp.DEMO})  # the next start migrates; it adds no demonstration to real data


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


def _swap_database(dump: Path, cluster: Cluster) -> None:
    admin = cluster.url("postgres", "postgres")
    cluster.drop_database(INCOMING)
    cluster.create_database(INCOMING)
    try:
        _load(dump, cluster.url("postgres", INCOMING), f"--role={OWNER}")
    except Fault:
        cluster.drop_database(INCOMING)
        raise
    psql.ask(admin, f"alter database {DATABASE} rename to {OUTGOING}; alter database {INCOMING} rename to {DATABASE}")
    cluster.drop_database(OUTGOING)


def _load(dump: Path, url: str, *options: str) -> None:
    location, environment = psql.for_libpq(url)
    command = [str(psql.binary("pg_restore")), "--no-owner", "--exit-on-error", *options, "-d", location, str(dump)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Fault(f"数据库导入失败:{done.stderr.strip()}", f"The database cannot be loaded: {done.stderr.strip()}")


def _swap_files(unpacked: Path, home: Path) -> None:
    files = Path(os.environ.get("WANGGE_FILES") or home / FILES)
    aside = files.with_name(files.name + ".before-restore")
    shutil.rmtree(aside, ignore_errors=True)
    if files.exists():
        files.rename(aside)
    if (unpacked / FILES).exists():
        shutil.move(unpacked / FILES, files)
    shutil.rmtree(aside, ignore_errors=True)
    if (unpacked / KEYS).exists():
        os.replace(unpacked / KEYS, home / KEYS)


def _has_tables(owner_url: str) -> bool:
    return psql.ask(owner_url, "select exists (select from pg_tables where schemaname = 'public')") == "t"
