"""Names of people as they are compared: one form for what is written in many.

NFKC turns full-width letters half-width, but it also folds compatibility ideographs (U+F900…, U+2F800…), which some
households bear on purpose; those are kept. Characters of Extension B and beyond are one character each here, and two
in UTF-16: lengths are counted in characters.
"""

import re
import unicodedata

LONGEST = 50  # characters, GB/T 31000
MIDDLE_DOT = "·"  # U+00B7, as GB/T 31000 sheets and identity cards write 买买提·吐尔逊
_DOTS = re.compile("[\u00b7\u2022\u2027\u2219\u22c5\u30fb\uff65\u2e31\u2e33\u25cf\u16eb\u0387\uff0e]")
_BLANK = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u3000]+")
_HAN = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KEEP = re.compile("[\uf900-\ufaff\U0002f800-\U0002fa1f]")
_PLAIN = re.compile("[\u4e00-\u9fff]+")  # as most names are
_NAME = re.compile(rf"[{_HAN}·A-Za-zÀ-ɏ .'’-]+")


def tidy(text: str) -> str:
    """As it is kept and shown: one kind of middle dot, half-width letters, no blanks between Chinese characters."""
    if _PLAIN.fullmatch(text):
        return text
    plain = "".join(sign if _KEEP.match(sign) else unicodedata.normalize("NFKC", sign) for sign in _DOTS.sub("·", text))
    plain = _BLANK.sub(" ", plain).strip(" ·")
    plain = re.sub(r"\s*·\s*", MIDDLE_DOT, plain)
    return re.sub(rf"(?<=[{_HAN}]) (?=[{_HAN}])", "", plain)


def key(text: str) -> str:
    """As it is compared and searched: no dots, no blanks, no case."""
    return re.sub(r"[·\s.'’-]", "", tidy(text)).casefold()


def is_name(text: str) -> bool:
    """Letters, characters and dots only: `=HYPERLINK(…)` and 张三(已故) are none."""
    return 0 < len(text) <= LONGEST and bool(_NAME.fullmatch(text))
