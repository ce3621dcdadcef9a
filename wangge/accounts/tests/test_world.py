"""The people of the tests themselves: that each may do what the role says, and that requests are really theirs."""

import pytest

from wangge.accounts.models import Role, Session
from wangge.accounts.permissions import ROLES
from wangge.grids.rules.coverage import Cell, check_partition
from wangge.testing import town
from wangge.testing.client import api_as
from wangge.testing.committed import at_once
from wangge.testing.world import World


def test_roles_shipped_by_the_migration_are_those_in_the_code(world: World) -> None:
    rows = {
        role.code: (role.power, role.name_zh, role.name_en, frozenset(role.permissions)) for role in Role.objects.all()
    }
    assert rows == {
        code: (str(power), zh, en, frozenset(map(str, may))) for code, (power, zh, en, may) in ROLES.items()
    }


def test_there_is_a_stranger_for_every_role(world: World) -> None:
    for code in ROLES:
        assert world[code].role.code == code
        assert world.stranger(code).role.code == code
        assert world.stranger(code).unit != world[code].unit


@pytest.mark.parametrize("community", town.COMMUNITIES)
def test_the_town_keeps_the_rule_of_one_map(community: str) -> None:
    cells = [
        Cell(code=code, geometry=shape)
        for code, shape in town.SHAPES.items()
        if len(code) == 15 and code.startswith(community)
    ]
    assert list(check_partition(town.SHAPES[community], cells, tolerance_m2=1)) == []


def test_what_is_committed_is_wiped(committed_world: World) -> None:
    statuses = at_once(
        lambda: api_as(committed_world["street_seat"]).get("/health").status_code,
        lambda: api_as(committed_world["grid_worker"]).get("/health").status_code,
    )
    assert statuses == [200, 200]
    assert Session.objects.count() == 2


def test_nothing_is_left_by_the_test_before(db: None) -> None:
    assert Session.objects.count() == 0
    assert Role.objects.count() == len(ROLES)
