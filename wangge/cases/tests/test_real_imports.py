"""The real files beside the repository, through the importers and nothing else: what is odd in them is said by row."""

import csv
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from wangge.accounts.models import Unit
from wangge.cases.models import Case, Category, Condition
from wangge.cases.tests.importing import SHARED_DATA, Outcome, bring_in
from wangge.core.actor import Actor
from wangge.core.importing.mapping import Otherwise, Rule
from wangge.grids.models import Division
from wangge.testing.world import World

PART = 400  # rows of the long files; `--long` takes all
EVERYWHERE = Actor(name="导入", permissions=frozenset({"category.edit", "import.run", "case.read"}), ranges=("",))


def real(name: str) -> Path:
    path = SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"real files are not here: {path}")
    return path


def test_a_citys_standard_of_events(world: World) -> None:
    done = bring_in("categories", real("city_management_standard/events_standard.csv"), EVERYWHERE, scheme="YC-EVENT")
    assert [fault.code for fault in done.errors] == ["category.limit"] and "是否为 1紧急工作时" in done.errors[0].zh
    assert done.counts.created == 143
    assert Category.objects.filter(scheme__code="YC-EVENT", parent=None).count() == 6


def test_a_citys_standard_of_facilities_with_the_law(world: World) -> None:
    path = real("city_management_standard/facilities_standard_with_law.csv")
    done = bring_in("categories", path, EVERYWHERE, scheme="YC-PART")
    assert [fault.code for fault in done.errors] == ["category.limit"] and "种植季节" in done.errors[0].zh
    assert {fault.code for fault in done.faults} >= {"category.several_names"}, "a major under two names"
    row = Condition.objects.filter(category__scheme__code="YC-PART", accept_when__contains="弹跳").first()
    assert row is not None and row.legal_text and row.category.collect
    again = bring_in("categories", path, EVERYWHERE, scheme="YC-PART")
    assert (again.counts.created, again.counts.changed) == (0, 0)
    without = bring_in(
        "categories", real("city_management_standard/facilities_standard.csv"), EVERYWHERE, scheme="YC-2"
    )
    assert without.errors == [] and without.counts.created > 300


def test_a_tree_of_three_levels(world: World) -> None:
    done = bring_in("categories", real("citizen_messages_2020/category_tree_3_levels.csv"), EVERYWHERE, scheme="12345")
    assert done.errors == []
    top = Category.objects.filter(scheme__code="12345", parent=None)
    assert top.count() >= 15 and Category.objects.filter(scheme__code="12345").count() > 500


def taxonomy() -> Outcome:
    return bring_in(
        "categories",
        real("district_events_2018/taxonomy_type_main_sub.csv"),
        EVERYWHERE,
        scheme="PS",
        rules=[
            Rule(field="major_code", columns=("type_code",)),
            Rule(field="major_name", columns=("event_type",)),
            Rule(field="minor_code", columns=("main_code",)),
            Rule(field="minor_name", columns=("main_type",)),
            Rule(field="third_code", columns=("sub_code",)),
            Rule(field="third_name", columns=("sub_type",)),
        ],
    )


def district() -> None:
    """坪山区 with its streets, from the national list; its communities are not in the files."""
    day = date(2017, 1, 1)
    names = {"4403": "深圳市", "440310": "坪山区"}
    streets = ("坪山街道", "马峦街道", "碧岭街道", "石井街道", "坑梓街道", "龙田街道")
    names |= {f"44031000{number}": name for number, name in enumerate(streets, 1)}
    Division.objects.bulk_create(
        Division(code=code, name=name, level=len(code), valid_from=day) for code, name in names.items()
    )
    Unit.objects.create(code="PS", name="坪山区指挥中心", kind="centre", path="PS/", division="440310", valid_from=day)
    rows = (real("district_events_2018/dispose_units.csv")).read_text(encoding="utf-8-sig").splitlines()[1:]
    known: dict[str, str] = {}
    for row in rows:
        code, _, name = row.partition(",")
        known.setdefault(code, name)
    Unit.objects.bulk_create(
        Unit(code=code, name=name, kind="department", path=f"{code}/", division="440310", valid_from=day)
        for code, name in known.items()
    )
    from wangge.core import revisions

    revisions.bump("units")


