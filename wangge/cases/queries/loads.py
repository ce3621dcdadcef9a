"""How much lies with a unit now: what it and its branches lead, from roll-ups, as of a position of the journal."""

from collections.abc import Collection
from typing import Any

from django.db import connection

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import units
from wangge.cases.queries.figures import as_of
from wangge.core.actor import Actor

LOADS = """
select asked.path, coalesce(sum(o.open), 0), coalesce(sum(o.overdue), 0) from unnest(%s::text[]) asked(path)
  left join cases_openbyunit o on o.unit_path >= asked.path and o.unit_path < asked.path || '~'
 group by asked.path
"""


def load_of(by: Actor, unit_ids: Collection[int]) -> dict[str, Any]:
    """For whoever dispatches: how busy a unit is, is no secret of its place. Raises NotAllowed."""
    by.require(Permission.CASE_DISPATCH)
    found = loads(unit_ids)
    return found | {"items": [{"unit_id": unit_id, **load} for unit_id, load in found["items"].items()]}


def loads(unit_ids: Collection[int]) -> dict[str, Any]:
    """`items`: by unit id. One query: a range on the path for each."""
    known = units().by_id
    paths = {one: known[one].path for one in unit_ids if one in known}
    with connection.cursor() as cursor:
        cursor.execute(LOADS, [sorted(paths.values())])
        found = {path: {"open": int(opened), "overdue": int(overdue)} for path, opened, overdue in cursor.fetchall()}
    return {"items": {one: found[path] for one, path in paths.items()}, "as_of": as_of()}
