"""The way of a file: received, checked (nothing written), staged, applied all or nothing; and who may do it."""

import io
import json
import zipfile
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from structlog.testing import capture_logs

from wangge.accounts.importers.accounts import AccountsImporter
from wangge.accounts.importers.units import UnitsImporter
from wangge.core.importing.importer import importer_for
from wangge.core.models import JournalEntry
from wangge.grids.models import Division, Grid
from wangge.imports.models import Batch, StagedPage
from wangge.imports.staged import staged_rows
from wangge.imports.tests.made import (
    NEW_COMMUNITY,
    applied,
    checked,
    codes_of,
    csv_file,
    faults,
    go,
    restage,
    upload,
    xlsx_file,
)
from wangge.testing import town
from wangge.testing.client import Api, anybody, api_as
from wangge.testing.world import World

DIVISION = csv_file("区划代码,名称", f"{NEW_COMMUNITY},新河社区")


@pytest.fixture(autouse=True)
def own_files(tmp_path: Any, settings: Any) -> None:
    settings.FILES = tmp_path / "files"


@pytest.fixture
def admin(world: World) -> Api:
    return api_as(world["administrator"])


def test_a_file_goes_all_the_way_and_is_one_entry_in_the_journal(admin: Api) -> None:
    report = checked(admin, "divisions", DIVISION)
    assert (report["rows_total"], report["errors"], report["may"]) == (1, 0, ["cancel", "check", "stage"])
    assert not Division.objects.filter(code=NEW_COMMUNITY).exists()
    staged = go(admin, report, "stage")
    assert (staged["state"], staged["rows_staged"]) == ("staged", 1)
    assert not Division.objects.filter(code=NEW_COMMUNITY).exists()
    done = go(admin, report, "apply")
    assert (done["state"], done["counts"]) == ("applied", {"created": 1, "changed": 0, "unchanged": 0})
    assert Division.objects.get(code=NEW_COMMUNITY).name == "新河社区"
    entry = JournalEntry.objects.get(kind="divisions.imported")
    assert (entry.subject_id, entry.code) == (report["id"], NEW_COMMUNITY)
    assert not StagedPage.objects.exists()
    assert done["may"] == []


def test_a_check_writes_nothing_but_its_report(admin: Api) -> None:
    before = (Division.objects.count(), Grid.objects.count())
    checked(admin, "divisions", DIVISION)
    assert (Division.objects.count(), Grid.objects.count()) == before
    assert not JournalEntry.objects.filter(kind="divisions.imported").exists()


def test_the_same_file_again_is_told_so_and_changes_nothing(admin: Api) -> None:
    done = applied(admin, "divisions", DIVISION)
    again = upload(admin, "divisions", DIVISION)
    assert (again.status_code, again.json()["code"]) == (409, "import.already_applied")
    assert again.json()["data"]["id"] == done["id"]
    forced = applied(admin, "divisions", DIVISION, again=True)
    assert forced["counts"] == {"created": 0, "changed": 0, "unchanged": 1}


def test_sent_twice_with_one_key_it_is_one_import(admin: Api) -> None:
    admin.headers["Idempotency-Key"] = "0190e6a0-0000-7000-8000-00000000000a"
    first, second = (upload(admin, "divisions", DIVISION) for _ in range(2))
    assert first.json() == second.json() and Batch.objects.count() == 1


def test_faulty_rows_are_left_out_only_when_somebody_says_so(admin: Api) -> None:
    content = csv_file("区划代码,名称", f"{NEW_COMMUNITY},新河社区", "12345,短码", f"{town.STREET}004,")
    report = checked(admin, "divisions", content)
    assert codes_of(report) == {"code.malformed": 1, "cell.required": 1}
    assert report["may"] == ["cancel", "check", "stage_without_faulty"]
    refused = admin.post(f"/api/imports/{report['id']}/stage", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "import.has_errors")
    assert go(admin, report, "stage", skip_faulty=True)["rows_staged"] == 1
    assert go(admin, report, "apply")["counts"]["created"] == 1


def test_errors_of_the_whole_file_cannot_be_left_out(admin: Api) -> None:
    report = checked(admin, "divisions", csv_file("编号,备注", "1,x"))
    assert codes_of(report) == {"mapping.missing_field": 2} and report["file_errors"] == 2
    assert admin.post(f"/api/imports/{report['id']}/stage", {"skip_faulty": True}).status_code == 409


