"""Reads of the map: what other rooms ask, and what pages show."""

from wangge.grids.entries import REVISION
from wangge.grids.queries.coverage import community_coverage, coverage_under
from wangge.grids.queries.divisions import children_of, division_card, lineage, names_of
from wangge.grids.queries.ending import ending_of
from wangge.grids.queries.grids import aliases, boundary_since, codes_under, find_grids, grid_card, next_free_code
from wangge.grids.queries.location import (
    NamedPlace,
    codes_around,
    exists,
    grid_at,
    index,
    locate,
    nearest,
    place_named_in,
    places_near,
)
from wangge.grids.queries.map import MapView, map_layers, view_of
from wangge.grids.queries.names import (
    Coded,
    KnownPlace,
    find_aliases,
    find_divisions,
    find_named,
    find_places,
    is_grid_code,
)
from wangge.grids.queries.net import net_of
from wangge.grids.queries.plans import effect_of, plan_card, plans, redrawn_of
from wangge.grids.queries.redraws import planned_for, redraws_under
from wangge.grids.queries.served import served_area
from wangge.grids.queries.staffing import places_in, staffing
from wangge.grids.queries.teams import full_time_workers, serving_on, team_members, vacancies

__all__ = [
    "REVISION",
    "Coded",
    "KnownPlace",
    "MapView",
    "NamedPlace",
    "aliases",
    "boundary_since",
    "children_of",
    "codes_around",
    "codes_under",
    "community_coverage",
    "coverage_under",
    "division_card",
    "effect_of",
    "ending_of",
    "exists",
    "find_aliases",
    "find_divisions",
    "find_grids",
    "find_named",
    "find_places",
    "full_time_workers",
    "grid_at",
    "grid_card",
    "index",
    "is_grid_code",
    "lineage",
    "locate",
    "map_layers",
    "names_of",
    "nearest",
    "net_of",
    "next_free_code",
    "place_named_in",
    "places_in",
    "places_near",
    "plan_card",
    "planned_for",
    "plans",
    "redrawn_of",
    "redraws_under",
    "served_area",
    "serving_on",
    "staffing",
    "team_members",
    "vacancies",
    "view_of",
]
