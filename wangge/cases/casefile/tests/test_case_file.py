"""The case file as PDF and ZIP: whole, safe against its own content, and the same everywhere."""

import hashlib
import io
import json
import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from wangge.cases.casefile.bundle import safe_name, stream_zip
from wangge.cases.casefile.content import Evidence, Kind, Reporter, Shown, as_json, content_hash
from wangge.cases.casefile.document import as_pdf
from wangge.cases.casefile.fonts import coverage, printable
from wangge.cases.casefile.tests.examples import case_file, evidence
from wangge.testing.pdf import fonts_of_pdf, squeezed, text_of_pdf


def test_everything_of_the_case_is_in_the_document() -> None:
    case = case_file()
    text = squeezed(text_of_pdf(as_pdf(case)))
    said = [case.number, case.title, case.place, case.grid, case.outcome, "118.796900,32.060300", "超时完成"]
    said += [step.what for step in case.steps] + [step.opinion for step in case.steps]
    said += [one.unit for one in case.assignments] + [one.caption for one in case.evidence]
    said += [one.reason for one in case.supervision] + [one.comment for one in case.ratings]
    for whistle in case.whistles:
        said += [whistle.number, whistle.reason, whistle.refusal, whistle.by]
        said += [word for one in whistle.called for word in (one.unit, one.rating)]
    said += [line for stage in case.stages for line in stage.trace]
    assert [it for it in said if squeezed(it) not in text and squeezed(it)[:12] not in text] == []
    assert content_hash(case) in text
    assert "收到2024-06-3009:45" in text, "an arrival told later has both times"
    assert "2024-06-3008:12" in text  # Beijing time of 00:12 UTC


def test_the_english_document_has_english_headings() -> None:
    text = text_of_pdf(as_pdf(case_file(), language="en"))
    for heading in (
        "Time limits",
        "Units",
        "Course",
        "Supervision",
        "Whistles",
        "Pictures",
        "Ratings",
        "Evidence",
        "Page 1 of",
    ):
        assert heading in text
    assert "办理经过" not in text and "附件目录" not in text


def test_a_hidden_reporter_is_nowhere_even_if_handed_over() -> None:
    hidden = case_file(
        reporter=Reporter(shown=Shown.HIDDEN, name="钱学深", contact="13912345678"),
        steps=(),
        ratings=(),
        description="",
    )
    text = text_of_pdf(as_pdf(hidden))
    assert "钱学深" not in text and "13912345678" not in text
    assert "不向本单位显示" in text
    assert "钱学深" not in as_json(hidden).decode() and "13912345678" not in as_json(hidden).decode()


def test_where_nobody_is_recorded_nobody_is_masked() -> None:
    text = text_of_pdf(as_pdf(case_file(reporter=Reporter(shown=Shown.MASKED), ratings=())))
    assert "已脱敏" not in text and "反 映 人" in text


def test_a_revealed_contact_names_who_saw_it_and_why() -> None:
    revealed = Reporter(
        shown=Shown.REVEALED, name="𠮷先生", contact="13812345678", revealed_by="王晓芸", purpose="回访核实"
    )
    text = squeezed(text_of_pdf(as_pdf(case_file(reporter=revealed))))
    assert "13812345678" in text and "本件含完整联系方式" in text and "回访核实" in text


@pytest.mark.parametrize(
    "evil",
    [
        '#read("/etc/passwd")',
        '#image("/etc/passwd")',
        "#panic()",
        "$x^2$ *bold* _it_ `raw` <label> @ref",
        '"), "x": ("',
        "\\u{41} \\ // comment /* */",
        "https://example.com/" + "a" * 300,
        "= 标题\n- 列表\n+ 列表",
        "\x00\x07\x1b[31m\u202eevil\u2066",
        "\ud800",
    ],
)
def test_text_of_users_is_printed_and_never_run(evil: str) -> None:
    text = squeezed(text_of_pdf(as_pdf(case_file(title=evil, description=evil, place=evil))))
    plain = squeezed(re.sub("[\x00-\x1f\u202a-\u202e\u2066-\u2069\ud800]", "", evil))
    assert plain[:20] in text
    assert "root:" not in text


def test_rare_characters_are_printed_and_what_no_font_holds_is_named() -> None:
    text = squeezed(text_of_pdf(as_pdf(case_file(title="𠮷𡈼龘㐂 \U0002a6d6 \U0001f600", description="e\u0301"))))
    assert "𠮷𡈼龘㐂" in text
    assert "〔U+2A6D6〕" in text and "〔U+1F600〕" in text
    assert "é" in text


