"""What stands in a record, and what is known of it, goes where the record goes."""

from typing import Any

from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.core.ids import new_id
from wangge.grids.following import Redrawn
from wangge.grids.location import LocationIndex
from wangge.grids.models import Boundary
from wangge.registry.actions import Source, Where
from wangge.registry.models import (
    Building,
    Change,
    Difference,
    Dwelling,
    Household,
    Member,
    Organisation,
    OrganisationPerson,
)
from wangge.registry.redraw import registry_follows
from wangge.registry.tests.made import SYSTEM, building, dwelling, member, moves_in, one, part, person, write
from wangge.testing import town
from wangge.testing.world import World

MARKET, FILE = Source(kind="department", owner="market"), Source(kind="import")


def test_what_is_known_of_a_record_goes_where_the_record_goes(world: World) -> None:
    """Members of a household, who answers for an organisation, history and differences of every kind."""
    house = building(world)
    room = dwelling(world, house)
    shop = write(world, "organisation", {"name": "桃叶超市", "kind": "enterprise"}, where=Where(building_id=house.pk))
    lone = write(world, "organisation", {"name": "白鹭超市", "kind": "enterprise"})
    family = write(world, "household", {"number": "H1"}, where=Where(dwelling_id=room.pk)).record
    alone = write(world, "household", {"number": "H2"}).record
    for order, household in enumerate((family, alone), start=1):
        member(world, household.pk, order=order)
    for organisation in (shop.record, lone.record):
        part(world, organisation.pk)
        write(world, "organisation", {"address": "桃叶渡5号"}, id=organisation.pk, where=None)
        write(world, "organisation", {"name": "新名"}, id=organisation.pk, where=None, source=MARKET)
        write(world, "organisation", {"name": "旧名"}, id=organisation.pk, where=None, source=FILE)
    for kind, record in (("building", house), ("dwelling", room), ("household", alone)):
        write(
            world,
            kind,
            {"registration": "registered"} if kind == "household" else {"use": "01"},
            id=record.pk,
            where=None,
        )
    there = Where(code=town.NEIGHBOUR_GRID)
    lon, lat = town.point_in(town.NEIGHBOUR_GRID)
    write(world, "building", {}, id=house.pk, where=Where(lon=lon, lat=lat))
    for kind, record in (("organisation", lone.record), ("household", alone)):
        write(world, kind, {}, id=record.pk, where=there)
    with acting(SYSTEM):
        for table in (Organisation, OrganisationPerson, Household, Member, Dwelling, Change, Difference):
            rows: Any = table._default_manager
            assert set(rows.values_list("code", flat=True)) == {town.NEIGHBOUR_GRID}, table


def test_a_redrawn_grid_takes_its_buildings_and_people_along(world: World) -> None:
    house, who, homeless = building(world), person(world), person(world, "王无房", order=3)
    moves_in(world, who.pk, dwelling(world, house).pk)
    shapes = [(town.NEIGHBOUR_GRID, bytes(Boundary.objects.get(code=town.GRID).geometry))]
    redrawn = Redrawn(
        redraw=new_id(),
        kind="merge",
        community=town.COMMUNITY,
        date=clock.today(),
        codes=(town.GRID, town.NEIGHBOUR_GRID),
        ended=frozenset({town.GRID}),
        successors={town.GRID: (town.NEIGHBOUR_GRID,)},
        index=LocationIndex(shapes),
    )
    with acting(Actor.system("redraw")):
        registry_follows(redrawn, clock.now())
        assert Building.objects.get().code == Dwelling.objects.get().code == town.NEIGHBOUR_GRID
    assert {one(pk).code for pk in (who.pk, homeless.pk)} == {town.NEIGHBOUR_GRID}
