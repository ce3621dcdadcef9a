"""Telephone numbers as they are typed, to the one form they are hashed and compared in."""

import re
import unicodedata

# 分机: "025-84512345转8001", "… ext. 8001", "… x8001", "025-84512345-8001", "… #8001"
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x|#|,|;)\s*:?\s*\d{1,6}\s*$|(?<=\d{7})-\d{1,6}$", re.IGNORECASE)
_ALLOWED = re.compile(r"\+?[\d\s().\-‐-―−_/·]+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
PLAIN_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_NO_AREA_CODE = re.compile(r"(?:400|800)\d{7}|1\d{2,4}|9\d{4,5}")  # service numbers


def normalise_phone(text: str) -> str | None:
    """`13812345678`, `02584512345`, `84512345` (no area code known), `12345`, `+85221234567`; None: no telephone.

    The extension is left out: a switchboard is one telephone.
    """
    if PLAIN_MOBILE.fullmatch(text):
        return text
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = _EXTENSION.sub("", plain).strip()
    if not _ALLOWED.fullmatch(plain):
        return None
    digits = re.sub(r"\D", "", plain)
    if plain.startswith("+") or digits.startswith("00"):
        return _international(digits.removeprefix("00"))
    return _domestic(digits)


def _international(digits: str) -> str | None:
    if not digits.startswith("86"):
        return f"+{digits}" if 6 <= len(digits) <= 15 else None  # E.164
    return _domestic(digits[2:], area_code_without_zero=True)


def _domestic(digits: str, *, area_code_without_zero: bool = False) -> str | None:
    if len(digits) == 13 and digits.startswith("86") and _MOBILE.fullmatch(digits[2:]):
        return digits[2:]
    if _MOBILE.fullmatch(digits.removeprefix("0")):
        return digits.removeprefix("0")
    if _NO_AREA_CODE.fullmatch(digits):
        return digits
    if area_code_without_zero and not digits.startswith("0") and len(digits) >= 9:
        digits = "0" + digits
    if digits.startswith("0"):
        return digits if 10 <= len(digits) <= 12 else None
    return digits if 7 <= len(digits) <= 8 else None
