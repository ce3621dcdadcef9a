import pytest

from wangge.core.masking import mask_cell, mask_email, mask_id_number, mask_name, mask_phone
from wangge.core.phone_numbers import normalise_phone


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("13812345678", "13812345678"),
        ("+86 138 1234 5678", "13812345678"),
        ("+86-13812345678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("8613812345678", "13812345678"),
        ("013812345678", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("＋８６　１３８　１２３４　５６７８", "13812345678"),
        ("025-84512345", "02584512345"),
        ("（025）8451 2345", "02584512345"),
        ("+86 25 84512345", "02584512345"),
        ("025-84512345转8001", "02584512345"),
        ("025-84512345-8001", "02584512345"),
        ("02584512345 ext. 12", "02584512345"),
        ("0515-88123456", "051588123456"),
        ("84512345", "84512345"),
        ("400-820-8820", "4008208820"),
        ("12345", "12345"),
        ("110", "110"),
        ("+852 2123 4567", "+85221234567"),
        ("0085221234567", "+85221234567"),
    ],
)
def test_a_number_has_one_form_however_it_is_written(written: str, number: str) -> None:
    assert normalise_phone(written) == number


@pytest.mark.parametrize("text", ["", "  ", "无", "张三", "138123", "1381234567890123", "0138", "abc13812345678", "+1"])
def test_what_is_no_telephone_number_is_none(text: str) -> None:
    assert normalise_phone(text) is None


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("13812345678", "138****5678"),
        ("+86 138 1234 5678", "138****5678"),
        ("025-84512345", "025****2345"),
        ("010-84512345转801", "010****2345"),
        ("0515-88123456", "0515****3456"),
        ("84512345", "****2345"),
        ("+85221234567", "+85*******67"),
        ("12345", "****"),
        ("加微信 abc_123", "****"),
        ("", ""),
    ],
)
def test_phones_are_masked(text: str, masked: str) -> None:
    assert mask_phone(text) == masked


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧*"),
        ("𠮷田", "𠮷*"),
        ("阿卜杜拉·买买提", "阿****"),
        ("John Smith", "J*** S****"),
        ("李", "*"),
        (" ", ""),
    ],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("32010419900307123X", "3201************3X"),
        ("320104900307123", "3201*********23"),
        ("E12345678", "E******78"),
        ("123", "****"),
        ("", ""),
    ],
)
def test_id_numbers_are_masked_and_show_no_birthday(number: str, masked: str) -> None:
    assert mask_id_number(number) == masked


@pytest.mark.parametrize(
    ("address", "masked"),
    [("zhang.san@example.com", "z***@example.com"), ("a@b.cn", "a***@b.cn"), ("not one", "****"), ("", "")],
)
def test_addresses_of_electronic_mail_are_masked(address: str, masked: str) -> None:
    assert mask_email(address) == masked


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("张伟明", "张**"),
        ("320104 19900307 001X", "320*** ******** ***X"),
        ("１３８００００００００", "１３８********"),
        ("a.li@example.cn", "a.l*@e******.c*"),
        ("平江府路12号3幢501室", "平***12号3幢***室"),
        ("阿依古丽·买买提", "阿***·买**"),
        ("𠮷田", "𠮷*"),
        ("28", "28"),
        ("", ""),
    ],
)
def test_a_cell_of_any_column_is_shown_by_its_form(written: str, shown: str) -> None:
    assert mask_cell(written) == shown
