"""`wangge keys`: which keys seal personal values; a new one from now on; old values sealed anew; an old key dropped."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from tqdm import tqdm

from wangge.core import clock, crypto, journal, key_check, key_source, resealing
from wangge.core.actor import acting
from wangge.core.keyring import Algorithm, CryptoError, KeyRing
from wangge.core.management.command import TerminalCommand
from wangge.core.management.keys_at_hand import check_keys
from wangge.either import either

BACKUPS = either(
    "此前的备份仍需要旧密钥：备份到期之前，请把旧密钥与备份分开妥善保存。",
    "Backups made before still need the old keys: keep those safe, apart from the backups, until the backups expire.",
)


class Command(TerminalCommand):
    help = either("查看、轮换加密密钥，重新加密，停用旧密钥。", "Show or rotate the keys, seal anew, drop an old key.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        new = either("生成新密钥作为当前密钥，旧密钥仍可解密", "make a new current key; older ones stay readable")
        parser.add_argument("--rotate", action="store_true", help=new)
        algorithm = either("新密钥的算法，默认与当前密钥相同", "of the new key; else that of the present one")
        parser.add_argument("--algorithm", choices=list(Algorithm), help=algorithm)
        check = either("核对是不是这个数据库的密钥", "refuse keys that are not those of the database")
        parser.add_argument("--check", action="store_true", help=check)
        reseal = either("用当前密钥重新加密旧数据，可中断再运行", "seal anew what older keys sealed; can be stopped")
        parser.add_argument("--reseal", action="store_true", help=reseal)
        drop = either("从密钥文件中移除已无数据使用的旧密钥", "take an old key that no value needs out of the key file")
        parser.add_argument("--drop", metavar="KEY", help=drop)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["algorithm"] and not options["rotate"]:
            raise CommandError(
                either(
                    "--algorithm 是新密钥的算法，请与 --rotate 一起用；密钥没有改变。",
                    "--algorithm is of the new key: give it with --rotate. Nothing was changed.",
                ),
                returncode=2,
            )
        try:
            crypto.ensure_keys()
            if options["rotate"]:
                self._rotate(options["algorithm"])
            if options["check"]:
                key_check.verify(at=clock.now())
                return
            if options["reseal"]:
                self._reseal()
            if options["drop"]:
                self._drop(options["drop"])
            self._show(crypto.reload_keys())
        except CryptoError as failure:
            raise CommandError(str(failure)) from failure

    def _rotate(self, algorithm: str | None) -> None:
        _check_in_file()
        key_source.rotate_ring_file(settings.WANGGE_KEYS_FILE, algorithm=Algorithm(algorithm) if algorithm else None)

    def _show(self, ring: KeyRing) -> None:
        for name, key in ring.keys.items():
            self.stdout.write(f"{'*' if name == ring.current else ' '} {name}  {key.algorithm}")

    def _reseal(self) -> None:
        check_keys()
        with tqdm(desc=either("重新加密", "sealing anew"), unit=either("行", " rows"), disable=None) as bar:

            def told(table: str, rows: int) -> None:
                bar.set_postfix_str(table)
                bar.update(rows)

            outcome = resealing.reseal(told)
        for name, count in outcome.resealed.items():
            if count:
                self.stdout.write(f"  {name}  {count}")
        current, used = crypto.reload_keys().current, resealing.keys_used()
        self._record("keys.resealed", current, {"resealed": +outcome.resealed, "unreadable": len(outcome.unreadable)})
        for table, row in sorted(outcome.unreadable)[:20]:
            self.stderr.write(f"{either('打不开，保持原样', 'does not open, left as it is')}: {table} {row}")
        self._say_what_may_go(current, used)

    def _say_what_may_go(self, current: str, used: Counter[str]) -> None:
        old = [name for name in crypto.reload_keys().keys if name != current]
        for name in old:
            if used[name]:
                more = f"{used[name]} values still need it: run this again"
                self.stdout.write(f"{name}: {either(f'还有 {used[name]} 个值在用，请再运行一次', more)}")
            else:
                command = f"wangge keys --drop {name}"
                self.stdout.write(f"{name}: {either('已无数据使用，可停用', 'nothing needs it now')}: {command}")
        if old:
            self.stdout.write(BACKUPS)

    def _drop(self, name: str) -> None:
        check_keys()
        _check_in_file()
        if count := resealing.keys_used()[name]:
            raise CommandError(
                either(
                    f"密钥 {name} 还有 {count} 个值在用，请先运行 wangge keys --reseal；没有改动。",
                    f"{count} values still need {name}: run wangge keys --reseal first. Nothing was changed.",
                )
            )
        key_source.drop_from_ring_file(settings.WANGGE_KEYS_FILE, name)
        self._record("keys.dropped", name, {})
        self.stdout.write(f"{name}: {either('已停用。', 'dropped. ')}{BACKUPS}")

    def _record(self, kind: str, key: str, data: dict[str, Any]) -> None:
        with acting(resealing.BY) as by:
            journal.record(journal.Entry(kind=kind, subject=("key", key), data=data), by=by, at=clock.now())


def _check_in_file() -> None:
    """Raises CommandError: a file beside the ring in use would be changed, to no effect."""
    if crypto.kept_elsewhere():
        raise CommandError(
            either(
                "密钥来自环境变量或密钥管理命令，请在那里轮换或停用；没有改动。",
                "The keys come from the environment or a command: change them there. Nothing was changed.",
            )
        )
