"""Bad uploads at every door that takes a file: refused by name, form and content, or harmless once kept."""

from functools import partial
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from wangge.config.tests.test_fuzz import row_counts
from wangge.config.tests.test_fuzz_bad_input import JSON, Wrong, api, operations, send, swept
from wangge.core.actor import Actor, set_in_database
from wangge.testing.client import Api

__all__ = ["api"]  # the fixture

NAMES = [
    "a\0b.jpg",
    "..\\..\\x.jpg",
    "/etc/passwd",
    "\u202egpj.exe",
    "字" * 3000 + ".jpg",
    "",
    ".",
    "con.jpg",
    "a\r\nX: y.jpg",
]


def test_names_of_files_do_no_harm(api: Api) -> None:
    from wangge.cases.evidence.tests import samples

    picture = samples.picture()
    for name in NAMES:
        head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + name.encode() + b'"\r\n'
        content = head + b"Content-Type: image/jpeg\r\n\r\n" + picture + b"\r\n--b--\r\n"
        answer = send(api, "post", "/api/evidence", content, "multipart/form-data; boundary=b")
        assert answer.status_code in {201, 400, 422}, (name[:20], answer.content)
        if answer.status_code == 201:
            kept = answer.json()["name"]
            assert kept.isprintable() and "/" not in kept and "\\" not in kept and kept.endswith(".jpg"), kept


FORM = "multipart/form-data; boundary=b"
END = b"\r\n--b--\r\n"


def part(head: bytes, content: bytes = b"x", *more: bytes) -> bytes:
    return b"\r\n".join([b"--b", b"Content-Disposition: form-data; " + head, *more, b"", content])


FORMS: dict[str, tuple[bytes, str]] = {
    "no boundary": (b"--b\r\n\r\nx\r\n--b--\r\n", "multipart/form-data"),
    "another boundary": (part(b'name="file"') + END, "multipart/form-data; boundary=c"),
    "a boundary of another script": (part(b'name="file"') + END, "multipart/form-data; boundary=\u5b57"),
    "nothing in it": (b"--b--\r\n", FORM),
    "empty": (b"", FORM),
    "cut off": (part(b'name="file"; filename="a.jpg"', b"\xff\xd8"), FORM),
    "a name with NUL": (part(b'name="fi\x00le"; filename="a.jpg"') + END, FORM),
    "a name not UTF-8": (part(b'name="\xff"; filename="\xfe.jpg"') + END, FORM),
    "a thousand parts": (b"\r\n".join(part(b'name="p%d"' % n) for n in range(1001)) + END, FORM),
    "a hundred files": (
        b"\r\n".join(part(b'name="file"; filename="%d.jpg"' % n) for n in range(101)) + END,
        FORM,
    ),
    "10 MB in a field": (part(b'name="photo_type"', b"x" * 10_000_000) + END, FORM),
    "base64 that is none": (
        part(b'name="file"; filename="a.jpg"', b"@@@", b"Content-Transfer-Encoding: base64") + END,
        FORM,
    ),
    "not a form": (b'{"file": 1}', JSON),
}


@pytest.mark.parametrize("name", FORMS)
def test_a_form_that_cannot_be_read(api: Api, name: str) -> None:
    content, kind = FORMS[name]
    swept(
        api,
        ((one, partial(send, api, one.method, one.url(), content, kind)) for one in operations() if one.takes_form),
    )


def uploads() -> dict[str, bytes]:
    from wangge.cases.evidence.tests import samples

    picture = samples.picture()
    return {
        "empty": b"",
        "a page": b"<!doctype html><script>alert(1)</script>",
        "a drawing with a script": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "a program": b"MZ" + bytes(500),
        "half a picture": picture[: len(picture) // 2],
        "only the head of a picture": b"\xff\xd8\xff\xe0",
        "a picture of a billion points": bomb_png(),
        "an archive of a thousand times its size": bomb_zip(),
        "NUL": bytes(5000),
    }


def bomb_png() -> bytes:
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(3_000_000)))
        + chunk(b"IEND", b"")
    )


def bomb_zip() -> bytes:
    import io
    import zipfile

    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr("word/document.xml", bytes(60_000_000))
    return made.getvalue()


def test_uploads_that_are_not_what_they_say_are_refused_at_every_door(api: Api) -> None:
    wrong, before = Wrong(), row_counts()
    for name, content in uploads().items():
        for one in operations():
            if one.takes_form:
                set_in_database(Actor(kind="nobody"))
                files: Any = {"file": SimpleUploadedFile("a.jpg", content)}
                wrong.check(f"{one} {name}", api.send_files(one.url(), files))
    assert not wrong, "\n".join(wrong)
    assert row_counts() == before


def test_a_picture_that_is_a_page_as_well_is_served_as_neither_script_nor_page(api: Api) -> None:
    from wangge.cases.evidence.tests import samples

    answer = api.send_files(
        "/api/evidence",
        {"file": SimpleUploadedFile("a.jpg", samples.picture() + b"<script>alert(1)</script>PK\x03\x04")},
    )
    if answer.status_code == 201:
        served: Any = api.get(f"/api/evidence/{answer.json()['id']}/served")
        content = b"".join(served.streaming_content) if served.streaming else served.content
        assert served.headers["Content-Type"] == "image/jpeg" and served.headers["X-Content-Type-Options"] == "nosniff"
        assert b"<script>" not in content and b"PK\x03\x04" not in content
        for closer in served._resource_closers:
            closer()
    else:
        assert answer.status_code == 422
