"""Divisions, grids and known places by what people call them: a name, a part of it, a code, another office's code."""

from dataclasses import dataclass

from django.db.models import Q
from django.db.models.functions import Length

from wangge.core import clock
from wangge.core.actor import Actor
from wangge.core.codes import GRID_LENGTH, padded, significant
from wangge.core.ranges import within
from wangge.grids.access import may_read
from wangge.grids.models import Alias, Division, Grid, Place, open_on
from wangge.grids.queries.divisions import names_of
from wangge.grids.rules.places import key_of


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place by its name; lon, lat WGS-84. `grid` is empty where it lies in none."""

    id: int
    name: str
    kind: str
    lon: float
    lat: float
    grid: str


@dataclass(frozen=True, slots=True)
class Coded:
    """A division or a grid. `alias` is what was asked for, where another office calls it so."""

    code: str
    name: str
    alias: str = ""


def find_divisions(q: str, *, by: Actor, limit: int) -> list[Coded]:
    """By part of a name or the beginning of a code, also of one padded with zeros; the larger division first."""
    may_read(by)
    word = q.strip()
    wanted = Q(name__icontains=word) | Q(short_name__icontains=word) | Q(code__startswith=_digits(word))
    rows = Division.objects.filter(wanted, open_on(clock.today())).order_by("level", "code")
    return [Coded(row.code, row.name) for row in rows[:limit]]


def find_named(q: str, *, ranges: tuple[str, ...], limit: int) -> list[Coded]:
    """Divisions, the larger first, then grids, by part of a name or the beginning of a code; ended ones too, for who
    asks what happened. Whoever asks has been let in elsewhere; `ranges` is what they may know of."""
    word = q.strip()
    by_name = Q(name__icontains=word)
    divisions = Division.objects.filter(by_name | Q(short_name__icontains=word) | Q(code__startswith=_digits(word)))
    grids = Grid.objects.filter(by_name | Q(code__startswith=word))
    found: dict[str, str] = {}
    for rows in (divisions.order_by("level", "code", "pk"), grids.order_by("code", "pk")):
        found |= dict(rows.filter(within("code", ranges)).values_list("code", "name")[: limit - len(found)])
    return [Coded(code, name) for code, name in found.items()]


def find_aliases(q: str, *, by: Actor, limit: int) -> list[Coded]:
    """Grids and divisions that another office calls exactly so."""
    may_read(by)
    rows = Alias.objects.filter(open_on(clock.today()), alias=q.strip()).order_by("scheme", "id")[:limit]
    found = [(row.code, f"{row.scheme} {row.alias}") for row in rows]
    names = names_of(code for code, _ in found)
    return [Coded(code, names.get(code, code), alias) for code, alias in found]


def find_places(q: str, *, by: Actor, limit: int) -> list[KnownPlace]:
    """By part of a name: what begins so first, the shortest name first."""
    may_read(by)
    key = key_of(q)
    if not key:
        return []
    rows = Place.objects.filter(key__contains=key).annotate(long=Length("key")).order_by("long", "key", "id")
    begins = list(rows.filter(key__startswith=key)[:limit])
    rest = list(rows.exclude(key__startswith=key)[: limit - len(begins)])
    return [KnownPlace(row.pk, row.name, row.kind, row.lon, row.lat, row.grid) for row in begins + rest]


def is_grid_code(code: str) -> bool:
    return len(code) >= GRID_LENGTH


def _digits(word: str) -> str:
    """320104000000 finds what is kept as 320104; text finds nothing by code."""
    if not word.isascii() or not word.isdigit():
        return "\uffff"
    if len(word) != 12:
        return word
    try:
        return significant(padded(word))
    except ValueError:
        return word
