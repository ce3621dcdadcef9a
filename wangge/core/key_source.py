"""Where a key ring is kept: a file of our own, the environment, or a command of the site's key management."""

import fcntl
import os
import shlex
import stat
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wangge.core.keyring import Algorithm, BadRing, HashAlgorithm, KeyRing
from wangge.either import either

COMMAND_SECONDS = 30


def create_ring_file(path: Path, *, algorithm: Algorithm = Algorithm.AES_256_GCM) -> KeyRing:
    """Makes the ring at first use, mode 0600; of several processes one wins, and all get the winner's ring.

    With SM4 the hashes are SM3's, which can be chosen at no later time.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        hashes = HashAlgorithm.HMAC_SM3 if algorithm is Algorithm.SM4_GCM else HashAlgorithm.HMAC_SHA256
        temporary = _written_beside(path, KeyRing.generate(algorithm=algorithm, hash_algorithm=hashes).to_json())
        try:
            os.link(temporary, path)  # unlike a rename, fails when somebody was first
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
        _sync_folder(path.parent)
    return read_ring_file(path)


def read_ring_file(path: Path) -> KeyRing:
    """Raises BadRing: absent, readable by others, or malformed."""
    try:
        mode = path.stat().st_mode
        if mode & (stat.S_IROTH | stat.S_IWOTH | stat.S_IWGRP):
            command = f"chmod 600 {shlex.quote(str(path))}"
            raise BadRing(
                either(
                    f"密钥文件 {path} 对其他账号开放，请执行：{command}",
                    f"The key file {path} is open to other accounts; run: {command}",
                )
            )
        return KeyRing.from_json(path.read_bytes())
    except FileNotFoundError:
        raise BadRing(
            either(
                f"没有密钥文件 {path}。如已丢失，请从备份中找回，不要新建。",
                f"There is no key file at {path}. If it is lost, take it from the backup; do not make a new one.",
            )
        ) from None
    except OSError as error:
        raise BadRing(
            either(
                f"密钥文件 {path} 读不到：{error.strerror}。",
                f"The key file {path} cannot be read: {error.strerror}.",
            )
        ) from error


def rotate_ring_file(path: Path, *, algorithm: Algorithm | None = None) -> KeyRing:
    """Adds a new current key; whole or not at all, one at a time. Running processes notice by themselves."""
    with _locked(path):
        ring = read_ring_file(path).rotated(algorithm=algorithm)
        os.replace(_written_beside(path, ring.to_json()), path)
        _sync_folder(path.parent)
    return ring


def drop_from_ring_file(path: Path, name: str) -> KeyRing:
    """Without the key. Raises BadRing for the current one."""
    with _locked(path):
        ring = read_ring_file(path).without(name)
        os.replace(_written_beside(path, ring.to_json()), path)
        _sync_folder(path.parent)
    return ring


def ring_from_command(command: str) -> KeyRing:
    """Runs the site's command (no shell), which prints the ring as JSON. Raises BadRing; never shows its output."""
    try:
        done = subprocess.run(
            shlex.split(command), capture_output=True, timeout=COMMAND_SECONDS, check=True, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise BadRing(
            either(
                f"密钥管理命令 {COMMAND_SECONDS} 秒内没有应答。",
                f"The key command gave no answer within {COMMAND_SECONDS} s.",
            )
        ) from None
    except subprocess.CalledProcessError as error:
        raise BadRing(
            either(
                f"密钥管理命令失败，返回码 {error.returncode}。",
                f"The key command failed with code {error.returncode}.",
            )
        ) from None
    except (OSError, ValueError) as error:
        raise BadRing(either(f"密钥管理命令无法运行：{error}。", f"The key command cannot be run: {error}.")) from None
    return KeyRing.from_json(done.stdout)


def _written_beside(path: Path, text: str) -> Path:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path.with_name(f".{path.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
