"""Searching everything at once."""

from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from wangge.desk.queries.find import Kind


class FindIn(Schema):
    q: Annotated[str, StringConstraints(max_length=100)]


class HitOut(Schema):
    id: str = Field(description="opens it: a case's id, a code, a row's id")
    title: str
    detail: str
    code: str = Field(description="the grid or division it belongs to")
    state: str = Field(description="of a case; of a member the kind of service; on duty the role; of a grid its type")
    phone: str = Field(description="a duty number or an office's own; never a reporter's")
    path: str = Field(description="of a unit")


class GroupOut(Schema):
    kind: Kind
    items: list[HitOut]
    more: bool


class FoundOut(Schema):
    groups: list[GroupOut]
