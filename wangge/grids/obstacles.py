"""What stands in the way of ending a grid or a division: asked before, and again when it is done.

Rooms above this one say what of their own a division still holds (`before_ending` in their `AppConfig.ready`). Of a
grid they need not: what is in it goes to what takes over.
"""

from collections.abc import Callable, Sequence
from datetime import date

from django.db.models import Q

from wangge.accounts.models import PartnerSystem, Post, Unit
from wangge.core.codes import GRID_LENGTH
from wangge.core.errors import Conflict, DomainError
from wangge.core.ranges import within
from wangge.grids.models import Boundary, Division, Grid, Redraw

SHOWN = 20  # codes named of what it still holds


class StillHolds(Conflict):
    code = "grids.still_holds"
    zh = "下面还有 {count} 个区划或网格（如 {example}），请先撤销或合并。"
    en = "It still holds {count} divisions or grids ({example}, …); end or merge them first."


class StillHasGround(Conflict):
    code = "grids.still_has_ground"
    zh = "网格 {grid} 还有边界，撤销会留下空白；请把它并入相邻网格。"
    en = "Grid {grid} still has its ground; merge it into a neighbour, or a gap would be left."


class EndedAlready(Conflict):
    code = "grids.ended_already"
    zh = "{place} 已定于 {date} 撤销。"
    en = "{place} ends or has ended on {date}."


class PlannedOtherwise(Conflict):
    code = "grids.planned_otherwise"
    zh = "{grid} 在 {date} 已有计划的边界变动，请先取消那次变动。"
    en = "{grid} has a redrawing planned for {date}; cancel that one first."


class StillServed(Conflict):
    code = "grids.still_served"
    zh = "还有 {count} 个单位设在这里（如“{example}”），请先撤销或改设。"
    en = "{count} units still serve it (“{example}”, …); end or move them first."


class StillLookedAfter(Conflict):
    code = "grids.still_looked_after"
    zh = "还有 {count} 个岗位或对接系统的管理范围写着这里（如“{example}”），请先调整。"
    en = (
        "{count} posts or partner systems still name it among what they look after (“{example}”, …); change them first."
    )


Looking = Callable[[str, date | None], list[DomainError]]
_rooms: list[Looking] = []


def before_ending(look: Looking) -> None:
    """Called with the code of a division and the day it ends, None while that is open. Idempotent."""
    if look not in _rooms:
        _rooms.append(look)


def in_the_way(place: Grid | Division, *, day: date | None = None) -> list[DomainError]:
    """Each told as the refusal would be, `codes` being what to see to first. Without a day: what has no end itself."""
    if place.valid_to is not None:
        return [EndedAlready(place=place.code, date=place.valid_to, codes=[])]
    ground = [StillHasGround(grid=place.code, codes=[])] if _has_ground(place) else []
    found = [*_planned(place), *ground, *_below(place, day)]
    if isinstance(place, Division):
        found += [*_units(place, day), *_looking_after(place, day)]
        found += [one for look in _rooms for one in look(place.code, day)]
    return found


def waiting_on(codes: Sequence[str], day: date) -> dict[str, date]:
    """Those whose ground a redrawing changes that waits for its day, on or after `day`: code -> the first such day."""
    touched = Q(changed__overlap=list(codes)) | Q(ended__overlap=list(codes))
    waiting = Redraw.objects.waiting().filter(touched, date__gte=day)
    found: dict[str, date] = {}
    for planned in waiting.order_by("-date"):
        found |= dict.fromkeys({*planned.changed, *planned.ended}.intersection(codes), planned.date)
    return found


def _planned(place: Grid | Division) -> list[DomainError]:
    touched = Q(changed__contains=[place.code]) | Q(ended__contains=[place.code])
    waiting = Redraw.objects.waiting().filter(touched).order_by("date")
    return [PlannedOtherwise(grid=place.code, date=redraw.date, codes=[]) for redraw in waiting[:1]]


def _below(place: Grid | Division, day: date | None) -> list[DomainError]:
    """What stands inside it, or will."""
    inside, still = within("code", (place.code,)) & ~Q(code=place.code), _lasting(day)
    divisions = Division.objects.filter(inside, still) if len(place.code) < GRID_LENGTH else Division.objects.none()
    grids = Grid.objects.filter(inside, still)
    count = divisions.count() + grids.count()
    if not count:
        return []
    held = [*divisions.values_list("code", flat=True)[:SHOWN], *grids.values_list("code", flat=True)[:SHOWN]][:SHOWN]
    return [StillHolds(count=count, example=held[0], codes=held)]


def _units(place: Division, day: date | None) -> list[DomainError]:
    units = Unit.objects.filter(_lasting(day), within("division", (place.code,))).order_by("path")
    names = list(units.values_list("name", flat=True))
    return [StillServed(count=len(names), example=names[0], codes=[])] if names else []


def _looking_after(place: Division, day: date | None) -> list[DomainError]:
    """Also what names a grid of it that ended without a successor: nobody would look there again."""
    inside = within("code", (place.code,))
    codes = [row for kind in (Division, Grid) for row in kind.objects.filter(inside).values_list("code", flat=True)]
    posts = Post.objects.filter(_lasting(day), revoked_at__isnull=True, codes__overlap=codes).order_by("pk")
    partners = PartnerSystem.objects.filter(is_active=True, codes__overlap=codes).order_by("code")
    names = [*posts.values_list("user__name", flat=True), *partners.values_list("name", flat=True)]
    return [StillLookedAfter(count=len(names), example=names[0], codes=[])] if names else []


def _lasting(day: date | None) -> Q:
    still = Q(valid_to__isnull=True)
    return still if day is None else still | Q(valid_to__gt=day)


def _has_ground(place: Grid | Division) -> bool:
    """Ground that would be nobody's: a micro grid's is still its grid's, a division ends only when it is empty."""
    if isinstance(place, Division) or place.type == Grid.Type.MICRO:
        return False
    return Boundary.objects.filter(code=place.code, valid_to__isnull=True).exists()
