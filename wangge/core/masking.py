"""Personal values as everybody may see them. Masked values are for eyes only: never written back, never compared."""

import re
import unicodedata

from wangge.core.phone_numbers import PLAIN_MOBILE, normalise_phone

_PLAIN_NUMBER = re.compile(r"[0-9]{17}[0-9X]")
# 复姓 still common enough to be met; with them the surname is two characters.
_COMPOUND = frozenset(
    re.findall(
        "..",
        "欧阳上官司马诸葛夏侯皇甫尉迟公孙慕容令狐东方南宫西门独孤长孙宇文司徒司空端木申屠轩辕百里呼延"
        "钟离澹台濮阳淳于太史闻人赫连拓跋第五万俟公冶宗政单于仲孙鲜于闾丘公羊亓官公良乐正谷梁左丘东郭南门",
    )
)


def mask_phone(text: str) -> str:
    """`138****5678`; landline `025****2345`; anything odd is hidden whole."""
    if PLAIN_MOBILE.fullmatch(text):
        return text[:3] + "****" + text[7:]
    if not text.strip():
        return ""
    number = normalise_phone(text)
    if number is None or len(number) < 7:
        return "****"
    if number.startswith("+"):
        return number[:3] + "*" * (len(number) - 5) + number[-2:]
    if number.startswith("0"):
        return _area_code(number) + "****" + number[-4:]
    if len(number) <= 8:
        return "****" + number[-4:]
    return number[:3] + "****" + number[-4:]


def mask_name(text: str) -> str:
    """`张*`, `张**`, `欧阳*`, `J*** S****`; one character is hidden."""
    name = text.strip()
    if not name:
        return ""
    if _is_han(name[0]):
        shown = 2 if name[:2] in _COMPOUND and len(name) > 2 else 1
        return "*" if len(name) == 1 else name[:shown] + "*" * min(len(name) - shown, 4)
    return " ".join(word[0] + "*" * min(max(len(word) - 1, 1), 4) for word in name.split())


def mask_id_number(text: str) -> str:
    """`3201************34` of an 18-character number (place of the city, no birthday); others keep the ends."""
    if _PLAIN_NUMBER.fullmatch(text):
        return text[:4] + "************" + text[16:]
    number = unicodedata.normalize("NFKC", text).strip()
    if not number:
        return ""
    if re.fullmatch(r"\d{17}[\dXx]|\d{15}", number):
        return number[:4] + "*" * (len(number) - 6) + number[-2:]
    return number[0] + "*" * (len(number) - 3) + number[-2:] if len(number) >= 6 else "****"


def mask_email(text: str) -> str:
    """`z***@example.com`."""
    address = text.strip()
    name, at, domain = address.rpartition("@")
    if not address:
        return ""
    return f"{name[:1]}***@{domain}" if at and name else "****"


def mask_cell(text: str) -> str:
    """What a cell of any column looks like, and no more: `张**`, `138********`, `199*-**-**`, `z***@q*.c**`.

    The first character of each word and the first three digits stand, as do spaces and signs.
    """
    shown, out, inside = 3, [], False
    for character in text:
        is_letter = character.isalpha()
        if character.isnumeric() and not is_letter:
            shown -= 1
            out.append(character if shown >= 0 else "*")
        else:
            out.append("*" if is_letter and inside else character)
        inside = is_letter or (inside and unicodedata.combining(character) > 0)
    return "".join(out)


def _area_code(number: str) -> str:
    return number[:3] if re.match(r"010|02\d", number) else number[:4]


def _is_han(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CJK UNIFIED IDEOGRAPH")
