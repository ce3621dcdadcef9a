"""Two rows that look like one person and are two: said once by somebody who looked, and not asked again."""

from datetime import datetime
from uuid import UUID

from wangge.accounts.permissions import Permission
from wangge.core import journal
from wangge.core.actor import Actor
from wangge.core.errors import invalid
from wangge.core.ids import new_id
from wangge.registry.access import access
from wangge.registry.models import Apart, Person


def tell_apart(*, one_id: UUID, other_id: UUID, by: Actor, at: datetime) -> None:
    """Said again it changes nothing. Raises NotFound, NotAllowed, Ended, Invalid."""
    if one_id == other_id:
        raise invalid("other_id", "请选择另一条记录。", "Choose another record.")
    one, other = (
        access(Person, pk, by, to=Permission.REGISTRY_EDIT, lock=True, standing=True)
        for pk in sorted((one_id, other_id))
    )
    row = Apart(id=new_id(), one=one.pk, other=other.pk, by_name=by.name, at=at, code=one.code)
    if Apart.objects.filter(one=one.pk, other=other.pk).exists():
        return
    row.save(force_insert=True)
    entry = journal.Entry(
        kind="person.told_apart",
        subject=("person", str(one.pk)),
        code=one.code,
        permission=Permission.REGISTRY_EDIT,
        data={"other": str(other.pk)},
    )
    journal.record(entry, by=by, at=at)
