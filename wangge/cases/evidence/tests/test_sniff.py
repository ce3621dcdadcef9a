"""What is let in is judged by content, and what is two things at once stays outside."""

import io
import struct
import zipfile
import zlib

import pytest
import typst
from openpyxl import Workbook
from PIL import Image

from wangge.cases.evidence.faults import (
    Bomb,
    Damaged,
    Disguised,
    Empty,
    KindNotAllowed,
    MacrosNotAllowed,
    TooLarge,
)
from wangge.cases.evidence.sniff import Caution, Kind, Limits, Sniffed, sniff
from wangge.cases.evidence.tests import samples
from wangge.core.errors import DomainError


def judged(content: bytes, limits: Limits | None = None) -> Sniffed:
    return sniff(io.BytesIO(content), limits or Limits())


def xlsx() -> bytes:
    out = io.BytesIO()
    book = Workbook()
    book.active.append(["编号", "标题"])  # type: ignore[union-attr]
    book.save(out)
    return out.getvalue()


ACCEPTED = {
    "jpg": samples.picture(),
    "png": samples.picture(form="PNG"),
    "webp": samples.picture(form="WEBP"),
    "gif": samples.picture(form="GIF"),
    "heic": samples.picture(form="HEIF"),
    "mp4": samples.movie(brand=b"isom"),
    "mov": samples.movie(brand=b"qt  "),
    "3gp": samples.movie(brand=b"3gp5"),
    "m4a": samples.movie(brand=b"M4A ", handlers=(b"soun",)),
    "mp3": samples.mp3(),
    "aac": b"\xff\xf1\x50\x80\x03\x9f\xfc" + bytes(200),
    "amr": b"#!AMR\n" + b"\x3c" + bytes(31),
    "ogg": b"OggS\x00\x02" + bytes(22) + b"\x01\x1eOpusHead" + bytes(32),
    "wav": samples.wav(),
    "webm": samples.webm(2, 1),
    "weba": samples.webm(2),
    "pdf": typst.compile("= 处置报告\n路面已修复。".encode()),
    "docx": samples.docx(),
    "xlsx": xlsx(),
    "txt": "下水道堵塞,已三天。".encode("gb18030"),
}


@pytest.mark.parametrize("extension", ACCEPTED)
def test_each_allowed_kind_is_known_by_its_content(extension: str) -> None:
    found = judged(ACCEPTED[extension])
    assert found.format.extension == extension
    assert found.size == len(ACCEPTED[extension])
    assert found.cautions == frozenset()


def test_a_film_without_pictures_is_a_recording_of_sound() -> None:
    assert judged(samples.movie(brand=b"mp42", handlers=(b"soun",))).format.kind is Kind.AUDIO


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize(
    ("types", "kind"), [((2,), Kind.AUDIO), ((2, 17), Kind.AUDIO), ((1,), Kind.VIDEO), ((2, 1), Kind.VIDEO)]
)
def test_a_webm_is_what_its_tracks_are(types: tuple[int, ...], kind: Kind, closed: bool) -> None:
    assert judged(samples.webm(*types, closed=closed)).format.kind is kind


def test_a_torn_webm_is_refused_wherever_it_was_torn() -> None:
    whole = samples.webm(2, 1, closed=True)
    for length in range(4, len(whole)):
        with pytest.raises((Damaged, KindNotAllowed)):
            judged(whole[:length])
    with pytest.raises(Damaged):
        judged(samples.webm())


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><circle r='9'/></svg>",
        b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xef\xbb\xbf  <!DOCTYPE html><p>hello",
        b"<p onclick=alert(1)>hello</p>",
        b"MZ\x90\x00" + bytes(200),
        b"\x7fELF\x02\x01\x01" + bytes(200),
        b"\x1f\x8b\x08\x00" + bytes(200),
        samples.packed({"readme.txt": b"hello"}),
        b"{\\rtf1 hello}",
        bytes(range(256)) * 4,
        b"text with a NUL\x00 inside",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        samples.movie(brand=b"avif"),
    ],
    ids=[
        "svg",
        "svg after xml",
        "html",
        "html without head",
        "exe",
        "elf",
        "gzip",
        "zip",
        "rtf",
        "noise",
        "nul",
        "ole",
        "avif",
    ],
)
def test_other_kinds_are_refused(content: bytes) -> None:
    with pytest.raises(KindNotAllowed):
        judged(content)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Empty):
        judged(b"")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize(
    "tail",
    [
        samples.packed({"payload.class": b"GIFAR"}),
        b"<script>alert(1)</script>",
        b"\n<HTML ><body onload=alert(1)>",
        b"<?php system($_GET['c']); ?>",
        samples.pdf(),
    ],
    ids=["zip", "script", "html", "php", "pdf"],
)
def test_a_picture_with_another_file_behind_it_is_refused(form: str, tail: bytes) -> None:
    with pytest.raises(Disguised):
        judged(samples.picture(form=form) + tail)


