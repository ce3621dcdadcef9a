"""What the feed says about one row at hand agrees with the one statement of scope."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wangge.accounts.permissions import Permission
from wangge.cases.models import Assignment, Case
from wangge.cases.queries.news import audiences
from wangge.cases.tests import made
from wangge.core import clock
from wangge.core.actor import Actor
from wangge.testing import town
from wangge.testing.world import World

CODES = st.sampled_from([*town.DIVISIONS, *town.GRIDS, ""])
UNITS = st.sampled_from(["320104", "320104001", "320104001001", "D-CG", "D-CG-1", "D-CG-2", "D-SW"])


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_audience_and_scope_agree(world: World, data: st.DataObject) -> None:
    case = made.reported(world, 1, at=clock.now(), code=data.draw(st.sampled_from(town.GRIDS)))[0]
    holder = world.units.get(data.draw(UNITS)) or world.unit(town.STREET)
    Case.objects.filter(pk=case.pk).update(holder=holder, holder_path=holder.path)
    for unit in {data.draw(UNITS) for _ in range(data.draw(st.integers(0, 2)))}:
        charged, at = world.unit(unit), clock.now()
        ended = {"ended_at": at, "ended_how": "returned"} if data.draw(st.booleans()) else {}
        Assignment.objects.create(
            case=case, unit=charged, unit_path=charged.path, role="assist", reported_at=at, dispatched_at=at, **ended
        )
    actor = Actor(
        unit_path=data.draw(st.sampled_from(["", *(unit.path for unit in world.units.values())])),
        ranges=tuple(data.draw(st.lists(CODES, max_size=2))),
        permissions=frozenset({Permission.CASE_READ}),
    )
    seen = Case.objects.visible_to(actor).filter(pk=case.pk).exists()
    assert audiences([case.pk])[case.pk].has(actor) == seen
    assert not audiences([case.pk])[case.pk].has(Actor(unit_path=actor.unit_path, ranges=actor.ranges))
