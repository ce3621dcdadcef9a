"""What of the registry is looked at, in the words of the journal: for the limit, the watch, and who asks who looked."""

from typing import Literal, get_args

LookedAt = Literal["person", "household", "dwelling", "organisation", "care"]

LOOKED_AT: tuple[LookedAt, ...] = get_args(LookedAt)
SHOWING_PEOPLE: tuple[LookedAt, ...] = ("person", "household", "dwelling", "organisation")  # noted when opened
READ = tuple(f"{kind}.read" for kind in LOOKED_AT)
REVEALED = tuple(f"{kind}.revealed" for kind in LOOKED_AT)