def test_markup_in_a_comment_of_a_picture_is_refused() -> None:
    picture = ACCEPTED["jpg"]
    comment = b"<script>alert(1)</script>"
    with pytest.raises(Disguised):
        judged(picture[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + picture[2:])


def test_a_marker_lying_across_two_reads_is_found() -> None:
    place = 1024 * 1024 - 4
    content = ACCEPTED["jpg"].ljust(place, b"\0") + b"<script>alert(1)</script>" + bytes(2000)
    with pytest.raises(Disguised):
        judged(content)


def test_a_film_or_document_with_an_archive_behind_it_is_refused() -> None:
    for extension in ("mp3", "pdf", "wav", "txt"):
        with pytest.raises(DomainError) as caught:
            judged(ACCEPTED[extension] + samples.packed({"a": b"b"}))
        assert caught.value.code in {"evidence.disguised", "evidence.kind_not_allowed"}


def test_a_phone_picture_with_a_moving_part_behind_it_is_accepted() -> None:
    assert judged(ACCEPTED["jpg"] + samples.movie()).format.extension == "jpg"


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    png = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    )
    with pytest.raises(Bomb):
        judged(png)
    with pytest.raises(Bomb):
        judged(samples.picture(size=(1000, 1000), form="PNG"), Limits(pixels=999_999))


def test_an_archive_bomb_in_a_document_is_refused_by_its_declared_size() -> None:
    with pytest.raises(Bomb):
        judged(samples.docx(**{"word/media/image1.bmp": bytes(20 * 1024 * 1024)}))


def test_a_document_whose_parts_overlap_is_refused() -> None:
    content = samples.docx(**{"word/media/one.bin": bytes(range(256)) * 40})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.start_dir
    directory, end = content[start:-22], bytearray(content[-22:])
    copies = 300
    struct.pack_into("<HH", end, 8, 3 * copies, 3 * copies)
    struct.pack_into("<I", end, 12, len(directory) * copies)
    with pytest.raises(Bomb):
        judged(content[:start] + directory * copies + bytes(end))


def test_macros_are_refused_and_embedded_files_are_marked() -> None:
    with pytest.raises(MacrosNotAllowed):
        judged(samples.docx(**{"word/vbaProject.bin": b"x"}))
    marked = judged(samples.docx(**{"word/embeddings/oleObject1.bin": b"x"}))
    assert marked.cautions == {Caution.EMBEDDED_FILE}


@pytest.mark.parametrize(
    "body",
    [
        b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>",
        b"/OpenAction<</S/J#61vaScript/J#53(app.alert(1))>>",
        b"/A<</S/Launch/F(calc.exe)>>",
    ],
)
def test_a_pdf_with_a_script_is_marked(body: bytes) -> None:
    assert judged(samples.pdf(body)).cautions == {Caution.SCRIPT}


def test_a_script_packed_into_an_object_stream_of_a_pdf_is_found() -> None:
    packed = zlib.compress(b"<</S/JavaScript/JS(app.alert(1))>>")
    stream = b"2 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>stream\n" + packed + b"\nendstream endobj\n"
    content = samples.pdf().replace(b"trailer", stream + b"trailer")
    assert judged(content).cautions == {Caution.SCRIPT}


@pytest.mark.parametrize("extension", ["jpg", "png", "webp", "mp4", "mov", "m4a", "pdf"])
def test_a_file_cut_short_is_refused(extension: str) -> None:
    content = ACCEPTED[extension]
    with pytest.raises((Damaged, KindNotAllowed)):
        judged(content[: len(content) // 2])
        if extension in {"jpg", "webp"}:  # their headers hold; only decoding tells
            from wangge.cases.evidence.picture import prepare

            prepare(io.BytesIO(content[: len(content) // 2]))


def test_each_kind_has_its_own_limit_and_the_answer_names_it() -> None:
    limits = Limits(picture=1000, document=10_000_000)
    with pytest.raises(TooLarge) as caught:
        judged(samples.picture(size=(2000, 2000)), limits)
    assert "MB" in caught.value.message("zh") and caught.value.status == 413
    assert judged(ACCEPTED["txt"], limits).format.kind is Kind.DOCUMENT


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow mentions what it skips
def test_any_mutilated_file_gives_a_foreseen_answer() -> None:
    for extension, content in ACCEPTED.items():
        for cut in range(1, min(len(content), 400), 7):
            for broken in (content[:cut], content[:cut] + b"\xff\xff\xff\xff" + content[cut + 4 :]):
                try:
                    judged(broken)
                except DomainError as error:
                    assert error.code.startswith("evidence."), extension


def test_a_bitmap_of_noise_is_not_mistaken_for_a_page() -> None:
    noise = Image.effect_noise((900, 900), 90).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "PNG")
    assert judged(out.getvalue()).format.extension == "png"
