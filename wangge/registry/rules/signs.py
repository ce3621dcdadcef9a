"""What a sign on a door, a facility or a licence says: its code, alone or inside an address (URL)."""

import re

LONGEST = 2_000
# Shorter ones are words of the address (www, html, id); longer ones are tickets of other houses.
CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{4,38}[0-9A-Za-z]")
MOST = 8


def codes_in(text: str) -> tuple[str, ...]:
    """At most `MOST` candidates as they stand there, and in capitals; those that hold a digit only.

    A code on a sign never is a word: without the digit every part of a host's name would be asked for.
    """
    found = [one for one in CODE.findall(text[:LONGEST]) if any(map(str.isdigit, one))][:MOST]
    return tuple(dict.fromkeys([*found, *map(str.upper, found)]))
