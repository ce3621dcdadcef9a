import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.core.importing.export import FORMULA_STARTS, csv_lines, csv_safe, fault_lines
from wangge.core.importing.faults import Fault


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1"])
def test_a_formula_is_shown_and_not_run(cell: str) -> None:
    assert csv_safe(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-12.5", "+8613800000000", "0", "甲-乙", "a=b", ""])
def test_what_is_no_formula_stays_as_it_is(cell: str) -> None:
    assert csv_safe(cell) == cell


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_no_exported_cell_starts_a_formula(rows: list[tuple[str, str]]) -> None:
    text = "".join(csv_lines(("甲", "乙"), rows)).removeprefix("\ufeff")
    for line in list(csv.reader(io.StringIO(text, newline="")))[1:]:
        for cell in line:
            assert not cell.startswith(FORMULA_STARTS) or cell.lstrip("+-").replace(".", "").isdecimal()


def test_faults_are_exported_with_their_place() -> None:
    fault = Fault(
        code="boundary.gap", zh="有空隙", en="Gap", row=3, subject="320104001001", place=(118.78, 32.02), area_m2=12.345
    )
    lines = list(fault_lines([fault], "zh"))
    assert lines[0].startswith("\ufeff行,列,编码")
    assert lines[1] == "3,,320104001001,error,boundary.gap,有空隙,118.78,32.02,12.3\r\n"
    assert "Gap" in list(fault_lines([fault], "en"))[1]
