"""Check digits of identity numbers (GB 11643-1999) and social credit codes (GB 32100-2015), and what they tell.

python-stdnum is not used: it refuses region codes missing from its list, and historical ones are right in a registry;
its credit codes want digits where GB 32100 allows letters (N2 rural collectives, A1, Y1).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from operator import mul

ID_CARD = "111"  # GA/T 517: 居民身份证

_FORM = re.compile(r"[1-9]\d{16}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"  # ISO 7064 MOD 11-2, by remainder
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # 3^(i-1) mod 31
_EARLIEST_BIRTH = 1850


@dataclass(frozen=True, slots=True)
class Told:
    """What an identity number says of its holder. `sex` by GB/T 2261.1: 1 male, 2 female."""

    birth_date: date
    sex: str
    region: str  # six digits, perhaps of a region that is no more


def normalise_number(text: str) -> str:
    """Half-width, upper case, without blanks and hyphens."""
    if text.isascii() and text.isalnum():
        return text.upper()
    return re.sub(r"[\s\-‐-―－]", "", unicodedata.normalize("NFKC", text)).upper()


def has_identity_form(number: str) -> bool:
    return _FORM.fullmatch(number) is not None


def identity_check(number: str) -> str:
    """The check digit that the first 17 digits want."""
    return _CHECKS[sum(map(mul, map(int, number[:17]), _WEIGHTS)) % 11]


def is_identity_number(number: str) -> bool:
    """Form, a day that exists, and the check digit; the region is not looked at (codes end, numbers stay)."""
    return told_if_right(number) is not None


def told_by(number: str) -> Told | None:
    """None where the number has not the form, or its birthday never was. The check digit is not asked."""
    if not has_identity_form(number):
        return None
    try:
        birth = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    if birth.year < _EARLIEST_BIRTH:
        return None
    return Told(birth_date=birth, sex="1" if int(number[16]) % 2 else "2", region=number[:6])


def told_if_right(number: str) -> Told | None:
    """What it tells where form, birthday and check digit are right; else None."""
    told = told_by(number)
    return told if told is not None and identity_check(number) == number[17] else None


def upgraded(number: str) -> str:
    """A first-generation number of 15 digits as its 18: the century is 19, and the check digit is added."""
    if len(number) != 15 or not re.fullmatch(r"[1-9]\d{14}", number):
        return number
    longer = number[:6] + "19" + number[6:]
    return longer + identity_check(longer + "0")


def is_credit_code(code: str) -> bool:
    return has_credit_form(code) and credit_check(code) == code[17]


def has_credit_form(code: str) -> bool:
    return len(code) == 18 and all(sign in _CREDIT_ALPHABET for sign in code) and code[2:8].isdigit()


def credit_check(code: str) -> str:
    total = sum(_CREDIT_ALPHABET.index(sign) * weight for sign, weight in zip(code[:17], _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[-total % 31]
