"""What the house makes of a place in words, told while they are typed: the same reading that a report gets."""

from typing import Any

from wangge.core.actor import Actor
from wangge.grids import queries as grids

PLACES, CODES = 5, 4
SHORTEST = 2  # characters; one names half the map


def understand_place(text: str, *, by: Actor) -> dict[str, Any]:
    """`named`: the known place a report with this address is filed under; the rest are offered. Raises NotAllowed."""
    word = text.strip()
    if len(word) < SHORTEST:
        return {"named": None, "places": [], "grids": []}
    named = grids.place_named_in(word)
    places = grids.find_places(word, by=by, limit=PLACES)
    coded = grids.find_aliases(word, by=by, limit=CODES)
    found = grids.find_grids(by=by, q=word, limit=CODES)["items"]
    coded += [grids.Coded(one["code"], one["name"]) for one in found if one["code"] not in {row.code for row in coded}]
    names = grids.names_of(code for code in [named.code if named else "", *(one.grid for one in places)] if code)
    return {
        "named": None if named is None else _place(named.name, named.code, named.lon, named.lat, names),
        "places": [_place(one.name, one.grid, one.lon, one.lat, names) for one in places],
        "grids": [{"code": one.code, "name": one.name, "alias": one.alias} for one in coded[:CODES]],
    }


def _place(name: str, code: str, lon: float, lat: float, names: dict[str, str]) -> dict[str, Any]:
    return {"name": name, "lon": lon, "lat": lat, "code": code, "grid": names.get(code, "")}
