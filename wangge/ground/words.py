"""Sentences for the person at the terminal, in their language."""

import sys
import time
from contextlib import suppress

from wangge.either import either


class Fault(Exception):
    """Something the operator can put right; the sentence says how."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(either(zh, en))


def tell(zh: str, en: str) -> None:
    """Never fails: a full disk under the output, or nobody reading it, ends nothing."""
    with suppress(OSError):
        print(f"{time.strftime('%H:%M:%S')}  {either(zh, en)}", flush=True)


def complain(fault: BaseException) -> None:
    print(f"{either('错误', 'error')}: {fault}", file=sys.stderr, flush=True)
