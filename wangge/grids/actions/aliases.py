"""What others call a division or grid: by scheme (province, police, city management…), from–to."""

from datetime import date, datetime

from django.db.models import Q

from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.errors import Conflict, NotFound, invalid
from wangge.grids.access import may_edit
from wangge.grids.entries import record
from wangge.grids.models import Alias
from wangge.grids.queries import exists


class AliasTaken(Conflict):
    code = "grids.alias_taken"
    zh = "“{scheme}”里的 {alias} 在这段时间已指 {taken_by}。"
    en = "{alias} of “{scheme}” already means {taken_by} in that period."


def add_alias(*, scheme: str, alias: str, code: str, by: Actor, at: datetime, valid_from: date | None = None) -> Alias:
    may_edit(by, code)
    day = valid_from or clock.day_of(at)
    if not scheme.strip() or not alias.strip():
        raise invalid("alias", "请填写编码体系和别名。", "The scheme and the alias are needed.")
    if not exists(code):
        raise NotFound()
    later = Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    taken = Alias.objects.filter(later, scheme=scheme.strip(), alias=alias.strip()).first()
    if taken is not None:
        raise AliasTaken(scheme=scheme, alias=alias, taken_by=taken.code)
    row = Alias.objects.create(scheme=scheme.strip(), alias=alias.strip(), code=code, valid_from=day)
    record("alias.added", ("alias", str(row.pk)), code=code, by=by, at=at, data={"scheme": row.scheme})
    return row


def end_alias(*, alias_id: int, by: Actor, at: datetime, valid_to: date | None = None) -> None:
    """One that never began is taken back whole."""
    row = Alias.objects.select_for_update(no_key=True).filter(pk=alias_id).first()
    by.require("grid.edit")
    if row is None:
        raise NotFound()
    may_edit(by, row.code)
    day = valid_to or clock.day_of(at)
    if row.valid_from >= day:
        row.delete()
    else:
        row.valid_to = day
        row.save(update_fields=["valid_to"])
    record("alias.ended", ("alias", str(alias_id)), code=row.code, by=by, at=at, changed=["valid_to"])
