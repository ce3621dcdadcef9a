import csv
import gzip
import io
from encodings.aliases import aliases
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wangge.core.importing.faults import FileRefused
from wangge.core.importing.files import Limits
from wangge.core.importing.readers import ReadOptions, Table, open_table
from wangge.core.importing.rows import trimmed

PLAIN = "代码,名称\n320104001001,考棚社区\n320104001002,止马营社区\n"


def written(folder: Path, content: str | bytes, name: str = "some.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def table(folder: Path, content: str | bytes, **options: str) -> Table:
    return open_table(written(folder, content), ReadOptions(**options))  # type: ignore[arg-type]


def refused(folder: Path, content: str | bytes, options: ReadOptions | None = None) -> str:
    with pytest.raises(FileRefused) as raised:
        list(open_table(written(folder, content), options).rows())
    return raised.value.fault.code


def faults(read: Table) -> list[tuple[int | None, str | None, str]]:
    return [(fault.row, fault.column, fault.code) for row in read.rows() for fault in row.faults]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_the_encodings_of_chinese_files_are_recognised(tmp_path: Path, encoding: str) -> None:
    read = table(tmp_path, PLAIN.encode(encoding))
    assert read.columns == ("代码", "名称")
    assert [row.values["名称"] for row in read.rows()] == ["考棚社区", "止马营社区"]


def test_a_rare_character_of_gb18030_survives(tmp_path: Path) -> None:
    text = "姓名,社区\n" + "".join(f"𠮷野{number},考棚社区\n" for number in range(20))
    assert next(table(tmp_path, text.encode("gb18030")).rows()).values["姓名"] == "𠮷野0"


def test_latin_1_is_not_taken_for_chinese(tmp_path: Path) -> None:
    assert (
        refused(tmp_path, "name,città\nRené,Forlì, è già così\nÅsa,Çà\n".encode("latin-1")) == "file.unknown_encoding"
    )


def test_a_stated_encoding_is_believed_unless_plainly_wrong(tmp_path: Path) -> None:
    read = open_table(written(tmp_path, "代號,名稱\n1,臺北\n".encode("big5")), ReadOptions(encoding="big5"))
    assert next(read.rows()).values == {"代號": "1", "名稱": "臺北"}
    for wrong in ("utf-8", "no-such-encoding"):
        assert refused(tmp_path, PLAIN.encode("gb18030"), ReadOptions(encoding=wrong)) == "file.wrong_encoding"


@pytest.mark.parametrize("name", sorted(set(aliases.values()) | {"undefined", "idna", "punycode", "a b", "x" * 40}))
def test_whatever_python_calls_an_encoding_reads_the_file_or_is_refused(tmp_path: Path, name: str) -> None:
    """Among them are compressions, quotings and rot13, which are none."""
    for content in (
        PLAIN.encode(),
        PLAIN.encode("gb18030"),
        b"a,b\n1,2\n",
        b"a,\\u0000,\\x,+2AA-,~{<:Ky2;~}\n\xff\xfe,2",
    ):
        try:
            list(open_table(written(tmp_path, content), ReadOptions(encoding=name)).rows())
        except FileRefused:
            continue
    if name in ("hex_codec", "zlib_codec", "base64_codec", "rot_13", "bz2_codec", "quopri_codec", "uu_codec"):
        assert refused(tmp_path, b"a,b\n1,2\n", ReadOptions(encoding=name)) == "file.wrong_encoding"


def test_a_header_with_a_nul_or_a_broken_byte_is_one_that_can_be_kept(tmp_path: Path) -> None:
    content = "编号,名称,".encode() + b"x\0y,\xe5\x90z\n1,2,3,4\n"
    assert table(tmp_path, content).columns == ("编号", "名称", "xy", "\ufffd\ufffdz")


def test_one_broken_character_is_a_fault_of_its_row(tmp_path: Path) -> None:
    content = (PLAIN * 3).encode().replace("止马营".encode(), b"\xe6\xad", 1)
    read = table(tmp_path, content)
    assert faults(read) == [(3, "名称", "cell.undecodable")]
    assert [row.values["名称"] for row in read.rows()][1] == "\ufffd\ufffd社区"


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    read = table(tmp_path, PLAIN.replace(",", delimiter))
    assert next(read.rows()).values == {"代码": "320104001001", "名称": "考棚社区"}


def test_a_comma_in_a_cell_does_not_win_over_the_tab_between_cells(tmp_path: Path) -> None:
    read = table(tmp_path, "地址\t说明\n中山路1号\t路灯,井盖,护栏\n中山路2号\t无\n")
    assert read.columns == ("地址", "说明")


def test_a_single_column_is_a_table(tmp_path: Path) -> None:
    assert [row.values for row in table(tmp_path, "名称\n甲\n\n乙\n").rows()] == [{"名称": "甲"}, {"名称": "乙"}]


def test_lines_within_quotes_stay_in_their_cell_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    read = table(tmp_path, '标题,正文\r\n一,"第一行\r\n第二行，""引号"""\r\n\r\n二,短\r\n')
    assert [(row.number, row.values["正文"]) for row in read.rows()] == [(2, '第一行\r\n第二行，"引号"'), (4, "短")]


def test_old_line_ends_are_line_ends(tmp_path: Path) -> None:
    assert len(list(table(tmp_path, PLAIN.replace("\n", "\r")).rows())) == 2


def test_a_line_separator_inside_a_cell_does_not_cut_the_row(tmp_path: Path) -> None:
    read = table(tmp_path, "标题,正文\n一,甲\u2028乙\x0b丙\n")
    assert [row.values["正文"] for row in read.rows()] == ["甲\u2028乙\x0b丙"]


def test_gzip_is_unpacked_as_it_is_read(tmp_path: Path) -> None:
    packed = gzip.compress(PLAIN.encode()) + gzip.compress("320104001003,三\n".encode())
    assert [row.number for row in table(tmp_path, packed).rows()] == [2, 3, 4]


def test_a_cut_gzip_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress("".join(f"{number},甲乙丙\n" for number in range(50_000)).encode())
    assert refused(tmp_path, packed[: len(packed) // 2]) == "file.zip_broken"


def test_a_gzip_bomb_is_refused_before_it_fills_anything(tmp_path: Path) -> None:
    assert refused(tmp_path, gzip.compress(b"a,b\n" * 10_000_000)) == "file.zip_bomb"


def test_a_comma_without_quotes_is_a_fault_of_its_row_alone(tmp_path: Path) -> None:
    read = table(tmp_path, "代码,名称\n1,甲,乙\n2,丙\n3\n")
    assert faults(read) == [(2, None, "row.too_many_cells"), (4, None, "row.too_few_cells")]
    assert [row.values["名称"] for row in read.rows()] == ["甲", "丙", ""]


def test_trailing_empty_cells_are_no_fault(tmp_path: Path) -> None:
    assert faults(table(tmp_path, "代码,名称,,\n1,甲,,\n2,乙,,,\n")) == []


def test_text_after_a_closing_quote_costs_one_row(tmp_path: Path) -> None:
    read = table(tmp_path, '代码,名称\n1,"甲"乙\n2,丙\n')
    assert faults(read) == [(2, None, "row.bad_quotes")]
    assert [row.values["名称"] for row in read.rows()] == ["", "丙"]


def test_a_quote_never_closed_is_said_not_swallowed(tmp_path: Path) -> None:
    read = table(tmp_path, '代码,名称\n1,甲\n2,"乙\n3,丙\n4,丁\n')
    assert faults(read) == [(3, None, "row.bad_quotes")]
    assert next(fault for row in read.rows() for fault in row.faults).zh.startswith("从第 3 行")


def test_a_cell_of_ten_megabytes_is_a_fault(tmp_path: Path) -> None:
    assert refused(tmp_path, "代码,名称\n1," + "长" * 10_000_000 + "\n") == "file.line_too_long"
    quoted = "\n".join("长" * 1000 for _ in range(1000))
    assert (2, None, "row.bad_quotes") in faults(table(tmp_path, f'代码,名称\n1,"{quoted}"\n'))


def test_nul_bytes_are_taken_out_and_told(tmp_path: Path) -> None:
    read = table(tmp_path, "代码,名称\n1,甲\0乙\n" + "2,一个长一些的名称\n" * 20)
    assert faults(read) == [(2, "名称", "cell.nul")]
    assert next(read.rows()).values["名称"] == "甲乙"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "file.empty"),
        ("\n\n  \n", "file.no_header"),
        (",,\n1,2,3\n", "file.no_header"),
        ("1,2,3\n4,5,6\n", "file.no_header"),
        ("2018-02-08,320104\n", "file.no_header"),
        ("代码,名称, 代码\n", "file.duplicate_header"),
        ("<!DOCTYPE html><html><table>", "file.web_page"),
        ("%PDF-1.7 …", "file.unknown_kind"),
        (b"SQLite format 3\0" + b"\0" * 100, "file.unknown_kind"),
        (",".join(f"c{number}" for number in range(1001)) + "\n", "file.too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(tmp_path: Path, content: str | bytes, code: str) -> None:
    assert refused(tmp_path, content) == code


def test_a_column_without_a_name_gets_its_place_as_one(tmp_path: Path) -> None:
    assert table(tmp_path, "代码,,名称\n1,x,甲\n").columns == ("代码", "第2列", "名称")


def test_limits_of_size_and_rows_hold(tmp_path: Path) -> None:
    assert refused(tmp_path, PLAIN, ReadOptions(limits=Limits(file_bytes=10))) == "file.too_large"
    assert refused(tmp_path, PLAIN, ReadOptions(limits=Limits(rows=2))) == "file.too_many_rows"


def test_a_refusal_speaks_both_languages(tmp_path: Path) -> None:
    with pytest.raises(FileRefused) as raised:
        open_table(written(tmp_path, "代码,代码\n"))
    assert raised.value.message("zh") == "表头“代码”出现了不止一次。"
    assert raised.value.message("en") == "The header “代码” appears more than once."
    assert raised.value.status == 422


cells = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(st.lists(st.tuples(cells, cells, cells), max_size=8), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_whatever_csv_wrote_is_read_back(tmp_path: Path, rows: list[tuple[str, str, str]], encoding: str) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("甲列", "乙列", "丙列"), *rows])
    read = table(tmp_path, text.getvalue().encode(encoding), delimiter=",", encoding=encoding)
    found = [tuple(row.values.values()) for row in read.rows()]
    expected = [tuple(trimmed(cell) for cell in row) for row in rows]
    assert found == [row for row in expected if any(row)]
    assert faults(read) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_and_nothing_else(tmp_path: Path, content: bytes) -> None:
    if content.startswith((b"PK", b"\xd0\xcf")) or b"{" in content[:20]:
        return  # other readers' business
    try:
        rows = list(table(tmp_path, content).rows())
    except FileRefused:
        return
    for row in rows:
        for value in row.values.values():
            value.encode()  # no surrogates
            assert "\0" not in value
