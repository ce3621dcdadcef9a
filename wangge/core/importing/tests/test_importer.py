"""A whole import without a database: file → mapping → check → apply, with an importer as the rooms write them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wangge.core.actor import Actor
from wangge.core.ids import new_id
from wangge.core.importing import importer as registry
from wangge.core.importing.faults import Fault, FaultKind
from wangge.core.importing.fields import Field, FieldType
from wangge.core.importing.importer import Counts, ImportContext, StagedRow, UnknownKind, importer_for, register
from wangge.core.importing.mapping import Mapped, guess_mapping
from wangge.core.importing.readers import open_table

TWICE = FaultKind("divisions.twice", "编码 {code} 出现了两次。", "Code {code} appears twice.")


class Divisions:
    kind = "test-divisions"
    zh = "区划"
    en = "Divisions"
    permission = "grid.edit"
    takes_geometry = False
    fields = (
        Field(name="code", zh="编码", en="Code", type=FieldType.CODE, required=True),
        Field(name="name", zh="名称", en="Name", required=True),
    )

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def check(self, rows: Iterable[Mapped], context: ImportContext) -> Iterator[Fault]:
        seen: set[str] = set()
        for row in rows:
            code = row.values["code"]
            if code in seen:
                yield TWICE(row=row.number, subject=code, code=code)
            seen.add(code)

    def apply(self, rows: Iterable[StagedRow], context: ImportContext, batch_id: object) -> Counts:
        new = {row.values["code"]: row.values["name"] for row in rows}
        self.kept |= new
        return Counts(created=len(new))


@pytest.fixture
def divisions(monkeypatch: pytest.MonkeyPatch) -> Divisions:
    monkeypatch.setattr(registry, "_importers", {})
    importer = Divisions()
    register(importer)
    return importer


def test_a_file_goes_all_the_way(tmp_path: Path, divisions: Divisions) -> None:
    path = tmp_path / "divisions.csv"
    path.write_bytes(
        "编码,名称\n320104001001,考棚社区\n320104001001,又一个\n,无码\n320104001002,止马营社区\n".encode("gb18030")
    )
    importer = importer_for("test-divisions")
    table = open_table(path)
    mapping = guess_mapping(table.columns, importer.fields)
    assert mapping.faults(importer.fields, table.columns) == []
    context = ImportContext(by=Actor.system("test"), at=datetime(2026, 5, 1, tzinfo=UTC), options={})
    rows = list(mapping.apply(table.rows(), importer.fields))
    found = [fault for row in rows for fault in row.faults] + list(importer.check(rows, context))
    assert [(fault.row, fault.code, fault.subject) for fault in found] == [
        (4, "cell.required", ""),
        (3, "divisions.twice", "320104001001"),
    ]
    bad = {fault.row for fault in found}
    staged = [StagedRow(row.number, row.values, row.geometry) for row in rows if row.number not in bad]
    assert importer.apply(staged, context, new_id()) == Counts(created=2)
    assert divisions.kept == {"320104001001": "考棚社区", "320104001002": "止马营社区"}


def test_two_importers_of_one_kind_are_a_mistake(divisions: Divisions) -> None:
    class Other(Divisions):
        pass

    with pytest.raises(ValueError, match="two importers"):
        register(Other())
    register(Divisions())  # the same one again, as a reload does


def test_a_kind_nobody_imports_is_answered_with_those_there_are(divisions: Divisions) -> None:
    with pytest.raises(UnknownKind) as raised:
        importer_for("moons")
    assert "test-divisions" in raised.value.message("zh")
