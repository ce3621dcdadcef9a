"""What can be made in the background: a room says of its own kind who may ask, what stands in it, and how much.

The one way of making, keeping and fetching is actions/exports.py; a room registers its maker in `AppConfig.ready`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.clock import local
from wangge.insight.models import Export

Cells = Sequence[object]
Asked = dict[str, Any]  # the question, as JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`rows` are read while they are written, outside any transaction: each page of them opens one of its own."""

    title: str
    mark: str  # who, when, by which filter: on every page
    headings: tuple[str, ...]
    rows: Iterable[Cells]
    total: int | None = None
    language: str = "zh"


class MakeTable(Protocol):
    def __call__(self, row: Export, asked: Asked, *, by: Actor, at: datetime) -> Table:
        """As `by` sees it now. Raises NotAllowed, and what the question itself may raise."""


def as_asked(asked: Asked, by: Actor) -> Asked:
    return asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """`freeze` adds to the question, when it is asked, what fixes the answer; `sign` gives the statement that stays."""

    kind: str
    needs: Permission
    entry: str  # kind of the journal's entry when one is asked for
    kept: timedelta
    most: Mapping[Export.Format, int]  # rows, by format; no other formats
    table: MakeTable
    freeze: Callable[[Asked, Actor], Asked] = as_asked
    sign: Callable[[Export, Asked, Actor], dict[str, Any]] | None = None
    approval: Permission | None = None  # of somebody else, before it is made
    cuts: bool = False  # more rows than fit are left out and that is said; else there is no file


_makers: dict[str, Maker] = {}


def register(maker: Maker) -> None:
    _makers[maker.kind] = maker


def maker_of(kind: str) -> Maker:
    return _makers[kind]


def approved_by(by: Actor) -> list[str]:
    """Kinds that the actor may approve."""
    return [kind for kind, maker in _makers.items() if maker.approval is not None and by.may(maker.approval)]


def mark_of(row: Export, by: Actor, at: datetime) -> str:
    exported = ("导出", "Exported")[by.language == "en"]
    return f"{exported}：{by.unit_name} {by.name} {local(at):%Y-%m-%d %H:%M} · {row.title} · {row.pk}"
