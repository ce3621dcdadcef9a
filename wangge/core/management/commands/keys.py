"""`wangge keys`: which keys seal personal values; a new one from now on; whether they are this database's."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from wangge.core import clock, crypto, key_check, key_source
from wangge.core.keyring import Algorithm, CryptoError


class Command(BaseCommand):
    help = "查看或轮换加密密钥。 Show or rotate the encryption keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rotate", action="store_true", help="make a new current key; older ones stay readable")
        parser.add_argument("--algorithm", choices=list(Algorithm), help="of the new key; else that of the present one")
        parser.add_argument("--check", action="store_true", help="refuse keys that are not those of the database")

    def handle(self, *args: Any, rotate: bool, algorithm: str | None, check: bool, **options: Any) -> None:
        try:
            crypto.ensure_keys()
            if rotate:
                chosen = Algorithm(algorithm) if algorithm else None
                key_source.rotate_ring_file(settings.WANGGE_KEYS_FILE, algorithm=chosen)
            ring = crypto.reload_keys()
            if check:
                key_check.verify(at=clock.now())
                return
        except CryptoError as failure:
            raise CommandError(str(failure)) from failure
        for name, key in ring.keys.items():
            self.stdout.write(f"{'*' if name == ring.current else ' '} {name}  {key.algorithm}")
