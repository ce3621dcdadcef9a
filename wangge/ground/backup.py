"""`wangge backup FILE`: a consistent dump, the files, and the keys to its sealed values, in one tar file.

Whoever holds the file can read everything in it: it is written 0600 and belongs in a safe place.
"""

import argparse
import io
import json
import os
import subprocess
import tarfile
import time
from contextlib import suppress
from pathlib import Path

from wangge.either import either
from wangge.ground import psql, restore_files
from wangge.ground.database import Database, in_use
from wangge.ground.home import files_folder, home_folder, keys_file
from wangge.ground.restore_files import FILES, KEYS
from wangge.ground.words import Fault, tell

FORMAT = 1
DUMP, MANIFEST = "database.dump", "manifest.json"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="wangge backup",
        description=either(
            "运行中也可执行;文件含密钥,请妥善保管。", "Also while it runs. The file holds the keys: keep it safe."
        ),
    )
    parser.add_argument("file", type=Path, help=either("备份文件", "file to write"))
    target = parser.parse_args(arguments).file.resolve()
    home = home_folder()
    with in_use(home, make=False) as database:
        write(target, database, home)
    size = target.stat().st_size // 1024 // 1024
    tell(f"备份完成:{target}({size} MiB)", f"backup written: {target} ({size} MiB)")
    return 0


def write(target: Path, database: Database, home: Path) -> None:
    dump, draft = target.with_name(target.name + ".dump"), target.with_name(target.name + ".part")
    try:
        tell("导出数据库…", "dumping the database…")
        _dump(database, dump)
        tell("收集文件…", "collecting the files…")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as raw:
            _collect(raw, dump, home)
            raw.flush()
            os.fsync(raw.fileno())
        draft.rename(target)
    except OSError as error:
        raise Fault(f"写不了备份:{error}", f"The backup cannot be written: {error}") from None
    finally:
        dump.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)


def _dump(database: Database, to: Path) -> None:
    """By PostgreSQL's own superuser where the server is ours: policies hide nothing from it."""
    url = database.cluster.url("postgres") if database.cluster else database.owner_url
    location, environment = psql.for_libpq(url)
    to.touch(mode=0o600)
    command = [str(psql.binary("pg_dump")), "--format=custom", "--compress=gzip:3", f"--file={to}", "-d", location]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Fault(f"数据库导出失败:{done.stderr.strip()}", f"The database cannot be dumped: {done.stderr.strip()}")


def _collect(raw: io.BufferedWriter, dump: Path, home: Path) -> None:
    """Files after the dump: an attachment's bytes exist before its row does, so every row finds its file."""
    about = {"format": FORMAT, "written_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())}
    with tarfile.open(fileobj=raw, mode="w") as tar:
        entry = tarfile.TarInfo(MANIFEST)
        content = json.dumps(about).encode()
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
        tar.add(dump, DUMP)
        if keys_file(home).exists():
            tar.add(keys_file(home), KEYS)
        _collect_files(tar, files_folder(home))


def _collect_files(tar: tarfile.TarFile, folder: Path) -> None:
    """What is gone again since it was listed was an upload under way, and no row's."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - {restore_files.INCOMING, restore_files.OUTGOING})
        for path in (Path(place), *(Path(place, name) for name in sorted(names))):
            with suppress(FileNotFoundError):
                tar.add(path, str(Path(FILES, path.relative_to(folder))), recursive=False)
