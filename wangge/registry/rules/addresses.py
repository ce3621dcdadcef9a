"""An address in parts and as text (police 标准地址: division, road, number, compound, building, unit, room)."""

import re
import unicodedata
from dataclasses import dataclass, fields

_DIGITS = r"[0-9A-Za-z甲乙丙丁东西南北中零〇一二三四五六七八九十百-]+"
_ESTATE_ENDS = "小区|新村|花园|家园|公寓|大厦|广场|苑|庭|府|里|坊|村|园|城|寓|楼宇|宿舍"
# In the order of a written address; each part may be missing, and what is left over is kept as the rest.
_PATTERN = re.compile(
    rf"""
    (?P<region>(?:[\u4e00-\u9fff]{{2,8}}?(?:省|自治区))?(?:[\u4e00-\u9fff]{{2,8}}?市)?(?:[\u4e00-\u9fff]{{1,8}}?(?:区|县|市))?
      (?:[\u4e00-\u9fff]{{2,8}}?(?:街道|镇|乡))?(?:[\u4e00-\u9fff]{{2,8}}?(?:社区|居委会|村委会))?)
    (?P<road>[\u4e00-\u9fffA-Za-z0-9]{{1,15}}?(?:大道|大街|公路|路|街|巷|弄|道|胡同))?
    (?P<number>{_DIGITS}号(?!楼|院)(?:之[0-9一二三四五六七八九十]+)?)?
    (?P<estate>[\u4e00-\u9fffA-Za-z0-9·]{{1,20}}?(?:{_ESTATE_ENDS})
      (?![\u4e00-\u9fff]{{0,4}}(?:{_ESTATE_ENDS}))(?:[A-Za-z0-9一二三四五六七八九十东西南北]+[区期村])?)?
    (?P<building>{_DIGITS}(?:幢|栋|号楼|座|楼(?!层)))?
    (?P<unit>{_DIGITS}单元)?
    (?P<room>{_DIGITS}(?:室|户|房|号房)?)?
    (?P<rest>.*)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    region: str = ""
    road: str = ""
    number: str = ""
    estate: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    rest: str = ""

    def text(self) -> str:
        return "".join(getattr(self, part.name) for part in fields(self))


def plain(text: str) -> str:
    """Half-width, without blanks; dashes of every kind are one."""
    return re.sub(r"[‐-―－~～]", "-", re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))


def parts_of(text: str) -> Parts:
    """`Parts.text()` gives the plain text back: nothing is lost, at worst all of it is the rest."""
    found = _PATTERN.fullmatch(plain(text))
    return (
        Parts(**{name: value or "" for name, value in found.groupdict().items()}) if found else Parts(rest=plain(text))
    )


def key(text: str) -> str:
    """As it is searched: plain, lower case, the words that people leave out or write differently made one."""
    return re.sub(r"(?<=\d)(?:号楼|幢|座)", "栋", plain(text).lower()).replace("#", "栋")


def room_key(*, unit: str, room: str) -> str:
    """What tells two dwellings of one building apart: `2单元0301室` and `2-301` are one."""
    digits = [
        re.sub(r"^0+(?=\d)", "", re.sub(r"(?:单元|室|户|房|号)", "", plain(part).lower())) for part in (unit, room)
    ]
    return "-".join(part for part in digits if part)
