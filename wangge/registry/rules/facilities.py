"""Codes of facilities (部件), GB/T 30428.2: 16 digits, division 6, class 2, kind 2, serial 6. They have no check digit:
what they say of place and class is compared with the row instead."""

import re
from dataclasses import dataclass

_FORM = re.compile(r"(?P<division>[1-9][0-9]{5})(?P<major>[0-9]{2})(?P<minor>[0-9]{2})(?P<serial>[0-9]{6})")


@dataclass(frozen=True, slots=True)
class Told:
    """`division` of the county (GB/T 2260), `major` 大类, `minor` 小类 of it; local kinds count down from 99."""

    division: str
    major: str
    minor: str
    serial: str

    def is_of(self, major: str) -> bool:
        return self.major == major

    def stands_in(self, code: str) -> bool:
        """`code` of a grid or community."""
        return code.startswith(self.division)


def told_by(number: str) -> Told | None:
    """None where the number has not the form."""
    found = _FORM.fullmatch(number)
    return Told(**found.groupdict()) if found else None
