"""Identity numbers, credit codes, names, addresses: decisions about values alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.registry.codelists import CODE_LISTS
from wangge.registry.codelists_english import ENGLISH
from wangge.registry.dictionary import KINDS, refusal_of
from wangge.registry.rules import addresses, identity, names, tokens
from wangge.registry.rules.winning import Outcome, Policy, Said, outcome


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "320102199003070017"])
def test_a_right_identity_number_is_taken(number: str) -> None:
    assert identity.is_identity_number(number)


@pytest.mark.parametrize(
    "number",
    ["110105194912310021", "320102199002300012", "11010519491331002X", "32010219900307001", "", "０２"],
)
def test_a_wrong_check_digit_a_day_that_never_was_and_other_lengths_are_not(number: str) -> None:
    assert not identity.is_identity_number(number)


def test_a_number_tells_birthday_and_sex_and_full_width_digits_are_digits() -> None:
    told = identity.told_by(identity.normalise_number("１１０１０５ 19491231002ｘ"))
    assert told is not None and (str(told.birth_date), told.sex, told.region) == ("1949-12-31", "2", "110105")


def test_a_number_of_the_first_generation_gains_century_and_check_digit() -> None:
    assert identity.upgraded("110105491231002") == "11010519491231002X"


@pytest.mark.parametrize("code", ["91350100M000100Y43", "N2320104MF00000005"])
def test_credit_codes_with_letters_are_judged_by_their_check_digit(code: str) -> None:
    right = code[:17] + identity.credit_check(code)
    assert identity.is_credit_code(right)
    assert not identity.is_credit_code(right[:17] + ("0" if right[17] != "0" else "1"))


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(place: int, more: int) -> None:
    number = "11010519491231002X"
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert not identity.is_identity_number(wrong)


def test_middle_dots_of_every_kind_are_one() -> None:
    written = ["买买提·吐尔逊", "买买提•吐尔逊", "买买提・吐尔逊", "买买提 · 吐尔逊", "买买提．吐尔逊"]
    assert {names.tidy(name) for name in written} == {"买买提·吐尔逊"}
    assert {names.key(name) for name in written} == {"买买提吐尔逊"}


def test_rare_characters_are_names_and_compatibility_forms_are_not_folded_away() -> None:
    assert names.is_name("𠮷田") and names.key("𠮷田") == "𠮷田"
    assert names.tidy("\uf9d1") == "\uf9d1"
    assert not names.is_name("=HYPERLINK(1)") and not names.is_name("张三(已故)")
    assert names.is_name("阿" * 50) and not names.is_name("阿" * 51)


def test_a_part_of_a_name_asks_for_grams_that_the_name_has() -> None:
    name = "阿卜杜热合曼·买买提"
    for part in ("阿", "热合", "合曼买", "曼·买买提", name):
        assert set(tokens.wanted(part)) <= tokens.grams(name), part
    assert tokens.whole(name) in tokens.grams(name)
    assert tokens.wanted(" · ") == ()


@given(st.text("张伟明阿", min_size=1, max_size=6), st.text("张伟明阿", min_size=1, max_size=4))
def test_whoever_bears_a_part_in_their_name_is_found_by_its_grams_or_by_the_whole(name: str, part: str) -> None:
    found = tokens.grams(name) & {tokens.whole(part), *tokens.wanted(part)}
    assert bool(found) or part not in name
    assert tokens.whole(name) in tokens.grams(name) and len(tokens.grams(name)) <= 3 * len(name)


@given(st.text(max_size=60))
def test_no_address_loses_anything(text: str) -> None:
    assert addresses.parts_of(text).text() == addresses.plain(text)


def test_an_address_is_taken_apart_and_one_without_number_is_kept_whole() -> None:
    parts = addresses.parts_of("江苏省南京市秦淮区夫子庙街道平江府社区平江府路12号金陵花园3幢2单元301室")
    assert (parts.road, parts.number, parts.estate, parts.building, parts.unit, parts.room) == (
        "平江府路",
        "12号",
        "金陵花园",
        "3幢",
        "2单元",
        "301室",
    )
    assert addresses.parts_of("老宅门西荷花塘").text() == "老宅门西荷花塘"


def test_two_ways_to_write_one_room_are_one_room() -> None:
    assert addresses.room_key(unit="2单元", room="0301室") == addresses.room_key(unit="2", room="301")


NEW, OLD = Said(owner="", at=None), Said(owner="", at=None)


def test_the_owner_of_a_field_wins_and_others_become_a_difference() -> None:
    police = Said(owner="police", at=None)
    asked = {"is_empty": False, "is_corrected": True}
    assert outcome(Policy.OWNER, "police", held=police, new=NEW, **asked) is Outcome.DIFFER
    assert outcome(Policy.OWNER, "police", held=OLD, new=police, **asked) is Outcome.TAKE
    assert outcome(Policy.MANUAL, "", held=OLD, new=NEW, is_empty=False, is_corrected=False) is Outcome.DIFFER
    assert outcome(Policy.MANUAL, "", held=OLD, new=NEW, is_empty=True, is_corrected=False) is Outcome.TAKE


def test_every_field_says_what_it_is_for_and_none_is_about_belief_or_body() -> None:
    for kind, fields in KINDS.items():
        for field in fields:
            assert field.why_zh and field.why_en, (kind, field.name)
            assert refusal_of(field.zh) is None, (kind, field.zh)
    for heading in ("民族", "宗教信仰", "政治面貌", "照片", "是否重点关注人员"):
        assert refusal_of(heading) is not None


@pytest.mark.parametrize("estate", ["华庭花园", "学府花园", "新城家园", "金陵花园", "金陵花园东区", "书香苑"])
def test_an_estate_whose_name_holds_an_ending_is_one_estate(estate: str) -> None:
    parts = addresses.parts_of(f"解放路4号{estate}11幢1单元101室")
    assert (parts.estate, parts.building, parts.unit, parts.room) == (estate, "11幢", "1单元", "101室")


def test_every_code_has_a_name_in_both_languages() -> None:
    assert {name: set(one.names) for name, one in CODE_LISTS.items()} == {
        name: set(names) for name, names in ENGLISH.items()
    }
