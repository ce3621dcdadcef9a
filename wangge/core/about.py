"""What this is, and which version of it."""

import re
from functools import cache
from pathlib import Path

PRODUCT = "wangge"
CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"


@cache
def version() -> str:
    """The newest heading of CHANGELOG.md in a clone, the package's own otherwise."""
    if CHANGELOG.exists() and (found := re.search(r"(?m)^## (\d+\.\d+\.\d+)", CHANGELOG.read_text(encoding="utf-8"))):
        return found[1]
    from importlib.metadata import version as installed

    return installed(PRODUCT)
