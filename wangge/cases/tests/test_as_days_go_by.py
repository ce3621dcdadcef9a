"""Centres, rules and categories that begin or end with a day, in a process that read them before that day."""

from datetime import date

from wangge.accounts.models import Unit
from wangge.cases.configuration import units
from wangge.cases.models import Category, DispatchRule, Scheme
from wangge.cases.queries.categories import guess_category
from wangge.cases.suggestions import rules_of_the_day
from wangge.core import clock, revisions
from wangge.core.actor import acting
from wangge.testing import town
from wangge.testing.moments import at_moment
from wangge.testing.world import World

BEFORE, DAY, AFTER = "2026-11-20T04:00:00Z", date(2026, 12, 1), "2026-12-01T04:00:00Z"


def centre(code: str) -> str:
    found = units().centre_over(code)
    return found.code if found else ""


def test_a_centre_whose_end_is_planned_takes_in_cases_until_then(world: World) -> None:
    with at_moment(BEFORE) as now:
        Unit.objects.filter(code=town.COMMUNITY).update(valid_to=DAY)
        revisions.bump("units")
        assert centre(town.GRID) == town.COMMUNITY
        now.move_to(AFTER)
        assert centre(town.GRID) == town.STREET, "without anybody having changed anything"


def test_a_centre_planned_for_later_takes_in_none_before(world: World) -> None:
    with at_moment(BEFORE) as now:
        old = world.unit(town.COMMUNITY)
        Unit.objects.filter(pk=old.pk).update(valid_to=DAY)
        Unit.objects.create(
            code="NEW",
            name="柳岸社区新工作站",
            kind="centre",
            parent=world.unit(town.STREET),
            path=f"{world.unit(town.STREET).path}NEW/",
            division=town.COMMUNITY,
            valid_from=DAY,
        )
        revisions.bump("units")
        assert centre(town.GRID) == town.COMMUNITY
        now.move_to(AFTER)
        assert centre(town.GRID) == "NEW"


def test_a_rule_is_broken_from_the_day_on_which_its_unit_ends(world: World) -> None:
    with at_moment(BEFORE) as now:
        unit = world.unit("D-CG-1")
        DispatchRule.objects.create(order=1, code=town.STREET, unit=unit, valid_from=date(2020, 1, 1))
        Unit.objects.filter(pk=unit.pk).update(valid_to=DAY)
        revisions.bump("units")
        revisions.bump("cases")
        assert [rule.unit_open for rule in rules_of_the_day()] == [True]
        now.move_to(AFTER)
        assert [rule.unit_open for rule in rules_of_the_day()] == [False]


def test_a_rule_is_broken_as_soon_as_its_unit_is_ended(world: World) -> None:
    unit = world.unit("D-CG-1")
    DispatchRule.objects.create(order=1, code=town.STREET, unit=unit, valid_from=date(2020, 1, 1))
    revisions.bump("cases")
    assert [rule.unit_open for rule in rules_of_the_day()] == [True]
    Unit.objects.filter(pk=unit.pk).update(valid_to=clock.today())
    revisions.bump("units")
    assert [rule.unit_open for rule in rules_of_the_day()] == [False]


def test_categories_of_a_scheme_are_guessed_from_its_first_day_to_its_last(world: World) -> None:
    def guessed() -> set[str]:
        by = world["street_seat"].actor
        with acting(by):
            found = guess_category(
                text="路面塌陷", scheme=None, lon=None, lat=None, code=town.STREET, by=by, at=clock.now()
            )
        return {one["path"] for one in found}

    with at_moment(BEFORE) as now:
        for code, since, until in (("OLD", "2020-01-01", DAY), ("NEW", DAY, None)):
            scheme = Scheme.objects.create(
                code=code, version="1", name_zh="测试", source="test", valid_from=since, valid_to=until
            )
            Category.objects.create(scheme=scheme, code=code, path=f"{code}/", name_zh="路面塌陷")
        revisions.bump("cases")
        assert "OLD/" in guessed() and "NEW/" not in guessed()
        now.move_to(AFTER)
        assert "NEW/" in guessed() and "OLD/" not in guessed()
