"""What a name is found by: keyed tokens of its 1-, 2- and 3-grams and of the whole (ADR 20).

A token is 8 bytes of a keyed hash, so that the table of them tells no name. Whole names have tokens of their own kind,
because most questions are whole names and the rarest gram of 张伟 is not rare.
"""

from collections.abc import Callable, Iterable

from wangge.registry.rules.names import key

LONGEST_KEY = 50
WHOLE, GRAM = "=", "~"

Hash = Callable[[str], bytes]


def grams(name: str) -> frozenset[str]:
    """Marked text that is hashed: `=张伟明`, `~张`, `~张伟`, `~伟明`… A name of three characters has no gram of all of
    it: whoever asks for them asks for the whole name too, and most names are such."""
    plain = key(name)[:LONGEST_KEY]
    if not plain:
        return frozenset()
    sizes = range(1, min(3, len(plain) - 1) + 1)
    found = {GRAM + plain[at : at + size] for size in sizes for at in range(len(plain) - size + 1)}
    return frozenset(found | {WHOLE + plain})


def wanted(part: str) -> tuple[str, ...]:
    """The grams that a name holding `part` must have, the longest only: they are the rarest. Not those of whoever is
    called just so: they are found by `whole`."""
    plain = key(part)[:LONGEST_KEY]
    if not plain:
        return ()
    size = min(len(plain), 3)
    return tuple(dict.fromkeys(GRAM + plain[at : at + size] for at in range(len(plain) - size + 1)))


def whole(name: str) -> str:
    return WHOLE + key(name)[:LONGEST_KEY]


def as_number(digest: bytes) -> int:
    """The first 8 bytes as PostgreSQL's bigint."""
    return int.from_bytes(digest[:8], "big", signed=True)


def numbers(texts: Iterable[str], hashed: Hash) -> list[int]:
    return sorted({as_number(hashed(text)) for text in texts})
