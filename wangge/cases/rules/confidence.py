"""Who may know who reported. Pure: a case's place and whom it complains of, and an actor.

The rows themselves stand under `Reporter.objects.visible_to` and its policy; this is the same rule for what is derived
from them: words of the history, the case file, and texts in which a reporter names themselves.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Protocol

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor


class Purpose(StrEnum):
    """What a contact may be looked at for (个人信息保护法 §6). Stored with each reading."""

    CALL_BACK = "call_back"  # 联系、回访
    VERIFY = "verify"  # 核实情况
    ON_SITE = "on_site"  # 上门处置
    RESCUE = "rescue"  # 紧急救助
    LEGAL = "legal"  # 依法调取


PURPOSES: dict[Purpose, tuple[str, str]] = {
    Purpose.CALL_BACK: ("联系、回访", "calling back"),
    Purpose.VERIFY: ("核实情况", "verifying the facts"),
    Purpose.ON_SITE: ("上门处置", "work on the spot"),
    Purpose.RESCUE: ("紧急救助", "rescue"),
    Purpose.LEGAL: ("依法调取", "a legal request"),
}


class Confided(Protocol):
    @property
    def current_grid(self) -> str: ...

    @property
    def complained_root(self) -> str: ...


def is_complained_of(case: Confided, actor: Actor) -> bool:
    """The whole department, with all its branches."""
    return bool(case.complained_root) and bool(actor.unit_path) and actor.unit_path.startswith(case.complained_root)


def knows_reporter(case: Confided, actor: Actor) -> bool:
    """Only those who must call back; everybody else sees neither name, nor masked name, nor the reporter's words."""
    if actor.is_system:
        return True
    if not actor.may(Permission.REPORTER_READ) or is_complained_of(case, actor):
        return False
    return actor.covers(case.current_grid)


STRUCK = "＊＊"
# People write their own number into what they report, and write it as they like: １３８…, 138-1391-1111, 138.1391.1111.
_GAP = r"[\s.\-–—·]?"
_NUMBERS = re.compile(
    rf"""
    (?<![\dA-Za-z])(?:
      \d(?:{_GAP}\d){{16}}{_GAP}[\dXx]                                      # identity number
    | (?:\+?8{_GAP}6{_GAP})?1{_GAP}[3-9](?:{_GAP}\d){{9}}                     # mobile
    | 0\d{{2,3}}{_GAP}{_GAP}\d{{3,4}}{_GAP}\d{{4}}                           # with its area
    | (?!(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d))[2-8]\d{{6,7}} # a landline alone, not a day
    )(?!\d)
    """,
    re.VERBOSE,
)


def without_names(text: str, names: Iterable[str], *, but: Callable[[str], bool] = lambda number: False) -> str:
    """For those who may not know who reported: numbers and the reporter's own name struck out.

    Not masked: a department that has the number of a shop can tell from four digits who called. `but`: numbers that
    stay.
    """
    flat = _flat(text)
    for found in reversed(list(_NUMBERS.finditer(flat))):
        if but(found.group()):
            continue
        text = text[: found.start()] + STRUCK + text[found.end() :]
    for name in names:
        if len(name.strip()) > 1:
            text = text.replace(name.strip(), STRUCK)
    return text


def _flat(text: str) -> str:
    """As many characters, digits and letters as they are usually written: １３８ and ¹³⁸ are 138."""
    return "".join(one if len(one := unicodedata.normalize("NFKC", sign)) == 1 else sign for sign in text)
