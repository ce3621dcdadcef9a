"""How much lies with a unit now: what it and its branches lead, from roll-ups, as of a position of the journal."""

from collections.abc import Collection
from typing import Any

from django.db.models import Sum

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import units
from wangge.cases.models import OpenByUnit
from wangge.cases.queries.figures import as_of
from wangge.core.actor import Actor
from wangge.core.codes import END

NONE = {"open": 0, "overdue": 0}


def load_of(by: Actor, unit_ids: Collection[int]) -> dict[str, Any]:
    """For whoever dispatches: how busy a unit is, is no secret of its place. Raises NotAllowed."""
    by.require(Permission.CASE_DISPATCH)
    found = loads(unit_ids)
    return found | {"items": [{"unit_id": unit_id, **load} for unit_id, load in found["items"].items()]}


def loads(unit_ids: Collection[int]) -> dict[str, Any]:
    """`items`: by unit id. One small query for each unit: a range on the path."""
    known = units().by_id
    return {"items": {one: _load(known[one].path) for one in unit_ids if one in known}, "as_of": as_of()}


def _load(path: str) -> dict[str, int]:
    rows = OpenByUnit.objects.filter(unit_path__gte=path, unit_path__lt=path + END)
    sums = rows.aggregate(open=Sum("open"), overdue=Sum("overdue"))
    return NONE | {name: value for name, value in sums.items() if value is not None}
