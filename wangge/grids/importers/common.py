"""What the importers of this room share: faults of codes, the day a row holds from, the entry of a batch."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice
from typing import TypeVar
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import clock, codes, journal
from wangge.core.importing.faults import FaultKind, FaultLevel
from wangge.core.importing.fields import Field, FieldType
from wangge.core.importing.importer import Counts, ImportContext

T = TypeVar("T")
AT_ONCE = 2_000

MALFORMED = FaultKind(
    "code.malformed",
    "“{code}”不是合规的编码：区划 2、4、6、9 或 12 位，网格 15 位，微网格 17 位数字。",
    "“{code}” is no code: 2, 4, 6, 9 or 12 digits for a division, 15 for a grid, 17 for a micro grid.",
)
TWICE = FaultKind(
    "code.twice",
    "编码 {code} 在第 {first} 行已出现，内容不同。",
    "The code {code} stands in row {first} already, with other content.",
)
REPEATED = FaultKind(
    "code.repeated",
    "编码 {code} 重复出现（首见第 {first} 行），内容相同，只取一次。",
    "The code {code} is repeated (first in row {first}) with the same content; it is taken once.",
    FaultLevel.WARNING,
)
ENDED = FaultKind(
    "code.ended",
    "编码 {code} 已于 {date} 撤销，编码不重复使用。",
    "The code {code} ended on {date}; codes are never used again.",
)
UNKNOWN_PARENT = FaultKind(
    "code.unknown_parent",
    "{code} 的上级 {parent} 不存在，也不在文件里。",
    "{parent}, the parent of {code}, does not exist and is not in the file.",
)
UNKNOWN_CODE = FaultKind("code.unknown", "编码 {code} 不存在。", "The code {code} does not exist.")
OUT_OF_AREA = FaultKind("code.out_of_area", "{code} 不在您的管理范围内。", "{code} is outside the area you look after.")

VALID_FROM = Field(
    name="valid_from", zh="生效日期", en="Valid from", type=FieldType.DATE, aliases=("启用日期", "设立日期")
)


def day_in(values: Mapping[str, str], context: ImportContext) -> date:
    """The row's own day, else the import's, else today."""
    text = values.get("valid_from") or context.options.get("valid_from") or ""
    return date.fromisoformat(text) if text else clock.day_of(context.at)


def in_chunks(items: Iterable[T], size: int = AT_ONCE) -> Iterator[list[T]]:
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def record_batch(kind: str, where: str, counts: Counts, context: ImportContext, batch_id: UUID, **data: object) -> None:
    """One entry for the whole import; `where` is the code that everything in it lies under."""
    entry = journal.Entry(
        kind=f"{kind}.imported",
        subject=("import", str(batch_id)),
        code=where,
        permission=str(Permission.TEAM_EDIT if kind == "teams" else Permission.GRID_EDIT),
        data={"created": counts.created, "changed": counts.changed, "unchanged": counts.unchanged, **data},
    )
    journal.record(entry, by=context.by, at=context.at)


def together(found: Iterable[str]) -> str:
    """The deepest division that holds all the codes; "" when there is none."""
    wanted = sorted(set(found))
    if not wanted:
        return ""
    first, last = wanted[0], wanted[-1]
    return next(
        (first[:level] for level in sorted(codes.Level, reverse=True) if first[:level] == last[:level][: len(first)]),
        "",
    )
