"""Bad input that has to come in by one door to do harm at another: cursors, headers, formulas, bombs, double files."""

import csv
import io
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from wangge.cases.models import Attachment, Case
from wangge.cases.tests import made
from wangge.cases.tests.test_evidence import body_of
from wangge.config.http import LONGEST_HEADERS
from wangge.config.tests.test_fuzz import row_counts
from wangge.config.tests.test_fuzz_bad_input import CHINESE, UUID, Wrong, send
from wangge.core import clock
from wangge.core.actor import Actor, acting
from wangge.imports.tasks import work_on_imports
from wangge.imports.tests.made import applied, codes_of, csv_file, faults, upload, xlsx_file
from wangge.insight.tests.exporting import exported
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World


@pytest.fixture(autouse=True)
def own_files(tmp_path: Any, settings: LazySettings) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture
def api(world: World) -> Api:
    return api_as(world["commander"])


# -- cursors ----------------------------------------------------------------------------------------------------------
def cursor_of(api: Api, **query: Any) -> str:
    found: str = api.get("/api/cases", limit=2, **query).json()["next"]
    assert found
    return found


def test_a_cursor_of_another_list_or_order_is_refused_and_begins_again(api: Api, world: World) -> None:
    made.handling(world, 4, at=clock.now())
    newest = cursor_of(api, sort="newest")
    of_journal = api_as(world["auditor"]).get("/api/journal", limit=1).json()["next"]
    wrong, before = Wrong(), row_counts()
    for query in (f"sort=due&cursor={newest}", f"sort=oldest&cursor={newest}", f"cursor={of_journal}"):
        wrong.check(query, send(api, "get", f"/api/cases?{query}"), statuses=range(422, 423))
    wrong.check("whistles", send(api, "get", f"/api/whistles?cursor={newest}"), statuses=range(422, 423))
    auditor = api_as(world["auditor"])
    wrong.check("journal", send(auditor, "get", f"/api/journal?cursor={newest}"), statuses=range(422, 423))
    assert not wrong, "\n".join(wrong)
    assert {**row_counts(), "accounts_session": 0} == {**before, "accounts_session": 0}
    told = send(api, "get", f"/api/cases?sort=due&cursor={newest}").json()
    assert told["code"] == "invalid" and "请从第一页开始" in told["fields"]["cursor"]


def test_somebody_elses_cursor_shows_nothing_but_ones_own(api: Api, world: World) -> None:
    made.handling(world, 4, at=clock.now())
    stranger = api_as(world.stranger("street_seat"))
    answer = stranger.get("/api/cases", cursor=cursor_of(api, sort="newest"), sort="newest")
    assert answer.status_code == 200 and answer.json()["items"] == []


def test_a_cursor_whose_case_is_gone_goes_on_behind_it(api: Api, world: World) -> None:
    cases = made.handling(world, 5, at=clock.now())
    cursor = cursor_of(api, sort="oldest")
    last = sorted(case.pk for case in cases)[1]
    with acting(Actor.system("test")):
        Case.objects.filter(pk=last).delete()
    rest = api.get("/api/cases", sort="oldest", cursor=cursor).json()["items"]
    assert [row["id"] for row in rest] == [str(case) for case in sorted(case.pk for case in cases)[2:]]


