"""What stands in the way of ending a unit. Each room says what of its own still names it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from wangge.accounts.models import Post, Unit
from wangge.core.errors import Conflict

EXAMPLES = 5


@dataclass(frozen=True, kw_only=True)
class Obstacle:
    """`zh` and `en` say what it is, with the number in front."""

    kind: str
    count: int
    zh: str
    en: str
    examples: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "count": self.count, "examples": list(self.examples)}


class UnitStillUsed(Conflict):
    """`data.obstacles`: kind, count and a few examples of each."""

    code = "unit.still_used"
    zh = "“{name}”还不能撤销：{what_zh}。请先办结、改派或调整。"
    en = "“{name}” cannot be ended yet: {what_en}. See to them first."

    def __init__(self, unit: Unit, obstacles: list[Obstacle]) -> None:
        super().__init__(
            name=unit.name,
            what_zh="、".join(one.zh for one in obstacles),
            what_en=", ".join(one.en for one in obstacles),
            obstacles=[one.as_json() for one in obstacles],
        )


Looking = Callable[[Unit, date], list[Obstacle]]
_rooms: list[Looking] = []


def before_ending(look: Looking) -> None:
    """A room says here, when it is ready, how it finds what of its own names a unit that ends on a day."""
    if look not in _rooms:
        _rooms.append(look)


def check_unused(unit: Unit, day: date) -> None:
    """Raises UnitStillUsed."""
    found = [*_people(unit, day), *(obstacle for look in _rooms for obstacle in look(unit, day))]
    if found:
        raise UnitStillUsed(unit, found)


def _people(unit: Unit, day: date) -> list[Obstacle]:
    later = Q(valid_to=None) | Q(valid_to__gt=day)
    posts = Post.objects.filter(later, unit=unit, revoked_at=None).order_by("pk")
    units = Unit.objects.filter(later, parent=unit).order_by("path")
    found = []
    if count := posts.count():
        names = tuple(posts.values_list("user__username", flat=True)[:EXAMPLES])
        found.append(Obstacle(kind="posts", count=count, zh=f"{count} 个在任岗位", en=f"{count} posts", examples=names))
    if count := units.count():
        codes = tuple(units.values_list("code", flat=True)[:EXAMPLES])
        found.append(
            Obstacle(kind="units", count=count, zh=f"{count} 个下级单位", en=f"{count} units under it", examples=codes)
        )
    return found
