"""The case file and who reported, as they cross HTTP."""

from typing import Annotated

from ninja import Schema
from pydantic import StringConstraints

from wangge.cases.rules.confidence import Purpose

Why = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]


class RevealIn(Schema):
    purpose: Purpose
    reason: Annotated[str, StringConstraints(min_length=2, max_length=500, strip_whitespace=True)]


class RevealedOut(Schema):
    name: str
    phone: str
    is_follower: bool
    is_anonymous: bool
    is_confidential: bool
    wants_call: bool


class FileQuery(Schema):
    """With a purpose (and its reason) the reporter stands in it in clear; without, masked or hidden."""

    purpose: Purpose | None = None
    reason: Why = ""
