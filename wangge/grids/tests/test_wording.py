import pytest

from wangge.grids.rules.coverage import Finding, FindingKind
from wangge.grids.rules.wording import fault_of
from wangge.grids.tests.districts import box_m

WEST, EAST = "320104001001001", "320104001001002"


@pytest.mark.parametrize("kind", list(FindingKind))
def test_every_breach_has_a_sentence_in_both_languages(kind: FindingKind) -> None:
    finding = Finding(kind, (WEST,), 1.0, (118.0, 32.0), box_m(0, 0, 1, 1), "Self-intersection")
    fault = fault_of(finding)
    assert fault.zh.endswith("。") and fault.en.endswith(".")
    assert fault.code == kind.value


def test_a_fault_names_the_grids_the_area_and_the_place() -> None:
    overlap = Finding(FindingKind.OVERLAP, (WEST, EAST), 1234.56, (118.79, 32.03), box_m(0, 0, 1, 1))
    fault = fault_of(overlap, row=7)
    assert (fault.row, fault.subject, fault.place, fault.area_m2) == (7, WEST, (118.79, 32.03), 1234.6)
    assert fault.zh == f"网格 {WEST}、{EAST} 重叠 1,234.6 平方米。"


def test_a_gap_is_told_of_its_community() -> None:
    gap = Finding(FindingKind.GAP, (), 12.0, (118.79, 32.03), box_m(0, 0, 1, 1))
    assert fault_of(gap, subject="320104001001").subject == "320104001001"


def test_what_is_wrong_with_a_ring_is_said_in_the_readers_language() -> None:
    bow_tie = Finding(
        FindingKind.INVALID_RING, (WEST,), 1.0, (118.0, 32.0), box_m(0, 0, 1, 1), "Self-intersection[118 32]"
    )
    fault = fault_of(bow_tie)
    assert fault.zh == "边界环有误：边界线自相交。"
    assert fault.en == "The boundary ring is not valid: self-intersection."