# -- headers ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("many", [False, True])
def test_more_headers_than_anybody_needs_are_refused_before_they_are_read(api: Api, many: bool) -> None:
    size = LONGEST_HEADERS + 1
    headers = {f"X-{n}": "a" * 1000 for n in range(size // 1000)} if many else {"X-Long": "a" * size}
    before = row_counts()
    answer = send(api, "post", "/api/cases", b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (431, "headers_too_large")
    assert CHINESE.search(answer.json()["message"]) and row_counts() == before
    english = send(api, "get", "/api/session", headers=headers | {"Accept-Language": "en"})
    assert not CHINESE.search(english.json()["message"])
    most = {"X-Long": "a" * (LONGEST_HEADERS - 4_000)}
    assert send(api, "get", "/api/session", headers=most).status_code == 200


# -- formulas ---------------------------------------------------------------------------------------------------------
FORMULAS = [
    '=HYPERLINK("http://evil.example","点我")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+2",
    "-2+3",
    "\t=1",
    "＝1+1",
    " =1",
]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_formula_that_comes_in_leaves_as_text(world: World, form: str) -> None:
    rows: list[list[object]] = [["编号", "上报时间", "标题", "地址", "街道"]]
    rows += [[f"F{n}", "2026-03-01 09:00", text, text, "桃叶街道"] for n, text in enumerate(FORMULAS)]
    if form == "csv":
        lines = io.StringIO()
        csv.writer(lines).writerows(rows)
        content = lines.getvalue().encode()
    else:
        # As text: what a spreadsheet holds as a formula has no text, and is told as an empty cell.
        content = xlsx_file(*([f"'{cell}" if str(cell).startswith("=") else cell for cell in row] for row in rows))
    own = '{"source_system": "OLD", "default_source": "telephone"}'
    assert applied(api_as(world["administrator"]), "cases", content, options=own)["counts"]["created"] == len(FORMULAS)
    kept = dict(Case.objects.values_list("source_no", "title"))
    assert "HYPERLINK" in kept["F0"] and kept["F1"].startswith("@SUM"), "kept as it came"
    text = body_of(exported(api_as(world["commander"]))).decode("utf-8-sig")
    cells = [cell for row in list(csv.reader(io.StringIO(text)))[2:] for cell in row]
    assert sum("HYPERLINK" in cell for cell in cells) == 2
    for cell in cells:
        assert not cell.lstrip(" ").startswith(("=", "@", "\t", "＝")), cell
        assert not cell.startswith(("+", "-")) or cell[1:].replace(".", "").isdigit(), cell


def test_a_formula_in_a_faulty_row_leaves_the_report_as_text(world: World) -> None:
    admin = api_as(world["administrator"])
    content = csv_file("编号,上报时间,标题,街道", '"=1+1",昨天,标题,"=HYPERLINK(""x"")"')
    answer = upload(admin, "cases", content, options='{"source_system": "OLD"}')
    report = answer.json()
    assert report["errors"] >= 1 and faults(admin, report)
    lines: Any = admin.get(f"/api/imports/{report['id']}/faults.csv")
    text = (b"".join(lines.streaming_content) if lines.streaming else lines.content).decode("utf-8-sig")
    assert all(not cell.startswith("=") for row in csv.reader(io.StringIO(text)) for cell in row)


# -- bombs ------------------------------------------------------------------------------------------------------------
def packed(members: dict[str, bytes]) -> bytes:
    made_of = io.BytesIO()
    with zipfile.ZipFile(made_of, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return made_of.getvalue()


def a_book_of_one_word_a_million_times() -> bytes:
    """An honest ratio outside, a sheet of shared strings inside that is far larger than its file."""
    rows = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 3_000))
    book = io.BytesIO(xlsx_file(["编号", "上报时间", "标题"]))
    with zipfile.ZipFile(book) as source:
        members = {name: source.read(name) for name in source.namelist()}
    for name in members:
        if name.endswith("sheet1.xml"):
            members[name] = members[name].replace(b"</sheetData>", rows + b"</sheetData>")
    members["xl/sharedStrings.xml"] = (
        b'<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
        + b"a" * 30_000_000
        + b"</t></si></sst>"
    )
    return packed(members)


def entities() -> bytes:
    """A billion laughs."""
    book = io.BytesIO(xlsx_file(["编号"]))
    with zipfile.ZipFile(book) as source:
        members = {name: source.read(name) for name in source.namelist()}
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    members["xl/workbook.xml"] = f'<!DOCTYPE x [<!ENTITY l0 "ha">{levels}]><x>&l9;</x>'.encode()
    return packed(members)


BOMBS: dict[str, Callable[[], bytes]] = {
    "a zip of zeros": lambda: packed({"layer.shp": bytes(60_000_000), "layer.dbf": b"", "layer.shx": b""}),
    "a book of zeros": lambda: packed({"xl/workbook.xml": bytes(60_000_000), "[Content_Types].xml": b"<Types/>"}),
    "a book of one long word": a_book_of_one_word_a_million_times,
    "a book of entities": entities,
    "a zip in a zip in a zip": lambda: packed({"a.zip": packed({"b.zip": packed({"c": bytes(9_000_000)})})}),
    "ten thousand members": lambda: packed({f"{n}.shp": b"" for n in range(10_000)}),
    "a gzip": lambda: b"\x1f\x8b\x08" + bytes(500),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_fault_of_its_file_and_goes_no_further(world: World, name: str) -> None:
    admin, content = api_as(world["administrator"]), BOMBS[name]()
    before = Case.objects.count()
    answer = upload(admin, "cases", content, name="cases.xlsx", options='{"source_system": "OLD"}')
    if answer.status_code == 201:
        report = answer.json()
        assert report["file_errors"] >= 1 and all(code.startswith(("file.", "import.")) for code in codes_of(report)), (
            report["by_fault"]
        )
        assert CHINESE.search(faults(admin, report)[0]["message"])
        stopped = admin.post(f"/api/imports/{report['id']}/stage", {"skip_faulty": True})
        assert (stopped.status_code, stopped.json()["code"]) == (409, "import.has_errors")
    else:
        assert answer.status_code in {413, 422} and answer.json()["code"], answer.content
    assert Case.objects.count() == before


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_no_evidence(api: Api, name: str) -> None:
    before = row_counts()
    answer = api.send_files("/api/evidence", {"file": SimpleUploadedFile("a.xlsx", BOMBS[name]())})
    assert answer.status_code == 422 and answer.json()["code"].startswith("evidence."), answer.content
    assert CHINESE.search(answer.json()["message"]) and row_counts() == before
    with acting(Actor.system("test")):
        assert not Attachment.objects.exists()


# -- one file, two readings -------------------------------------------------------------------------------------------
def a_picture_that_is_a_script() -> bytes:
    """A GIF that a browser would also run: its width reads `/*`, its comment ends it and goes on in JavaScript."""
    width, height = 0x2A2F, 1
    head = b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\x00\x00" + b"\x00\x00\x00\xff\xff\xff"
    script = b"*/=1;alert(document.cookie);/*"
    comment = b"\x21\xfe" + bytes([len(script)]) + script + b"\x00"
    # One-bit pixels, cleared so often that no table is needed: 4 and 5 are clear and end.
    stream = bytearray()
    value = used = 0
    for _ in range(width):
        for code in (4, 0):
            value |= code << used
            used += 3
            while used >= 8:
                stream.append(value & 255)
                value, used = value >> 8, used - 8
    value |= 5 << used
    stream += bytes([value & 255, value >> 8 & 255])
    blocks = b"".join(
        bytes([len(stream[n : n + 255])]) + bytes(stream[n : n + 255]) for n in range(0, len(stream), 255)
    )
    image = b"\x2c" + struct.pack("<HHHH", 0, 0, width, height) + b"\x00" + b"\x02" + blocks + b"\x00"
    return head + comment + image + b";*/"


def test_a_picture_that_is_a_script_as_well_is_served_as_a_picture_alone(api: Api) -> None:
    content = a_picture_that_is_a_script()
    assert b"alert(" in content and content[6:8] == b"/*"
    answer = api.send_files("/api/evidence", {"file": SimpleUploadedFile("a.gif", content)})
    assert answer.status_code == 201, answer.content
    body = {"source": "telephone", "title": "占道", "code": town.GRID, "evidence": [answer.json()["id"]]}
    assert api.post("/api/cases", body, Idempotency_Key=UUID).status_code == 201
    for size in ("served", "small", "medium", "original"):
        served: Any = api.get(f"/api/evidence/{answer.json()['id']}/{size}")
        assert served.status_code == 200, size
        kept = b"".join(served.streaming_content)
        if size == "original":  # evidence as it was sent: to be saved, never shown
            assert served.headers["Content-Disposition"].startswith("attachment") and kept == content
        else:
            assert b"alert(" not in kept, size
        kind = "application/octet-stream" if size == "original" else "image/"
        assert served.headers["Content-Type"].startswith(kind), size
        assert served.headers["X-Content-Type-Options"] == "nosniff"
        for closer in served._resource_closers:
            closer()


# -- long and deep ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("depth", [50, 500, 5_000, 50_000])
def test_json_nested_however_deeply_is_read_or_refused(api: Api, depth: int) -> None:
    before = row_counts()
    content = b'{"source":"telephone","reporter":{"name":' + b'{"a":' * depth + b"1" + b"}" * (depth + 2)
    answer = send(api, "post", "/api/cases", content)
    assert answer.status_code in {400, 422} and CHINESE.search(answer.json()["message"]), answer.content[:200]
    assert row_counts() == before


def test_ten_megabytes_of_text_are_refused_by_every_way_in(api: Api, world: World) -> None:
    text, before = "字" * 3_500_000, row_counts()
    wrong = Wrong()
    body = ('{"text": "' + text + '"}').encode()
    for path in ("/api/cases", f"/api/cases/{UUID}/note", "/api/public/reports", "/api/session"):
        wrong.check(path, send(api, "post", path, body), statuses=range(413, 414))
    assert not wrong, "\n".join(wrong)
    assert row_counts() == before


def test_ten_megabytes_in_a_cell_are_a_fault_of_their_row(world: World) -> None:
    admin, text = api_as(world["administrator"]), "字" * 3_500_000
    content = csv_file("编号,上报时间,标题,街道", f"A1,2026-03-01,{text},桃叶街道", "A2,2026-03-01,路灯,桃叶街道")
    received = upload(admin, "cases", content, options='{"source_system": "OLD"}').json()
    assert received["state"] == "received", "too large to be checked while one waits"
    work_on_imports()
    report = admin.get(f"/api/imports/{received['id']}").json()
    assert report["state"] == "checked" and report["rows_total"] == 2
    assert {one["row"] for one in faults(admin, report) if one["level"] == "error"} == {2}
    assert all(len(one["message"]) < 500 for one in faults(admin, report))
