"""Codes of facilities by GB/T 30428.2: an error when typed, a warning in bulk, told apart by what is wrong."""

from pathlib import Path

import pytest

from wangge.core.actor import Actor, acting
from wangge.core.errors import Invalid
from wangge.registry.actions import Where
from wangge.registry.models import Facility
from wangge.registry.rules.facilities import told_by
from wangge.registry.tests.made import write
from wangge.registry.tests.test_importers import bring
from wangge.testing import town
from wangge.testing.world import World

RIGHT = "3201040137000012"  # a street lamp (01 公用设施, 37 路灯) of the district
HEAD = "部件编码,名称,大类,网格编码"
WRONG = [
    ("320104013700001", "01", "number", "form"),  # a digit too few
    ("32010401370000123", "01", "number", "form"),  # one too many
    ("32010401３7000012", "01", "number", "form"),  # a full-width digit
    ("A201040137000012", "01", "number", "form"),
    (RIGHT, "02", "kind", "class"),
    ("3201050137000012", "01", "number", "division"),
]


def test_a_code_tells_division_class_kind_and_serial() -> None:
    told = told_by(RIGHT)
    assert told is not None and (told.division, told.major, told.minor, told.serial) == (
        "320104",
        "01",
        "37",
        "000012",
    )
    assert told.is_of("01") and not told.is_of("10")
    assert told.stands_in(town.GRID) and not told.stands_in("320105001001001")


@pytest.mark.parametrize(("number", "major", "field", "_"), WRONG)
def test_a_wrong_code_that_is_typed_is_an_error_of_its_field(
    world: World, number: str, major: str, field: str, _: str
) -> None:
    with pytest.raises(Invalid) as refused:
        write(world, "facility", {"number": number, "kind": major, "name": "路灯"})
    assert list(refused.value.fields) == [field]


def test_a_code_of_a_file_stands_in_no_other_correction_s_way_but_is_not_typed_wrong_again(
    world: World, tmp_path: Path
) -> None:
    outcome = bring(world, tmp_path, [f"DENG-12,路灯,公用设施,{town.GRID}"], "facilities", head=HEAD)
    assert outcome.counts.created == 1
    with acting(Actor.system("test")):
        lamp = Facility.objects.get()
    told = {"number": "DENG-12", "kind": "01", "state": "02"}
    assert write(world, "facility", told, id=lamp.pk, where=None).changed == ("state",)
    with pytest.raises(Invalid):
        write(world, "facility", {"number": "DENG-13"}, id=lamp.pk, where=None)
    changed = write(world, "facility", {"number": RIGHT}, id=lamp.pk, where=Where(code=town.GRID))
    assert changed.changed == ("number",)


def test_a_wrong_code_in_a_file_is_a_warning_of_its_row_and_comes_in(world: World, tmp_path: Path) -> None:
    rows = [f"{number},路灯{order},{major},{town.GRID}" for order, (number, major, _, _) in enumerate(WRONG)]
    outcome = bring(world, tmp_path, [f"3201040137000099,路灯,01,{town.GRID}", *rows], "facilities", head=HEAD)
    assert outcome.errors == [] and outcome.counts.created == 1 + len(WRONG)
    found = {
        (fault.row, what) for what in ("form", "class", "division") for fault in outcome.of(f"registry.facility_{what}")
    }
    assert found == {(order + 3, what) for order, (_, _, _, what) in enumerate(WRONG)}
    again = bring(world, tmp_path, [f"3201040137000099,路灯,01,{town.GRID}", *rows], "facilities", head=HEAD)
    assert again.counts.created == 0 and again.counts.unchanged == 1 + len(WRONG)
