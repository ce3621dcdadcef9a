"""No report, fault, download, table, journal or log of an import tells what stands in people's cells."""

import io
import logging
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from wangge.core.importing.importer import importer_for
from wangge.imports.tests.made import checked, csv_file, go
from wangge.registry.importers import ALL
from wangge.registry.tests.made import number
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

# As they stand in real cells, each in every column of a row: a name, days that were and that never were, numbers right
# and wrong, telephones, an address.
SECRETS = (
    "赛罕娜仁花",
    "1931-02-28",
    "1931-02-30",
    "1931.02.30",
    number(7),
    number(7)[:17] + ("0" if number(7)[17] != "0" else "1"),
    "19912345678",
    "1991234567890123",
    "nara@example.cn",
    "=赛罕娜仁花",
    "不知名路77号赛罕府",
)
TOLD = ("赛罕", "1931", number(7)[:14], "19912345", "nara@", "不知名路")


@pytest.fixture
def clerk(world: World) -> Api:
    return api_as(world["data_clerk"])


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path: Path) -> None:
    settings.FILES = tmp_path / "files"


@pytest.mark.parametrize("kind", [one.kind for one in ALL])
def test_no_trace_of_a_file_says_what_stands_in_a_cell(clerk: Api, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fields = [field for field in importer_for(kind).fields if field.name not in ("code", "lon", "lat")]
    head = ",".join(["网格编码", *(field.zh for field in fields)])
    rows = [",".join([town.GRID, *([secret] * len(fields))]) for secret in SECRETS for _ in range(2)]
    report = checked(clerk, kind, csv_file(head, *rows))
    path = f"/api/imports/{report['id']}"
    assert report["errors"] + report["warnings"] > 0
    traces = {"report": str(report), "batch": str(clerk.get(path).json())}
    for name in ("faults", "faults.csv", "faults.geojson", "sample"):
        answer = clerk.get(f"{path}/{name}")
        assert answer.status_code == 200
        traces[name] = str(answer.json()) if answer["Content-Type"].startswith("application/json") else _text(answer)
    with zipfile.ZipFile(io.BytesIO(_content(clerk.get(f"{path}/faults.xlsx")))) as archive:
        traces["faults.xlsx"] = "".join(archive.read(one).decode(errors="replace") for one in archive.namelist())
    if report["errors"] < report["rows_total"]:
        go(clerk, report, "stage", skip_faulty=True)
        go(clerk, report, "apply")
    traces |= {"tables": _held("imports\\_%"), "journal": _held("core\\_journal%"), "log": caplog.text}
    found = {(name, told) for name, text in traces.items() for told in TOLD if told in text}
    assert not found


def _content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def _text(answer: Any) -> str:
    return _content(answer).decode()


def _held(tables: str) -> str:
    """What stands in tables of this name, in clear."""
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where tablename like %s", [tables])
        names = [row[0] for row in cursor.fetchall()]
        assert names
        held = ""
        for name in names:
            cursor.execute(f'select * from "{name}"')
            held += str(
                [[cell for cell in row if not isinstance(cell, bytes | memoryview)] for row in cursor.fetchall()]
            )
    return held
