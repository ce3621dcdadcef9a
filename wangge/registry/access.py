"""How code that answers a person gets a record: absent and out of scope are the same 404."""

from typing import Any, TypeVar
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotAllowed, NotFound
from wangge.registry.models import Building, Dwelling, Facility, Household, Organisation, Person, Place
from wangge.registry.models.base import Record

TABLES: dict[str, type[Record]] = {
    "person": Person,
    "building": Building,
    "dwelling": Dwelling,
    "household": Household,
    "organisation": Organisation,
    "place": Place,
    "facility": Facility,
}
R = TypeVar("R", bound=Record)


class OutOfArea(NotAllowed):
    code = "registry.out_of_area"
    zh = "这个地点不在您的管辖范围内。"
    en = "This place is outside your area."


class Ended(Conflict):
    code = "registry.ended"
    zh = "这条记录已经注销，不能再改动。"
    en = "This record has ended and is changed no more."


class NoSuchKind(NotFound):
    code = "registry.no_such_kind"
    zh = "没有这一类基础数据。"
    en = "The registry has no such kind."


def table_of(kind: str) -> type[Record]:
    """Raises NoSuchKind."""
    if kind not in TABLES:
        raise NoSuchKind()
    return TABLES[kind]


def access(
    table: type[R],
    record_id: UUID,
    by: Actor,
    *,
    to: Permission = Permission.REGISTRY_READ,
    lock: bool = False,
    standing: bool = False,
) -> R:
    """Raises NotFound, NotAllowed; with `standing` Ended."""
    rows: Any = table._default_manager.all()
    found: R | None = rows.visible_to(by).filter(pk=record_id).first()
    if found is None:
        raise NotFound()
    by.require(to)
    if lock:  # not before: under row-level security a row is locked only by those who may change it
        found = rows.select_for_update(no_key=True, of=("self",)).visible_to(by).filter(pk=record_id).first()
        if found is None:
            raise NotFound()
    if standing and found.ended_at is not None:
        raise Ended()
    return found
