"""Exports of the journal: what was asked for, signed, checked by anybody who holds the public key."""

import io
import json
import threading
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from openpyxl import load_workbook

from wangge.audit import exports, signing
from wangge.audit.tests.test_journal import write as entry
from wangge.cases.tests.history import SYSTEM
from wangge.core import clock, crypto
from wangge.core.actor import acting
from wangge.core.models import JournalEntry
from wangge.insight.actions.exports import expire_old, make_next
from wangge.insight.models import Export
from wangge.testing import town
from wangge.testing.client import Answer, api_as
from wangge.testing.world import World


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path) -> Any:
    with override_settings(FILES=tmp_path / "files"):
        yield


@pytest.fixture
def world(committed_world: World) -> World:
    """Committed: what a snapshot holds is what was committed before it."""
    return committed_world


def write(world: World, kind: str, subject: str, code: str) -> None:
    with acting(world["street_seat"].actor):
        entry(world, kind, subject, code)


def asked(world: World, **body: Any) -> dict[str, Any]:
    given = {"format": "csv", "title": "操作记录", **body}
    answer = api_as(world["auditor"]).post("/api/exports/journal", given)
    assert answer.status_code == 201, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


def made(world: World, export: dict[str, Any]) -> dict[str, Any]:
    while make_next(at=clock.now()):
        pass
    rows = api_as(world["auditor"]).get("/api/exports", kind="journal").json()["items"]
    return next(row for row in rows if row["id"] == export["id"])


def ask(world: World, **body: Any) -> dict[str, Any]:
    export = made(world, asked(world, **body))
    assert export["state"] == "ready", export
    return export


@pytest.fixture(autouse=True)
def house_keys() -> None:
    """Those on disk, whatever ring another test has left in this process: `wangge audit` reads them anew."""
    crypto.ensure_keys()


def content(answer: Answer) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def taken(world: World, export: dict[str, Any], folder: Path) -> Path:
    """The file and its signature, as a browser saves them side by side."""
    api = api_as(world["auditor"])
    statement = api.get(f"/api/exports/{export['id']}/signature").content
    path = folder / str(json.loads(statement)["name"])
    path.write_bytes(content(api.get(f"/api/exports/{export['id']}/file")))
    path.with_name(path.name + ".sig").write_bytes(statement)
    return path


def verify(*arguments: str) -> str:
    out = io.StringIO()
    call_command("audit", "verify", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_an_export_holds_what_was_chosen_and_is_itself_on_the_journal(world: World, tmp_path: Path) -> None:
    write(world, "case.accept", "c1", town.GRID)
    write(world, "reporter.revealed", "c1", town.GRID)
    write(world, "reporter.revealed", "c2", town.OTHER_DISTRICT)
    export = ask(world, chosen={"kind": "reporter."})
    assert (export["done"], export["is_cut"], export["is_signed"]) == (1, False, True)
    mark, _, *lines = taken(world, export, tmp_path).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 and "reporter.revealed" in lines[0] and "钱街道" in lines[0]
    assert world["auditor"].user.name in mark
    entries = JournalEntry.objects.filter(subject_id=export["id"]).order_by("id")
    assert [entry.kind for entry in entries] == ["journal.exported", "export.ended", "export.fetched"]
    assert entries[0].actor_user == world["auditor"].user.pk and entries[0].data["filters"] == {"kind": "reporter."}
    assert entries[1].data["sha256"] == export["sha256"]


def test_anybody_with_the_public_key_can_check_it(world: World, tmp_path: Path) -> None:
    write(world, "case.accept", "c1", town.GRID)
    path = taken(world, ask(world), tmp_path)
    assert "文件与签名一致" in verify(str(path))
    key = api_as(world["auditor"]).get("/api/journal/signing-key").json()
    assert key["fingerprint"] == signing.fingerprint(signing.read_public_pem(key["pem"].encode()))
    (tmp_path / "house.pem").write_text(key["pem"])
    assert key["fingerprint"] in verify(str(path), "--key", str(tmp_path / "house.pem"))


@pytest.mark.parametrize("part", ["file", "statement", "key", "nonsense"])
def test_a_change_anywhere_is_found(world: World, tmp_path: Path, part: str) -> None:
    write(world, "case.accept", "c1", town.GRID)
    path = taken(world, ask(world), tmp_path)
    beside = path.with_name(path.name + ".sig")
    statement = json.loads(beside.read_text())
    if part == "file":
        path.write_bytes(path.read_bytes().replace(b"case.accept", b"case.refuse"))
    elif part == "statement":
        beside.write_text(json.dumps(statement | {"asked_by": "别人"}))
    elif part == "key":
        beside.write_text(json.dumps(statement | {"public_key": statement["sha256"][:44]}))
    else:
        beside.write_text("[]")
    with pytest.raises(SystemExit):
        verify(str(path))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError):
        verify(str(tmp_path / "nothing.csv"))


