"""`wangge keys`: which keys seal personal values; a new one for what is written from now on."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from wangge.core import crypto, key_source


class Command(BaseCommand):
    help = "查看或轮换加密密钥。 Show or rotate the encryption keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rotate", action="store_true", help="make a new current key; older ones stay readable")

    def handle(self, *args: Any, rotate: bool, **options: Any) -> None:
        crypto.ensure_keys()
        if rotate:
            key_source.rotate_ring_file(settings.WANGGE_KEYS_FILE)
        ring = crypto.reload_keys()
        for name, key in ring.keys.items():
            self.stdout.write(f"{'*' if name == ring.current else ' '} {name}  {key.algorithm}")
