"""What a kind of fault is called, where many of one kind are counted."""

import pytest

from wangge.core.importing.faults import known_codes, name_of


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_kind_of_fault_has_a_name_without_the_words_of_one_of_them(language: str) -> None:
    assert len(known_codes()) > 80
    for code in known_codes():
        name = name_of(code, language)
        assert name and name != code and "{" not in name, code


def test_a_gap_is_named_without_its_area() -> None:
    assert name_of("boundary.gap", "zh") == "有 … 平方米不属于任何网格。"
    assert name_of("boundary.gap", "en") == "… m² belong to no grid."
    assert name_of("of.another.version", "zh") == "of.another.version"
