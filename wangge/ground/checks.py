"""What would make a start fail later, found first and said in one sentence."""

import errno
import os
import shutil
import socket
from pathlib import Path

from wangge.ground.home import unfinished_restore
from wangge.ground.words import Fault

LEAST_FREE_MIB = 512  # write-ahead log between two checkpoints, and room to say that it is full
MIB = 1024 * 1024


def port_free(host: str, port: int, option: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _port_fault(host, port, option, error) from None


def home_usable(home: Path) -> None:
    try:
        home.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise Fault(f"无法创建 {home}:{error.strerror}。", f"Cannot make {home}: {error.strerror}.") from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise Fault(
            f"{home} 不可写(可能曾以 root 启动):请改回其拥有者,或用 WANGGE_HOME 另指一处。",
            f"{home} cannot be written (was it started as root once?): change its owner, or set WANGGE_HOME.",
        )
    free = shutil.disk_usage(home).free // MIB
    if free < LEAST_FREE_MIB:
        raise Fault(
            f"磁盘快满了:{home} 只剩 {free} MiB,至少需要 {LEAST_FREE_MIB} MiB,请先腾出空间。",
            f"The disk is nearly full: {free} MiB left at {home}, {LEAST_FREE_MIB} MiB needed; free some space first.",
        )


def nothing_half_restored(home: Path) -> None:
    if unfinished_restore(home).exists():
        raise Fault(
            "上次恢复中断,数据、文件和密钥可能不成套:请重新执行 wangge restore --replace。",
            "The latest restore was broken off; data, files and keys may not match: run wangge restore --replace.",
        )


def _port_fault(host: str, port: int, option: str, error: OSError) -> Fault:
    if error.errno == errno.EADDRINUSE:
        return Fault(
            f"端口 {port} 已被占用:请停掉占用它的程序,或加 {option} 另选端口。",
            f"Port {port} is taken: stop what uses it, or choose another with {option}.",
        )
    if error.errno == errno.EACCES:
        return Fault(
            f"端口 {port} 需要管理员权限:请用 {option} 选 1024 以上的端口。",
            f"Port {port} needs privileges: choose one above 1024 with {option}.",
        )
    return Fault(f"无法监听 {host}:{port}:{error.strerror}。", f"Cannot listen on {host}:{port}: {error.strerror}.")
