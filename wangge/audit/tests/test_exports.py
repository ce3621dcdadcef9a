"""Exports of the journal: what was asked for, signed, checked by anybody who holds the public key."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from openpyxl import load_workbook

from wangge.audit import exports, signing, tasks
from wangge.audit.models import JournalExport
from wangge.audit.tests.test_journal import write
from wangge.core import clock, crypto
from wangge.core.actor import Actor, acting
from wangge.core.models import JournalEntry
from wangge.testing import town
from wangge.testing.client import Answer, api_as
from wangge.testing.world import World


@pytest.fixture(autouse=True)
def own_files(tmp_path: Path) -> Any:
    with override_settings(FILES=tmp_path / "files"):
        yield


def ask(world: World, **body: Any) -> dict[str, Any]:
    answer = api_as(world["auditor"]).post("/api/journal/exports", {"form": "csv", **body})
    assert answer.status_code == 201, answer.content.decode()
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(autouse=True)
def house_keys() -> None:
    """Those on disk, whatever ring another test has left in this process: `wangge audit` reads them anew."""
    crypto.ensure_keys()


def content(answer: Answer) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def taken(world: World, export: dict[str, Any], folder: Path) -> Path:
    """The file and its signature, as a browser saves them side by side."""
    api = api_as(world["auditor"])
    path = folder / str(export["name"])
    path.write_bytes(content(api.get(f"/api/journal/exports/{export['id']}/file")))
    statement = api.get(f"/api/journal/exports/{export['id']}/signature").content
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
    export = ask(world, kind="reporter.")
    assert (export["state"], export["rows"], export["is_cut"]) == ("done", 1, False)
    lines = taken(world, export, tmp_path).read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 2 and "reporter.revealed" in lines[1] and "钱街道" in lines[1]
    entries = JournalEntry.objects.filter(subject_id=export["id"]).order_by("id")
    assert [entry.kind for entry in entries] == ["journal.exported", "journal.export_made"]
    assert entries[0].actor_user == world["auditor"].user.pk and entries[0].data["filters"] == {"kind": "reporter."}
    assert entries[1].data["sha256"] == export["sha256"]


def test_anybody_with_the_public_key_can_check_it(world: World, tmp_path: Path) -> None:
    write(world, "case.accept", "c1", town.GRID)
    path = taken(world, ask(world), tmp_path)
    assert "genuine" in verify(str(path))
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
    path = taken(world, ask(world, form="xlsx"), tmp_path)
    sheet = load_workbook(path).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert isinstance(rows[1][0], int) and rows[1][2] == "'=cmd|calc"
    assert "genuine" in verify(str(path))


def test_a_large_one_is_made_by_the_worker_without_what_came_later(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    monkeypatch.setattr(exports, "PAGE", 2)
    for number in range(5):
        write(world, f"case.n{number}", "c", town.GRID)
    export = ask(world, kind="case.")
    assert export["state"] == "running"
    api = api_as(world["auditor"])
    assert api.get(f"/api/journal/exports/{export['id']}/file").status_code == 409
    write(world, "case.later", "c", town.GRID)
    assert tasks.make_exports() and not tasks.make_exports()
    done = api.get(f"/api/journal/exports/{export['id']}").json()
    assert (done["state"], done["rows"]) == ("done", 5)
    assert api.get("/api/journal/exports").json()[0]["id"] == export["id"]


def test_what_a_file_cannot_hold_is_said(world: World, monkeypatch: Any) -> None:
    monkeypatch.setattr(exports, "MOST_ROWS", {"csv": 3, "xlsx": 3})
    for number in range(5):
        write(world, f"case.n{number}", "c", town.GRID)
    export = ask(world, kind="case.")
    assert (export["rows"], export["is_cut"], export["signature"]["is_cut"]) == (3, True, True)


def test_files_end_and_their_hashes_stay(world: World) -> None:
    write(world, "case.accept", "c1", town.GRID)
    export = ask(world)
    with acting(Actor.system("test")):
        exports.forget_old(at=clock.now() + timedelta(days=8))
    row = JournalExport.objects.get(pk=export["id"])
    assert row.removed_at is not None and row.sha256 == export["sha256"] and not exports.path_of(row).exists()
    assert api_as(world["auditor"]).get(f"/api/journal/exports/{export['id']}/file").status_code == 409


def test_an_export_is_its_askers_own(world: World) -> None:
    export = ask(world)
    other = api_as(world.stranger("auditor"))
    assert other.get(f"/api/journal/exports/{export['id']}").status_code == 404
    assert other.get("/api/journal/exports").json() == []