def test_a_sheet_keeps_numbers_as_numbers_and_runs_nothing(world: World, tmp_path: Path) -> None:
    write(world, "=cmd|calc", "c1", town.GRID)
    path = taken(world, ask(world, format="xlsx", chosen={"kind": "=cmd|calc"}), tmp_path)
    sheet = load_workbook(path).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert isinstance(rows[2][0], int) and rows[2][2] == "'=cmd|calc"
    assert "文件与签名一致" in verify(str(path))


def test_an_entry_on_its_way_while_one_asks_is_never_in_it(world: World, tmp_path: Path) -> None:
    """It has its number already, and a lower one than what was committed; the file claims what was there when asked."""
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with acting(world["street_seat"].actor):
                entry(world, "case.slow", "c", town.GRID)
                written.set()
                go_on.wait(20)
        finally:
            connection.close()

    other = threading.Thread(target=slow)
    other.start()
    assert written.wait(20)
    write(world, "case.quick", "c", town.GRID)
    export = asked(world, chosen={"kind": "case."})
    go_on.set()
    other.join()
    write(world, "case.later", "c", town.GRID)
    lines = taken(world, made(world, export), tmp_path).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in lines[2:]] == ["case.quick"]


def test_a_long_one_is_read_page_by_page(world: World, monkeypatch: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(exports, "PAGE", 2)
    for number in range(5):
        write(world, f"case.n{number}", "c", town.GRID)
    lines = taken(world, ask(world, chosen={"kind": "case."}), tmp_path).read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in lines[2:]] == [f"case.n{number}" for number in (4, 3, 2, 1, 0)]


def test_what_a_file_cannot_hold_is_said(world: World, monkeypatch: Any) -> None:
    monkeypatch.setitem(exports.MOST_ROWS, Export.Format.CSV, 3)
    for number in range(5):
        write(world, f"case.n{number}", "c", town.GRID)
    export = ask(world, chosen={"kind": "case."})
    statement = api_as(world["auditor"]).get(f"/api/exports/{export['id']}/signature").json()
    assert (export["done"], export["is_cut"], statement["is_cut"], statement["rows"]) == (3, True, True, 3)


def test_one_that_fails_stands_in_nobodys_way(world: World) -> None:
    write(world, "case.accept", "c1", town.GRID)
    broken, whole = asked(world), asked(world)
    with acting(SYSTEM):
        Export.objects.filter(pk=broken["id"]).update(asked_sealed=b"nothing that opens")
    assert made(world, whole)["state"] == "ready" and made(world, broken)["state"] == "failed"


def test_after_a_restore_it_is_asked_for_again(world: World, monkeypatch: Any) -> None:
    export = asked(world)
    monkeypatch.setattr(exports, "_now", lambda: ("3:3:", 0))
    failed = made(world, export)
    assert failed["state"] == "failed" and failed["problem"] == exports.Restored.zh


def test_files_end_and_what_was_signed_stays(world: World) -> None:
    write(world, "case.accept", "c1", town.GRID)
    export, api = ask(world), api_as(world["auditor"])
    with acting(SYSTEM):
        expire_old(at=clock.now() + timedelta(days=8), limit=100)
        expire_old(at=clock.now() + timedelta(days=80), limit=100)
    assert api.get(f"/api/exports/{export['id']}/file").status_code == 409
    assert api.get(f"/api/exports/{export['id']}/signature").json()["sha256"] == export["sha256"]


def test_an_export_is_its_askers_own_and_asked_for_once(world: World) -> None:
    export = ask(world)
    other = api_as(world.stranger("auditor"))
    assert other.get(f"/api/exports/{export['id']}/signature").status_code == 404
    assert other.get("/api/exports").json()["items"] == []
    body, key = {"format": "csv", "title": "操作记录"}, str(uuid.uuid4())
    api = api_as(world["auditor"])
    one, same = (api.post("/api/exports/journal", body, **{"Idempotency-Key": key}).json()["id"] for _ in "12")
    assert one == same


def test_it_is_made_in_no_other_format(world: World) -> None:
    given = {"format": "pdf", "title": "操作记录"}
    assert api_as(world["auditor"]).post("/api/exports/journal", given).status_code == 422
