"""What stands in the way of ending a grid or a division: asked before, and again when it is done."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

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


def in_the_way(place: Grid | Division, *, day: date | None = None) -> list[DomainError]:
    """Each told as the refusal would be, `codes` being what to see to first. Without a day: what has no end itself."""
    if place.valid_to is not None:
        return [EndedAlready(place=place.code, date=place.valid_to, codes=[])]
    ground = [StillHasGround(grid=place.code, codes=[])] if _has_ground(place) else []
    return [*_planned(place), *ground, *_below(place, day)]


def waiting_on(codes: Sequence[str], day: date) -> dict[str, date]:
    """Those whose ground a redrawing changes that waits for its day, on or after `day`: code -> the first such day."""
    touched = Q(changed__overlap=list(codes)) | Q(ended__overlap=list(codes))
    waiting = Redraw.objects.filter(touched, date__gte=day, effective_at__isnull=True, cancelled_at__isnull=True)
    found: dict[str, date] = {}
    for planned in waiting.order_by("-date"):
        found |= dict.fromkeys({*planned.changed, *planned.ended}.intersection(codes), planned.date)
    return found


def _planned(place: Grid | Division) -> list[DomainError]:
    touched = Q(changed__contains=[place.code]) | Q(ended__contains=[place.code])
    waiting = Redraw.objects.filter(touched, effective_at__isnull=True, cancelled_at__isnull=True).order_by("date")
    return [PlannedOtherwise(grid=place.code, date=redraw.date, codes=[]) for redraw in waiting[:1]]


def _below(place: Grid | Division, day: date | None) -> list[DomainError]:
    """What stands inside it, or will."""
    inside = within("code", (place.code,)) & ~Q(code=place.code)
    still = Q(valid_to__isnull=True)
    if day is not None:
        still |= Q(valid_to__gt=day)
    divisions = Division.objects.filter(inside, still) if len(place.code) < GRID_LENGTH else Division.objects.none()
    grids = Grid.objects.filter(inside, still)
    count = divisions.count() + grids.count()
    if not count:
        return []
    held = [*divisions.values_list("code", flat=True)[:SHOWN], *grids.values_list("code", flat=True)[:SHOWN]][:SHOWN]
    return [StillHolds(count=count, example=held[0], codes=held)]


def _has_ground(place: Grid | Division) -> bool:
    """Ground that would be nobody's: a micro grid's is still its grid's, a division ends only when it is empty."""
    if isinstance(place, Division) or place.type == Grid.Type.MICRO:
        return False
    return Boundary.objects.filter(code=place.code, valid_to__isnull=True).exists()