def test_the_mapping_is_guessed_corrected_and_kept(admin: Api) -> None:
    content = csv_file("甲,乙", f"{NEW_COMMUNITY},新河社区")
    report = checked(admin, "divisions", content)
    assert report["file_errors"] == 2
    sample = admin.get(f"/api/imports/{report['id']}/sample").json()
    assert sample["columns"] == ["甲", "乙"] and sample["rows"] == [{"甲": NEW_COMMUNITY, "乙": "新河社区"}]
    rules = [{"field": "code", "columns": ["甲"]}, {"field": "name", "columns": ["乙"]}]
    saved = admin.post("/api/imports/mappings", {"kind": "divisions", "name": "甲乙", "definition": rules})
    assert saved.status_code == 200, saved.content
    fixed = go(admin, report, "check", mapping="甲乙")
    assert (fixed["errors"], fixed["state"]) == (0, "checked")
    assert [one["name"] for one in admin.get("/api/imports/mappings", kind="divisions").json()] == ["甲乙"]
    assert checked(admin, "divisions", content, mapping="code=甲,name=乙", again=True)["errors"] == 0
    assert upload(admin, "divisions", content, mapping="没有的").json()["code"] == "import.unknown_mapping"
    wrong = admin.post("/api/imports/mappings", {"kind": "divisions", "name": "x", "definition": [{"field": "月亮"}]})
    assert wrong.status_code == 422
    admin.post("/api/imports/mappings", {"kind": "divisions", "name": "甲乙", "definition": rules[:1]})
    assert admin.delete(f"/api/imports/mappings/{saved.json()['id']}").status_code == 200
    assert admin.delete(f"/api/imports/mappings/{saved.json()['id']}").status_code == 404
    entries = JournalEntry.objects.filter(subject_type="import_mapping").order_by("id")
    assert [(entry.kind, entry.data["fields"]) for entry in entries] == [
        ("mapping.saved", ["code", "name"]),
        ("mapping.replaced", ["code"]),
        ("mapping.forgotten", ["code"]),
    ]
    assert {entry.subject_id for entry in entries} == {str(saved.json()["id"])}


