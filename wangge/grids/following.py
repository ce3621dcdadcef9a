"""What follows when grids are redrawn: cases, posts and whatever else points at a grid.

Rooms above this one register here (`on_redraw` in their `AppConfig.ready`); a callback runs in the transaction of the
redrawing, or, when that is for a later day, in the worker's on that day.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from wangge.accounts.actions.ground import follow_divisions, follow_grids
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.codes import GRID_LENGTH, Level
from wangge.core.ranges import within
from wangge.grids.entries import bump
from wangge.grids.location import LocationIndex
from wangge.grids.models import Boundary, Grid, Place, Redraw, Succession, open_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrawn:
    """`codes`: every grid whose ground changed or that ended, and the communities they lie in (a case that was known
    only by its community may lie in a grid now). `index` finds the new grid of a point among those communities."""

    redraw: UUID
    kind: str
    community: str
    date: date
    codes: tuple[str, ...]
    ended: frozenset[str]
    successors: Mapping[str, tuple[str, ...]]  # ended grid → who took over, the largest part first
    index: LocationIndex

    def successor_of(self, code: str) -> str:
        """Who took over the largest part; where nobody did, what the grid stood in."""
        return next(iter(self.successors.get(code, ())), self.community)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """So many of one kind would go from one grid to another; `open` of them are still in work."""

    kind: str  # "cases"
    old: str
    new: str
    open: int
    all: int


Callback = Callable[[Redrawn, datetime], None]
Looking = Callable[[Redrawn], list[Moving]]

_callbacks: list[Callback] = []
_looks: list[Looking] = []


def on_redraw(callback: Callback) -> None:
    """Idempotent: an AppConfig may be made ready more than once."""
    if callback not in _callbacks:
        _callbacks.append(callback)


def before_redraw(look: Looking) -> None:
    """Called with what a proposal would do: what of a room's own would move. Idempotent."""
    if look not in _looks:
        _looks.append(look)


def would_move(redrawn: Redrawn) -> list[Moving]:
    return [one for look in _looks for one in look(redrawn)]


def take_effect(redraw: Redraw, *, at: datetime) -> bool:
    """Whether its day has come; then everything that points at the redrawn grids follows, once."""
    if redraw.effective_at is not None or redraw.date > clock.day_of(at):
        return False
    redrawn = _what_happened(redraw, clock.day_of(at))
    with acting(Actor.system("redraw")):
        _posts_follow(redrawn, at)
        _places_follow(redrawn)
        for callback in _callbacks:
            callback(redrawn, at)
    redraw.effective_at = at
    redraw.undo = {}  # it cannot be taken back any more
    redraw.save(update_fields=["effective_at", "undo"])
    bump()
    return True


def _what_happened(redraw: Redraw, today: date) -> Redrawn:
    communities = {code[:12] for code in (*redraw.changed, *redraw.ended)}
    return Redrawn(
        redraw=redraw.pk,
        kind=redraw.kind,
        community=redraw.community,
        date=redraw.date,
        codes=tuple(sorted({*redraw.changed, *redraw.ended, *communities})),
        ended=frozenset(redraw.ended),
        successors=_successors(redraw),
        # Today's: a boundary put right for a day long past does not bring back grids that have ended since.
        index=_index_of(redraw.community, communities, today),
    )


def _successors(redraw: Redraw) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    rows = Succession.objects.filter(redraw=redraw.pk, from_code__in=redraw.ended).order_by("-area_m2", "to_code")
    for old, new in rows.values_list("from_code", "to_code"):
        if old != new:
            found.setdefault(old, []).append(new)
    return {code: tuple(found.get(code) or _of_its_grid(code, found)) for code in redraw.ended}


def _of_its_grid(code: str, found: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """An ended micro grid falls back to its grid, or to what took over from that."""
    grid = code[:GRID_LENGTH]
    return () if grid == code else found.get(grid, (grid,))


def _index_of(where: str, communities: set[str], day: date) -> LocationIndex:
    """Made for this once: what the process keeps must not hold what may yet be rolled back."""
    inside = within("code", (where,))
    open_grids = Grid.objects.filter(inside, open_on(day)).values("code")
    shapes = Boundary.objects.filter(open_on(day), code__in=open_grids).values_list("code", "geometry")
    return LocationIndex((code, bytes(shape)) for code, shape in shapes.iterator() if _is_in(code, communities))


def _is_in(code: str, communities: set[str]) -> bool:
    """`communities` holds shorter codes too, of a street or district that was drawn anew."""
    return any(code[:level] in communities for level in Level if level <= Level.COMMUNITY)


def _places_follow(redrawn: Redrawn) -> None:
    """The named places that addresses are matched with. What lies in none of the new grids is not matched any more."""
    if all(len(code) < GRID_LENGTH for code in redrawn.codes):
        return
    places = list(Place.objects.filter(Q(grid__in=redrawn.codes) | Q(grid="")))
    found = redrawn.index.locate_many([place.lon for place in places], [place.lat for place in places])
    moved = []
    for place, code in zip(places, found, strict=True):
        grid = code or ("" if place.grid in redrawn.ended else place.grid)
        if grid != place.grid:
            place.grid = grid
            moved.append(place)
    Place.objects.bulk_update(moved, ["grid"], batch_size=1000)


def _posts_follow(redrawn: Redrawn, at: datetime) -> None:
    successors = {code: redrawn.successors.get(code, ()) for code in redrawn.ended}
    data = {"redraw": str(redrawn.redraw)}
    by = Actor.system("redraw")
    follow_grids(successors=successors, place=redrawn.community, data=data, by=by, at=at)
    merged = {code: taker[0] for code, taker in successors.items() if len(code) < GRID_LENGTH and taker}
    follow_divisions(merged, data=data, by=by, at=at)
