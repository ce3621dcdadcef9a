"""What a process is made of is no garbage: the collector neither looks at it while it is imported nor afterwards.

It would go through the same two hundred thousand objects again and again: a quarter of the time until a process
serves, and a pause of 0.1 to 0.3 s (measured) each time the process has grown by a quarter.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

GARBAGE_AFTER = (10_000, 20, 20)  # objects that are not freed by themselves; a request makes thousands, few in circles


@contextmanager
def loading() -> Iterator[None]:
    """Around a process's imports."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.set_threshold(*GARBAGE_AFTER)
        gc.enable()
