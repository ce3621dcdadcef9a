"""The codes of grids: community + 3 digits, micro grids 2 more. A code that was ever used is not given again."""

import re

from wangge.core import codes
from wangge.core.codes import GRID_LENGTH, MICRO_LENGTH
from wangge.core.errors import Conflict, invalid
from wangge.grids.models import Grid


def parent_division(code: str) -> str | None:
    """What a division stands in. A city without districts (东莞 4419, 中山…) has its streets at once: 441900003."""
    parent = codes.parent_of(code)
    return codes.significant(parent) if parent else None


def significant(text: str) -> str | None:
    """A division's code as it is kept (`320104000000` → `320104`), a grid's as it is, None for neither."""
    if codes.is_grid(text):
        return text
    if not re.fullmatch(r"[0-9]{2,12}", text):
        return None
    try:
        return codes.significant(text)
    except ValueError:
        return None


class NoCodeLeft(Conflict):
    code = "grids.no_code_left"
    zh = "{parent} 下的编码已用完（编码不重复使用）。"
    en = "There is no code left under {parent}; codes are never used again."


def next_code(under: str) -> str:
    """The next code under a community or a grid that was never used. Raises NoCodeLeft."""
    digits = MICRO_LENGTH - GRID_LENGTH if len(under) == GRID_LENGTH else GRID_LENGTH - codes.Level.COMMUNITY
    used = Grid.objects.filter(code__startswith=under, code__regex=rf"^\d{{{len(under) + digits}}}$")
    latest = used.order_by("-code").values_list("code", flat=True).first()
    number = int(latest[len(under) :]) + 1 if latest else 1
    if number >= 10**digits:
        raise NoCodeLeft(parent=under)
    return f"{under}{number:0{digits}}"


def check_code(code: str, type: str, under: str) -> None:
    length = MICRO_LENGTH if type == Grid.Type.MICRO else GRID_LENGTH
    is_code = re.fullmatch(rf"[0-9]{{{length}}}", code) and code.startswith(under)
    if not is_code or not int(code[len(under) :]):
        raise invalid(
            "code",
            "网格编码是社区 12 位加 3 位，微网格再加 2 位，序号从 1 起。",
            "A grid's code is its community + 3 digits, a micro grid's 2 more, numbered from 1.",
        )