def test_our_font_holds_what_chinese_administration_writes() -> None:
    covered = coverage()
    codes = (bytes((high, low)) for high in range(0x81, 0xFF) for low in range(0x40, 0xFF))
    gbk = [text for code in codes if "\u3400" <= (text := code.decode("gbk", "replace")) <= "\u9fff" and len(text) == 1]
    assert len(gbk) > 20_900 and printable("".join(gbk), covered) == "".join(gbk)
    # Rare characters of 通用规范汉字表 (2013), level 3, outside the basic block.
    assert printable("𬭊𬺓𫟹𫖯𬶋𬱖", covered) == "𬭊𬺓𫟹𫖯𬶋𬱖"


def test_no_font_of_the_system_gets_in() -> None:
    fonts = fonts_of_pdf(as_pdf(case_file()))
    assert fonts and all("+NotoSansCJKsc-Regular" in font for font in fonts)


def test_the_same_case_gives_the_same_document() -> None:
    assert as_pdf(case_file()) == as_pdf(case_file())
    assert as_json(case_file()) == as_json(case_file())
    assert content_hash(case_file(outcome="部分解决")) != content_hash(case_file())


def test_a_case_with_almost_nothing_in_it_is_a_document_too() -> None:
    bare = case_file(
        stages=(), assignments=(), steps=(), supervision=(), evidence=(), ratings=(), lon=None, lat=None, outcome="",
        closed_at=None, description="", category_path=(),
    )  # fmt: skip
    assert bare.number in text_of_pdf(as_pdf(bare))


def test_a_case_of_a_thousand_steps_is_a_document_too() -> None:
    case = case_file()
    text = text_of_pdf(as_pdf(case_file(steps=case.steps * 112)))
    assert text.count("坐席 李敏") == 3 * 112


def contents(one: Evidence) -> BinaryIO:
    return io.BytesIO(one.caption.encode() * 100_000)


def unpacked(stream: Iterator[bytes]) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(stream)))


def test_the_bundle_holds_all_and_its_sums_hold(tmp_path: Path) -> None:
    case = case_file()
    with unpacked(stream_zip(case, contents)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    done = subprocess.run(["sha256sum", "-c", "manifest.txt"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()
    assert len(done.stdout.splitlines()) == 2 + len(case.evidence)
    assert hashlib.sha256((tmp_path / "case.json").read_bytes()).hexdigest() == content_hash(case)
    assert (tmp_path / "case.pdf").read_bytes() == as_pdf(case)
    assert json.loads((tmp_path / "case.json").read_bytes())["evidence"][0]["sha256"] == case.evidence[0].sha256


def test_the_bundle_is_sent_in_pieces_not_held_in_memory() -> None:
    pieces = [len(piece) for piece in stream_zip(case_file(), contents)]
    assert len(pieces) > 20 and max(pieces) < 2 * 1024 * 1024


def test_evidence_without_content_is_named_in_the_manifest() -> None:
    with unpacked(stream_zip(case_file(), lambda one: None if one.kind is Kind.AUDIO else contents(one))) as archive:
        manifest = archive.read("manifest.txt").decode()
        assert "# evidence/05-处置前-录音-来电录音.m4a: 没有内容" in manifest
        assert len(archive.namelist()) == 3 + 5


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        ("新井盖 复位", "evidence/03-处置前-照片-新井盖-复位.jpg"),
        ("../../etc/passwd", "evidence/03-处置前-照片-etc-passwd.jpg"),
        ('C:\\con|<>:"?*\x00', "evidence/03-处置前-照片-C-con.jpg"),
        ("…", "evidence/03-处置前-照片.jpg"),
        ("长" * 300, f"evidence/03-处置前-照片-{'长' * 40}.jpg"),
    ],
)
def test_names_in_the_bundle_are_harmless(caption: str, name: str) -> None:
    one = Evidence(kind=Kind.PICTURE, extension="jpg", caption=caption, sha256="0" * 64)
    assert safe_name(3, one, "zh") == name


def test_captions_alike_do_not_overwrite_each_other() -> None:
    first = evidence()[0]
    with unpacked(stream_zip(case_file(evidence=(first, first)), contents)) as archive:
        assert len(set(archive.namelist())) == 5
