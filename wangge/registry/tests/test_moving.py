"""What stands in a record, and what is known of it, goes where the record goes."""

from typing import Any

from wangge.core.actor import Actor, acting
from wangge.registry.actions import Source, Where
from wangge.registry.models import Change, Difference, Dwelling, Household, Member, Organisation, OrganisationPerson
from wangge.registry.tests.made import building, dwelling, member, part, write
from wangge.testing import town
from wangge.testing.world import World

SYSTEM = Actor.system("test")
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
