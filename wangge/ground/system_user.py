"""PostgreSQL refuses to run as root. Started by root, it runs as a system user of its own, made once by useradd.

That user may have no way into the folder of the clone (`/root` is 0700). It is then let through by an access
control entry for this one user and for passing only: nobody else gains anything.
"""

import os
import pwd
import shutil
import struct
import subprocess
from pathlib import Path
from typing import TypedDict

from wangge.ground.words import Fault

NAME = "wangge-postgres"

# Layout of system.posix_acl_access: a version, then (tag, permission, id) each. linux/posix_acl_xattr.h
_VERSION = 2
_USER_OBJ, _USER, _GROUP_OBJ, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NO_ID = 0xFFFFFFFF
_PASS = 0o1


class RunAs(TypedDict, total=False):
    """Arguments of subprocess.Popen."""

    user: int
    group: int
    extra_groups: list[int]


def run_as() -> RunAs:
    if os.geteuid() != 0:
        return {}
    entry = _entry()
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def give(path: Path) -> None:
    if os.geteuid() == 0:
        entry = _entry()
        os.chown(path, entry.pw_uid, entry.pw_gid)


def let_through(path: Path) -> None:
    """Every folder above `path` can be passed by the database's user."""
    if os.geteuid() != 0:
        return
    uid = _entry().pw_uid
    for folder in reversed(path.resolve().parents):
        status = folder.stat()
        if status.st_uid == uid or status.st_mode & _PASS:
            continue
        try:
            _allow_passing(folder, uid)
        except OSError:
            raise Fault(
                f"数据库用户 {NAME} 进不了 {folder}:请执行 chmod o+x {folder},或把项目放到 /opt 等公共目录。",
                f"The user {NAME} cannot pass {folder}: run chmod o+x {folder}, or put the clone under /opt.",
            ) from None


def _entry() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if useradd is None:
        raise Fault(
            f"以 root 启动需要系统用户 {NAME}:请先创建它,或换普通用户启动。",
            f"Started as root, the database needs a system user {NAME}: create it, or start as an ordinary user.",
        )
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    done = subprocess.run([*command, "--shell", "/usr/sbin/nologin", NAME], capture_output=True, text=True, check=False)
    if done.returncode not in {0, 9}:  # 9: another start made it meanwhile
        raise Fault(
            f"无法创建系统用户 {NAME}:{done.stderr.strip()}",
            f"Cannot create the system user {NAME}: {done.stderr.strip()}",
        )
    return pwd.getpwnam(NAME)


def _allow_passing(folder: Path, uid: int) -> None:
    entries = _entries(folder)
    held = entries.get((_USER, uid), 0)
    entries[_USER, uid] = held | _PASS
    # The mask caps named users and groups. Without one, the group's own bits were what it had.
    entries[_MASK, _NO_ID] = entries.get((_MASK, _NO_ID), entries[_GROUP_OBJ, _NO_ID]) | _PASS
    packed = struct.pack("<I", _VERSION)
    for (tag, who), permission in sorted(entries.items()):
        packed += struct.pack("<HHI", tag, permission, who)
    os.setxattr(folder, "system.posix_acl_access", packed)


def _entries(folder: Path) -> dict[tuple[int, int], int]:
    try:
        raw = os.getxattr(folder, "system.posix_acl_access")
    except OSError:
        mode = folder.stat().st_mode
        return {(_USER_OBJ, _NO_ID): mode >> 6 & 7, (_GROUP_OBJ, _NO_ID): mode >> 3 & 7, (_OTHER, _NO_ID): mode & 7}
    return {(tag, who): permission for tag, permission, who in struct.iter_unpack("<HHI", raw[4:])}