def test_a_kind_that_needs_all_rows_at_once_says_how_many_it_takes(admin: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(importer_for("accounts"), AccountsImporter) and AccountsImporter.most_rows == 200_000
    monkeypatch.setattr(UnitsImporter, "most_rows", 2)
    units = ("单位编码,单位名称,类型,区划代码", "D-A,甲局,部门,320104", "D-B,乙局,部门,320104", "D-C,丙局,部门,320104")
    assert checked(admin, "units", csv_file(*units[:3]))["errors"] == 0
    report = checked(admin, "units", csv_file(*units))
    assert codes_of(report) == {"file.too_many_rows": 1} and report["file_errors"] == 1


@pytest.mark.parametrize("encoding", ["hex", "zlib", "base64", "rot13", "no-such", "undefined"])
def test_what_is_no_encoding_of_text_is_said(admin: Api, encoding: str) -> None:
    report = checked(admin, "divisions", DIVISION, encoding=encoding)
    assert codes_of(report) == {"file.wrong_encoding": 1}
    assert checked(admin, "divisions", DIVISION, encoding="utf8")["errors"] == 0


def test_a_heading_that_cannot_be_kept_costs_nothing_but_itself(admin: Api) -> None:
    content = "区划代码\0,名".encode() + b"\xe7,\xe7\xa7,\xff\n" + f"{NEW_COMMUNITY},新河社区,x,y\n".encode()
    mapping = json.dumps([{"field": "code", "columns": ["区划代码"]}, {"field": "name", "columns": ["名\ufffd"]}])
    report = checked(admin, "divisions", content, mapping=mapping, encoding="utf-8")
    assert report["errors"] == 0, faults(admin, report)
    assert checked(admin, "divisions", content, encoding="utf-8", again=True)["mapping"]


@pytest.mark.parametrize("field", ["mapping", "options"])
def test_a_nul_written_out_in_json_is_refused(admin: Api, field: str) -> None:
    words = {"mapping": '[{"field": "code", "columns": ["\\u0000"]}]', "options": '{"a": "\\ud800"}'}
    answer = upload(admin, "divisions", DIVISION, **{field: words[field]})
    assert (answer.status_code, answer.json()["code"]) == (422, "text_not_storable")


def test_a_cancelled_import_leaves_nothing_behind(admin: Api) -> None:
    report = checked(admin, "divisions", DIVISION)
    go(admin, report, "stage")
    assert go(admin, report, "cancel")["state"] == "cancelled"
    assert not StagedPage.objects.exists()
    refused = admin.post(f"/api/imports/{report['id']}/apply")
    assert (refused.status_code, refused.json()["code"]) == (409, "import.not_now")


def test_apply_is_all_or_nothing(admin: Api) -> None:
    """Between check and apply somebody else made one of the codes: the database refuses, and nothing stays."""
    content = csv_file("网格编码,网格名称,网格类型", *(f"{town.COMMUNITY}0{n},网格{n},综合网格" for n in range(10, 14)))
    report = checked(admin, "grids", content)
    go(admin, report, "stage")
    kept = {row.number: row.values for row in staged_rows(report["id"])}
    restage(report["id"], kept | {5: {"code": "oops", "name": "x", "type": "general"}})
    with capture_logs() as lines:
        done = go(admin, report, "apply")
    assert done["state"] == "failed" and done["failure"]["code"] == "import.database"
    [line] = [line for line in lines if line["event"] == "import.failed"]
    assert (line["of"], line["batch"], line["table"]) == ("grids", report["id"], "grids_grid") and line["constraint"]
    assert "oops" not in str(line), "the log names what refused, not the row"
    assert not Grid.objects.filter(code=f"{town.COMMUNITY}010").exists()
    assert not JournalEntry.objects.filter(kind="grids.imported").exists()
    restage(report["id"], kept)
    assert go(admin, report, "apply")["counts"]["created"] == 4


@pytest.mark.parametrize("person", ["street_seat", "grid_worker", "commander", "auditor"])
def test_only_posts_that_may_import_can(world: World, person: str) -> None:
    report = checked(api_as(world["administrator"]), "divisions", DIVISION)
    other = api_as(world[person])
    assert upload(other, "divisions", DIVISION).status_code == 403
    for path in ("", "/faults", "/faults.csv", "/faults.geojson", "/sample"):
        assert other.get(f"/api/imports/{report['id']}{path}").status_code == 403, path
    for step in ("stage", "apply", "cancel", "check"):
        assert other.post(f"/api/imports/{report['id']}/{step}", {}).status_code == 403, step
    assert upload(anybody(), "divisions", DIVISION).status_code == 401


def test_another_district_does_not_find_it(world: World) -> None:
    report = checked(api_as(world["administrator"]), "divisions", DIVISION)
    stranger = api_as(world.stranger("administrator"))
    for path in ("", "/faults", "/faults.csv", "/faults.xlsx", "/faults.geojson", "/sample"):
        assert stranger.get(f"/api/imports/{report['id']}{path}").status_code == 404, path
    for step in ("stage", "apply", "cancel", "check"):
        assert stranger.post(f"/api/imports/{report['id']}/{step}", {}).status_code == 404, step
    assert stranger.get("/api/imports").json()["count"] == 0
    assert api_as(world["administrator"]).get("/api/imports").json()["count"] == 1


def test_nothing_outside_the_area_is_imported(world: World) -> None:
    stranger = api_as(world.stranger("administrator"))
    report = checked(stranger, "divisions", DIVISION)
    assert codes_of(report) == {"code.out_of_area": 1}


def test_faults_come_as_a_list_a_table_and_a_book(admin: Api) -> None:
    content = csv_file("区划代码,名称", "=HYPERLINK(1),甲", f"{NEW_COMMUNITY},", f"{NEW_COMMUNITY},乙")
    report = checked(admin, "divisions", content)
    listed = faults(admin, report)
    assert [(one["row"], one["code"]) for one in listed] == [
        (2, "code.malformed"),
        (3, "cell.required"),
        (4, "code.twice"),
    ]
    only = admin.get(f"/api/imports/{report['id']}/faults", code="code.twice").json()
    assert only["count"] == 1
    table = admin.get(f"/api/imports/{report['id']}/faults.csv").content.decode("utf-8-sig")
    assert table.splitlines()[0].startswith("行,列,编码") and "'=HYPERLINK(1)" in table
    book = admin.get(f"/api/imports/{report['id']}/faults.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert sheet is not None and sheet.max_row == 4
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


def test_a_spreadsheet_and_a_gb18030_file_read_the_same(admin: Api) -> None:
    rows = [("区划代码", "名称"), (NEW_COMMUNITY, "新河社区"), (f"{town.STREET}004", "㙍塘社区")]
    assert applied(admin, "divisions", xlsx_file(*rows))["counts"]["created"] == 2
    text = csv_file(*(",".join(row) for row in rows), encoding="gb18030")
    assert applied(admin, "divisions", text)["counts"] == {"created": 0, "changed": 0, "unchanged": 2}


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "file.empty"),
        (b"\x00\x01\x02" * 500, None),
        (b"%PDF-1.7 no table", "file.unknown_kind"),
        (b"PK\x03\x04broken", "file.zip_broken"),
        (csv_file("区划代码,区划代码", "1,2"), "file.duplicate_header"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(admin: Api, content: bytes, fault: str | None) -> None:
    answer = upload(admin, "divisions", content)
    if answer.status_code == 422:
        assert answer.json()["code"] == "invalid"  # django drops an empty file before us
        return
    report = answer.json()
    assert report["file_errors"] >= 1 and report["may"] == ["cancel", "check"]
    assert fault is None or fault in codes_of(report)


def test_a_zip_bomb_is_not_opened(admin: Api) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (64 << 20))
    assert codes_of(checked(admin, "divisions", content.getvalue(), name="账.xlsx")) == {"file.zip_bomb": 1}


def test_a_file_that_is_too_large_is_refused_and_not_kept(admin: Api, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 20
    answer = upload(admin, "divisions", DIVISION)
    assert (answer.status_code, answer.json()["code"]) == (413, "import.too_large")
    assert not list((settings.FILES / "imports").iterdir())


def test_kinds_say_what_they_take(admin: Api) -> None:
    kinds = {one["kind"]: one for one in admin.get("/api/imports/kinds").json()}
    assert {"divisions", "grids", "boundaries", "teams", "places", "units", "accounts"} <= set(kinds)
    assert kinds["boundaries"]["takes_geometry"] and kinds["boundaries"]["options"][0]["name"] == "net"
    assert [one["name"] for one in kinds["divisions"]["fields"] if one["required"]] == ["code", "name"]


@pytest.mark.parametrize(
    "options",
    [{"crs": "moon"}, {"valid_from": "yesterday"}, {"options": "{"}, {"options": '{"nets": "x"}'}, {"mapping": "[1]"}],
)
def test_options_that_are_none_are_refused(admin: Api, options: dict[str, str]) -> None:
    assert upload(admin, "divisions", DIVISION, **options).status_code == 422
    assert not list((settings.FILES / "imports").glob("*")) if (settings.FILES / "imports").exists() else True


def test_an_unknown_kind_is_told_which_there_are(admin: Api) -> None:
    answer = upload(admin, "moons", DIVISION)
    assert answer.status_code == 404 and "divisions" in answer.json()["message"]


def test_people_come_in_by_the_data_clerk_and_the_administrator_sees_nothing_of_it(world: World) -> None:
    """The three powers apart: who keeps the accounts reads nobody's file of people."""
    clerk, admin = api_as(world["data_clerk"]), api_as(world["administrator"])
    kinds = {kind["kind"] for kind in clerk.get("/api/imports/kinds").json()}
    assert {"people", "dwellings"} <= kinds and not {"accounts", "divisions", "cases"} & kinds
    file = csv_file("姓名,人口类别,出生日期,网格编码", f"石敬之,户籍,1971-03-08,{town.GRID}")
    done = applied(clerk, "people", file)
    assert done["counts"]["created"] == 1
    path = f"/api/imports/{done['id']}"
    assert clerk.get(path).status_code == 200
    assert admin.get(path).status_code == 404
    assert admin.get("/api/imports").json()["items"] == []
    assert upload(admin, "people", file).status_code == 403
    assert upload(clerk, "divisions", DIVISION).status_code == 403
    mapping = {"kind": "divisions", "name": "甲乙", "definition": [{"field": "name", "column": "乙"}]}
    assert clerk.post("/api/imports/mappings", mapping).status_code == 403
    saved = admin.post("/api/imports/mappings", mapping).json()
    assert clerk.get("/api/imports/mappings").json() == []
    assert clerk.delete(f"/api/imports/mappings/{saved['id']}").status_code == 403
