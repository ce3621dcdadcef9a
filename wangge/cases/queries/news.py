"""Who may hear of a case, for the feed: the words of `visible_to` about one row that is at hand, without a query.

`Case.objects.visible_to` stays the statement; tests/test_news.py holds this to it on made-up actors and rows.
"""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from wangge.accounts.permissions import Permission
from wangge.cases.configuration import configuration, units
from wangge.cases.models import Assignment, Case
from wangge.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Audience:
    code: str  # current grid
    holder_path: str
    charged: tuple[str, ...]  # unit paths, of ended charges too
    complained_root: str

    def has(self, actor: Actor) -> bool:
        if not actor.may(Permission.CASE_READ):
            return False
        return actor.covers(self.code) or (bool(actor.unit_path) and self._is_of(actor.unit_path))

    def complains_of(self, actor: Actor) -> bool:
        """Whether the actor's unit is the one complained of, or a branch of it."""
        return bool(self.complained_root) and actor.unit_path.startswith(self.complained_root)

    def _is_of(self, unit_path: str) -> bool:
        return self.holder_path == unit_path or any(path.startswith(unit_path) for path in self.charged)


def audiences(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Audience]:
    """Two queries, whatever the number. As the house itself: the caller filters by `has`."""
    charged: dict[uuid.UUID, list[str]] = {}
    for case_id, path in Assignment.objects.filter(case__in=ids).values_list("case_id", "unit_path"):
        charged.setdefault(case_id, []).append(path)
    rows = Case.objects.filter(pk__in=ids).values_list("pk", "current_grid", "holder_path", "complained_root")
    return {
        case_id: Audience(code, holder, tuple(sorted(set(charged.get(case_id, ())))), root)
        for case_id, code, holder, root in rows
    }


# What a line of a queue shows. Nothing of who reported, and nothing of the unit complained of.
COLUMNS = (
    "id",
    "number",
    "title",
    "address",
    "category_id",
    "source",
    "urgency",
    "state",
    "outcome",
    "current_grid",
    "lon",
    "lat",
    "holder_id",
    "lead_id",
    "due_at",
    "amber_at",
    "due_stage",
    "is_overdue",
    "is_returned",
    "supervision",
    "reported_at",
    "changed_at",
    "version",
)


def lines(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """One query. As the house itself: the caller filters by `Audience.has`."""
    config, all_units = configuration(), units().by_id
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for row in Case.objects.filter(pk__in=ids).values(*COLUMNS):
        category = config.categories.get(row["category_id"] or 0)
        names = {name: all_units.get(row[f"{name}_id"] or 0) for name in ("holder", "lead")}
        row |= {name: unit.name if unit else "" for name, unit in names.items()}
        row |= {
            "category": category.full_name_zh if category else "",
            "category_en": category.full_name_en if category else "",
        }
        found[row["id"]] = row
    return found
