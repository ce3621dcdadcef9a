"""The language of the person at the terminal: Chinese first; `WANGGE_LANG=en` or an English locale gives English.

Beside the rooms, not in one: the ground speaks before there is Django, and the commands of every room speak too.
"""

import os

NAMES = ("WANGGE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides


def language() -> str:
    """`zh` or `en`, as `DomainError.message` takes it."""
    locale = next((os.environ[name] for name in NAMES if os.environ.get(name)), "")
    return "en" if locale.lower().startswith("en") else "zh"


def either(zh: str, en: str) -> str:
    return en if language() == "en" else zh
