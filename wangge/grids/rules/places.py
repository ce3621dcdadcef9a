"""How a place's name is compared: one form for full-width letters, spaces and case."""

import re
import unicodedata


def key_of(name: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()
