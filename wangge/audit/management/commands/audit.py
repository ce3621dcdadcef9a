"""`wangge audit verify FILE`: whether an export of the journal is what this house signed; `wangge audit key`."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from wangge.audit import signing
from wangge.core import crypto
from wangge.core.keyring import CryptoError
from wangge.core.management.command import TerminalCommand
from wangge.either import either


class Command(TerminalCommand):
    help = either("核对导出的操作记录，查看签名公钥。", "Check an exported journal; show the signing key.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="what", required=True)
        verify = parts.add_parser("verify", help=either("核对文件和签名", "is this file what was signed?"))
        verify.add_argument("file", type=Path)
        beside = either("签名文件，默认为旁边的 FILE.sig", "FILE.sig beside it when not given")
        verify.add_argument("--signature", type=Path, help=beside)
        own = either("公钥（PEM），默认用本系统的", "public key as PEM; this house's own when not given")
        verify.add_argument("--key", type=Path, help=own)
        parts.add_parser("key", help=either("输出签名公钥", "print the public key"))

    def handle(self, *args: Any, what: str, **options: Any) -> None:
        if what == "key":
            _read_keys()
            self.stdout.write(signing.public_pem().decode())
            return
        try:
            self._verify(options["file"], options["signature"], options["key"])
        except signing.NotGenuine as fault:
            self.stderr.write(f"✗ {either(fault.zh, fault.en)}")
            sys.exit(1)

    def _verify(self, file: Path, beside: Path | None, key: Path | None) -> None:
        """Raises NotGenuine, CommandError."""
        statement = _read_json(beside or file.with_name(file.name + ".sig"))
        if not file.is_file():
            raise CommandError(either(f"没有这个文件：{file}", f"there is no such file: {file}"))
        if key is None:
            _read_keys()
        trusted = signing.public_key() if key is None else signing.read_public_pem(_read(key))
        signing.check(file, statement, trusted)
        rows = statement["rows"]
        self.stdout.write(f"✓ {either(f'文件与签名一致：{rows} 条记录', f'genuine: {rows} entries')}")
        self.stdout.write(f"  {statement['made_at']}  {statement['asked_by']}  {statement['sha256']}")
        self.stdout.write(f"  {either('公钥指纹', 'key')} {signing.fingerprint(trusted)}")


def _read_keys() -> None:
    """Raises CommandError: a lost key file is not made anew to sign with."""
    try:
        crypto.ensure_keys()
    except CryptoError as failure:
        raise CommandError(str(failure)) from failure


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as problem:
        why = problem.strerror
        raise CommandError(either(f"读不到 {path}：{why}", f"cannot read {path}: {why}")) from None


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(_read(path))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise signing.NotGenuine("签名文件的格式不对。", "The signature file has another format.")
    return found
