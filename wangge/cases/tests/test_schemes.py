"""The two schemes shipped are whole, and every limit in them can be counted."""

import re

import pytest

from wangge.cases.configuration import configuration
from wangge.cases.models import Category, Condition, ProcedureStep, Scheme
from wangge.cases.rules.states import Stage

pytestmark = pytest.mark.django_db


def test_the_dispute_kinds_of_the_standard_are_all_there() -> None:
    """GB/T 31000-2015, table 5.56: 16 kinds and 其他; 64 below them, each kind with its own x99."""
    rows = Category.objects.filter(scheme__code="GBT31000")
    top = rows.filter(parent=None)
    assert [row.code for row in top] == [*(f"{number:02}" for number in range(1, 17)), "99"]
    below = rows.exclude(parent=None)
    assert below.exclude(code__endswith="99").count() == 64 and below.filter(code__endswith="99").count() == 16
    for row in below.select_related("parent"):
        assert row.parent is not None
        assert row.code.startswith(row.parent.code) and row.path == f"{row.parent.code}/{row.code}/"
        assert row.is_leaf and not row.parent.is_leaf


def test_the_governance_scheme_says_what_it_is() -> None:
    scheme = Scheme.objects.get(code="WG")
    assert "演示" in scheme.source
    rows = Category.objects.filter(scheme=scheme)
    assert rows.filter(parent=None).count() == 14 and rows.filter(is_leaf=True).count() >= 60
    assert not rows.filter(name_en="").exists()
    assert Condition.objects.filter(category__scheme=scheme).count() == rows.filter(is_leaf=True).count()
    assert ProcedureStep.objects.filter(category__scheme=scheme).values("category").distinct().count() >= 6


def test_nobody_is_profiled_by_a_category() -> None:
    """No category of ours by religion, petitioning, mood or standing; the standard may name disputes about them."""
    names = "".join(Category.objects.filter(scheme__code="WG").values_list("name_zh", flat=True))
    assert not re.search("信访|上访|重点人员|特殊人群|宗教|民族|情绪", names)


def test_every_category_shipped_has_a_limit_for_every_stage() -> None:
    for category in configuration().categories.values():
        for stage in (Stage.RESPOND, Stage.DISPATCH, Stage.SIGN, Stage.HANDLE, Stage.REVIEW):
            assert category.limit(stage, None).amount > 0, category.path
        for step in category.procedure:
            assert step.limit is not None and step.name_zh and step.name_en