def events(most: int | None) -> Outcome:
    taxonomy()
    district()
    return bring_in(
        "cases",
        real("district_events_2018/events.csv"),
        EVERYWHERE,
        most=most,
        source_system="PS-2018",
        scheme="PS",
        under="440310",
        default_state="closed",
        rules=[
            Rule(field="title", columns=("main_type", "sub_type"), join=" / "),
            Rule(field="major_name", columns=("event_type",)),
            Rule(field="minor_name", columns=("main_type",)),
            Rule(field="third_name", columns=("sub_type",)),
            Rule(
                field="source",
                columns=("event_src",),
                values={"固话投诉": "telephone"},
                otherwise=Otherwise.DEFAULT,
                default="partner",
            ),
        ],
    )


def without_unit(rows: int) -> int:
    with real("district_events_2018/events.csv").open(encoding="utf-8-sig", newline="") as file:
        return sum(row["dispose_unit"] == "-" for row in islice(csv.DictReader(file), rows))


def check_events(done: Outcome) -> None:
    assert done.errors == [] and done.counts.created == done.rows
    cases = Case.objects.filter(batch=done.batch)
    assert set(cases.values_list("state", flat=True)) == {"closed"}
    assert "case.unit_spelling" in done.codes(), "one unit under two spellings"
    assert "case.rough_place" in done.codes(), "communities that the national list does not have"
    assert "case.no_end" in done.codes(), "the file says whether in time, not when"
    # "-" is how this file says that it does not know which unit: no unit, and no fault of the row.
    assert cases.filter(lead__isnull=True).count() == without_unit(done.rows)
    assert "case.unknown_unit" not in done.codes()
    assert not cases.filter(current_grid="440310").count() > done.rows * 0.02, "nearly all in their street"


def test_real_events_of_a_district(world: World) -> None:
    check_events(events(PART))


@pytest.mark.long
def test_all_real_events_of_a_district(world: World) -> None:
    done = events(None)
    check_events(done)
    assert done.counts.created == 6_000
    late = Case.objects.filter(batch=done.batch, was_late=True).count()
    assert late == 665


def messages(most: int | None) -> Outcome:
    return bring_in(
        "cases",
        real("citizen_messages_2020/messages_with_replies.csv.gz"),
        EVERYWHERE,
        most=most,
        source_system="LY",
        under="320104",
        default_source="resident",
    )


def check_messages(done: Outcome) -> None:
    assert done.counts.created == done.rows - len({fault.row for fault in done.errors})
    case = Case.objects.filter(batch=done.batch).order_by("reported_at")[0]
    assert (case.source, case.outcome, case.state) == ("resident", "explained", "closed")
    assert case.closed_at is not None and case.closed_at > case.reported_at


def test_real_messages_with_their_replies(world: World) -> None:
    check_messages(messages(PART))


@pytest.mark.long
def test_all_real_messages_with_their_replies(world: World) -> None:
    check_messages(messages(None))


def test_real_labelled_messages_stay_open_under_their_first_level(world: World) -> None:
    bring_in("categories", real("citizen_messages_2020/category_tree_3_levels.csv"), EVERYWHERE, scheme="12345")
    path = real("citizen_messages_2020/raw_labelled.csv")
    done = bring_in("cases", path, EVERYWHERE, source_system="LABELLED", scheme="12345", under="320104")
    assert done.counts.created + len({fault.row for fault in done.errors}) >= done.rows - len(done.of("case.repeated"))
    cases = Case.objects.filter(batch=done.batch)
    assert set(cases.values_list("state", flat=True)) == {"reported"}
    assert cases.filter(category__isnull=True).count() <= done.rows * 0.5
