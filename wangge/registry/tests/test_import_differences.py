"""What a file says against what is held is asked once, and each value of it: not again after somebody refused it."""

from pathlib import Path
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from wangge.cases.tests.importing import bring_in, write_csv
from wangge.core import clock
from wangge.core.actor import acting
from wangge.registry.actions import decide
from wangge.registry.actions.settle import offered_value
from wangge.registry.models import Difference
from wangge.registry.tests.made import DEPARTMENT, SYSTEM, number, person, write
from wangge.registry.tests.test_importers import bring
from wangge.registry.tests.test_search import found
from wangge.testing import town
from wangge.testing.world import World

HEAD = "姓名,公民身份号码,证件（居住证）号码,网格编码"


def differences(**which: Any) -> list[Difference]:
    with acting(SYSTEM):
        return list(Difference.objects.filter(**which).order_by("said_at", "id"))


def brought(world: World, path: Path, name: str, permit: str = "") -> tuple[int, int]:
    counts = bring(world, path, [f"{name},{number(1)},{permit},{town.GRID}"], head=HEAD).counts
    return counts.changed, counts.unchanged


def test_what_was_refused_is_not_asked_again_by_the_next_file(world: World, tmp_path: Path) -> None:
    who = person(world)
    write(world, "person", {"name": "张伟鸣"}, id=who.pk, where=None, source=DEPARTMENT)
    assert brought(world, tmp_path, "张卫明") == (1, 0)
    [asked] = differences(state="open")
    by = world["community"].actor
    with acting(by):
        decide(difference_id=asked.pk, take=False, why="原件核对", by=by, at=clock.now())
    assert brought(world, tmp_path, "张卫明") == (0, 1)
    assert [one.state for one in differences()] == ["refused"]


def test_two_sealed_values_of_one_mask_are_two_questions(world: World, tmp_path: Path) -> None:
    who = person(world)
    write(world, "person", {"permit_number": "J3201000000000001"}, id=who.pk, where=None, source=DEPARTMENT)
    permits = ["J3201000000000002", "J3201000000000003"]
    for permit in (*permits, *permits):
        brought(world, tmp_path, "张伟明", permit)
    asked = differences(field="permit_number", state="open")
    assert len({one.offered for one in asked}) == 1, "they have one mask"
    assert [offered_value(one) for one in asked] == permits


def test_the_same_from_another_department_is_a_question_of_its_own(world: World, tmp_path: Path) -> None:
    who = person(world)
    write(world, "person", {"name": "张伟鸣"}, id=who.pk, where=None, source=DEPARTMENT)
    write(world, "person", {"name": "张卫明"}, id=who.pk, where=None)
    brought(world, tmp_path, "张卫明")
    assert [one.owner for one in differences(state="open")] == [""]
    path = write_csv(tmp_path / "b.csv", f"{HEAD}\n张卫明,{number(1)},,{town.GRID}\n")
    bring_in("people", path, world["community"].actor, owner="civil")
    assert {one.owner for one in differences(state="open")} == {"", "civil"}


def test_many_renamed_and_many_asked_about_take_no_more_statements_than_few(world: World, tmp_path: Path) -> None:
    for order in range(1, 9):
        values = {"permit_number": "J3201000000000001"}
        write(world, "person", values, id=person(world, order=order).pk, where=None, source=DEPARTMENT)
    brought(world, tmp_path, "张伟明")  # what is remembered of the grids
    counted = []
    for orders in (range(1, 3), range(3, 9)):
        rows = [
            f"张某{'一二三四五六七八'[order - 1]},{number(order)},J3201000000000002,{town.GRID}" for order in orders
        ]
        with CaptureQueriesContext(connection) as queries:
            bring(world, tmp_path, rows, head=HEAD)
        counted.append(len(queries))
    assert counted[0] == counted[1] and len(differences(state="open")) == 8
    assert found(world, "张某七") == [("person", "张某七")]
