"""市/区/街道/社区: made and renamed. A code is never used twice, also after its division has ended (ending.py)."""

from datetime import date, datetime

from wangge.core import clock, codes, marks
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, Invalid, NotFound, invalid
from wangge.grids.access import may_edit
from wangge.grids.entries import bump, record
from wangge.grids.models import Division, open_on
from wangge.grids.numbering import parent_division


class CodeUsed(Conflict):
    code = "grids.code_used"
    zh = "编码 {used} 已经用过，编码不重复使用。"
    en = "The code {used} has been used; codes are never used again."


class UnknownParent(Invalid):
    code = "grids.unknown_parent"
    zh = "上级 {parent} 不存在或已撤销。"
    en = "The parent {parent} does not exist or has ended."


def create_division(
    *,
    code: str,
    name: str,
    by: Actor,
    at: datetime,
    short_name: str = "",
    urban_rural: str = "",
    valid_from: date | None = None,
) -> Division:
    """Raises NotAllowed, NotFound, Invalid, CodeUsed, UnknownParent."""
    code, day = division_code(code), valid_from or clock.day_of(at)
    may_edit(by, code)
    parent = parent_division(code)
    if parent is not None and not Division.objects.filter(open_on(day), code=parent).exists():
        raise UnknownParent(parent=parent)
    if Division.objects.filter(code=code).exists():
        raise CodeUsed(used=code)
    division = Division.objects.create(
        code=code,
        name=needed(name),
        short_name=short_name,
        level=len(code),
        urban_rural=urban_rural,
        valid_from=day,
    )
    record("division.created", ("division", code), code=code, by=by, at=at, data={"valid_from": day})
    bump()
    return division


def change_division(
    *, code: str, changes: dict[str, str], by: Actor, at: datetime, seen: str | None = None
) -> Division:
    """`changes`: any of name, short_name, urban_rural. Raises NotAllowed, NotFound, Invalid, ChangedMeanwhile."""
    may_edit(by, code)
    division = locked_division(code)
    marks.check(seen, division.edited)
    if "name" in changes:
        changes = changes | {"name": needed(changes["name"])}
    for field, value in changes.items():
        setattr(division, field, value)
    if changes:
        division.save(update_fields=sorted(changes))
        record("division.changed", ("division", code), code=code, by=by, at=at, changed=changes)
        bump()
    return division


def division_code(text: str) -> str:
    """Its significant digits. Raises Invalid."""
    try:
        return codes.significant(text)
    except ValueError as wrong:
        raise invalid("code", "区划编码应为 2、4、6、9 或 12 位数字。", "A code of 2, 4, 6, 9 or 12 digits.") from wrong


def locked_division(code: str) -> Division:
    """Held until the transaction ends: redrawings of one community wait for each other here."""
    division = Division.objects.select_for_update(no_key=True).filter(code=code).first()
    if division is None:
        raise NotFound()
    return division


def needed(name: str) -> str:
    if not name.strip():
        raise invalid("name", "请填写名称。", "A name is needed.")
    return name.strip()
