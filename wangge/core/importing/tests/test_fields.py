from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.core.importing.fields import Field, FieldType, canonical


def read(kind: FieldType, text: str, date_format: str = "") -> str:
    choices = {"general": ("综合网格", "综合"), "dedicated": ("专属网格",)} if kind is FieldType.CHOICE else {}
    return canonical(Field(name="x", zh="项", en="Item", type=kind, choices=choices), text, date_format)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (FieldType.CODE, "０３２０ １０４", "0320104"),
        (FieldType.CODE, "320104001001.0", "320104001001"),
        (FieldType.CODE, "D03-1", "D03-1"),
        (FieldType.INTEGER, "1,026", "1026"),
        (FieldType.INTEGER, "12.0", "12"),
        (FieldType.INTEGER, "-０", "0"),
        (FieldType.DECIMAL, "1.50", "1.5"),
        (FieldType.DECIMAL, "1E2", "100"),
        (FieldType.DATE, "2018-02-08", "2018-02-08"),
        (FieldType.DATE, "2018/2/8", "2018-02-08"),
        (FieldType.DATE, "2018.2.8", "2018-02-08"),
        (FieldType.DATE, "20180208", "2018-02-08"),
        (FieldType.DATE, "２０１８年２月８日", "2018-02-08"),
        (FieldType.DATE, "2019-05-13 13:06:05", "2019-05-13"),
        (FieldType.DATE, "2019-05-13T18:00:00Z", "2019-05-14"),
        (FieldType.DATETIME, "2019-05-13 13:06:05", "2019-05-13T13:06:05+08:00"),
        (FieldType.DATETIME, "2019/5/13 9:06", "2019-05-13T09:06:00+08:00"),
        (FieldType.DATETIME, "2019年5月13日 13时06分05秒", "2019-05-13T13:06:05+08:00"),
        (FieldType.DATETIME, "2019-05-13T05:06:05.123Z", "2019-05-13T13:06:05+08:00"),
        (FieldType.BOOLEAN, "是", "1"),
        (FieldType.BOOLEAN, "FALSE", "0"),
        (FieldType.CHOICE, "综合网格", "general"),
        (FieldType.CHOICE, "Dedicated", "dedicated"),
        (FieldType.TEXT, "１号楼", "１号楼"),
        (FieldType.DATE, "", ""),
    ],
)
def test_a_cell_is_written_in_its_one_form(kind: FieldType, text: str, expected: str) -> None:
    assert read(kind, text) == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (FieldType.CODE, "3.20104E+11"),
        (FieldType.INTEGER, "12.5"),
        (FieldType.INTEGER, "1,02"),
        (FieldType.INTEGER, "9" * 50),
        (FieldType.DECIMAL, "NaN"),
        (FieldType.DECIMAL, "一百"),
        (FieldType.DATE, "2018-02-30"),
        (FieldType.DATE, "08/02/2018"),
        (FieldType.DATE, "-"),
        (FieldType.DATETIME, "2018-02-08 25:00"),
        (FieldType.BOOLEAN, "也许"),
        (FieldType.CHOICE, "微网格"),
        (FieldType.TEXT, "长" * 10_001),
    ],
)
def test_what_it_cannot_be_is_refused(kind: FieldType, text: str) -> None:
    with pytest.raises(ValueError):
        read(kind, text)


@pytest.mark.parametrize(
    ("text", "date_format"),
    [
        ("0001-01-01 00:00:00", ""),
        ("0001-01-01", ""),
        ("1899-12-31", ""),
        ("9999-12-31 23:59:59-11:00", ""),
        ("01/01/0001 00:00 +0000", "%d/%m/%Y %H:%M %z"),
        ("1", "excel"),
        ("2018", "%Y%Y"),
    ],
)
def test_a_time_that_is_none_is_a_fault_of_its_row(text: str, date_format: str) -> None:
    for kind in (FieldType.DATE, FieldType.DATETIME):
        with pytest.raises(ValueError):
            read(kind, text, date_format)
    assert read(FieldType.DATE, "1900-01-01") == "1900-01-01"


def test_a_stated_format_settles_what_comes_first() -> None:
    assert read(FieldType.DATE, "08/02/2018", "%d/%m/%Y") == "2018-02-08"
    assert read(FieldType.DATE, "08/02/2018", "%m/%d/%Y") == "2018-08-02"
    assert read(FieldType.DATETIME, "43139.5", "excel") == "2018-02-08T12:00:00+08:00"


@given(st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_an_instant_written_in_iso_is_the_same_instant(at: datetime) -> None:
    assert datetime.fromisoformat(read(FieldType.DATETIME, at.isoformat())) == at.replace(microsecond=0)


@given(st.sampled_from(list(FieldType)), st.text(max_size=40), st.sampled_from(["", "excel", "%Y", "%d/%m/%Y %z"]))
def test_any_text_is_read_or_refused_and_reading_twice_changes_nothing(kind: FieldType, text: str, form: str) -> None:
    try:
        once = read(kind, text, form)
    except ValueError:
        return
    assert read(kind, once) == once
